/**
 * What is held, in words: one thing by its name, several by the first and how many more.
 * The card at the pointer and the heading of the foresight say it alike.
 */
import type { Held } from '../../stores/aim-store.svelte.ts';
import { t } from '../../stores/language.svelte.ts';

export function heldName({ key, others = [] }: Pick<Held, 'key' | 'others'>): string {
  return others.length === 0 ? key : t('group.nodes', { count: others.length + 1 });
}
