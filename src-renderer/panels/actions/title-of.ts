/**
 * How a dialog names what it is about: one object by kind and name, several by their number.
 */
import { t } from '../../stores/language.svelte.ts';
import type { ObjectRef } from '../../stores/selection-store.svelte.ts';
import { shortKind } from '../../stores/spoken-time.ts';

export function titleOf(refs: readonly ObjectRef[]): string {
  const [first] = refs;
  if (!first) return '';
  if (refs.length === 1) return `${shortKind(first.kind)} ${first.key}`;
  const oneKind = refs.every(({ kind }) => kind === first.kind);
  return oneKind ? t('deed.ofKind', { count: refs.length, kind: shortKind(first.kind) }) : t('deed.objects', { count: refs.length });
}
