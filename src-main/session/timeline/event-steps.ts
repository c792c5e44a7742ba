// What components say in Events; each repetition is a step of its own, because each was a moment.
import type { Delta } from '../../engine/api/store.ts';
import type { Event } from '../../engine/kinds/core/event.ts';
import { countOf } from '../../engine/kinds/core/event-sighting.ts';
import { kindKey, splitApiVersion } from '../../engine/kinds/kind.ts';
import { NO_STEPS, NO_VALUES, type StepDraft } from './step-draft.ts';

export function eventSteps({ type, object, previous }: Delta): readonly StepDraft[] {
  if (type === 'DELETED') return NO_STEPS;
  const { involvedObject, reason = '', message = '', type: severity } = object as Event;
  if (previous !== null && countOf(previous as Event) === countOf(object as Event)) return NO_STEPS;
  const { kind = '', name = '', namespace = '', apiVersion = 'v1' } = involvedObject;
  return [
    {
      lane: 'events',
      tone: severity === 'Warning' ? 'bad' : 'plain',
      what: whatOf(reason, message),
      kind: apiVersion === 'v1' ? kind : kindKey({ kind, group: splitApiVersion(apiVersion).group }),
      key: namespace === '' || kind === 'Node' ? name : `${namespace}/${name}`,
      values: message === '' ? NO_VALUES : { message },
    },
  ];
}

/** One reason with two meanings. upstream: taint_eviction.go emitCancelPodDeletionEvent */
function whatOf(reason: string, message: string): string {
  return reason === 'TaintManagerEviction' && message.startsWith('Cancelling ') ? 'event.TaintManagerCancelled' : `event.${reason}`;
}
