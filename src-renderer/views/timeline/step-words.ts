/**
 * A step in one plain sentence, in the language of the window.
 * What has no sentence of its own is said in the cluster's own words.
 */
import type { StepRecord } from '../../../src-main/contract/timeline.ts';
import { language, t } from '../../stores/language.svelte.ts';
import { shortKind } from '../../stores/spoken-time.ts';

export function stepSentence({ what, kind, key, values }: StepRecord): string {
  const failure = values['failure'];
  const words = {
    ...values,
    kind: shortKind(kind),
    name: key === '' ? '…' : key.slice(key.indexOf('/') + 1),
    ...(failure === undefined ? {} : { failureName: t(`failure.${failure}`) }),
  };
  return language.textOr(`step.${what}`, String(values['message'] ?? what), words);
}

/** What made the actor act. */
export function triggerWords(trigger: string): string {
  const [owner = '', name = ''] = trigger.split(' ');
  if (name === 'queue/run' || name === 'queue/done') return t('trigger.queue');
  if (owner === 'watch') return t('trigger.watch');
  return language.textOr(`trigger.${trigger}`, trigger);
}

/** Selecting makes sense for objects of the cluster alone. */
export function refOf({ kind, key }: StepRecord): { readonly kind: string; readonly key: string } | null {
  return kind === '' || kind === 'Zone' || key === '' ? null : { kind, key };
}
