// Marks the pods of a node that is not ready as not ready themselves, so that traffic leaves them.
// upstream: pkg/controller/util/node/controller_utils.go MarkPodsNotReady
import type { Steps } from '../../base/in-one-go.ts';
import type { Client, EventRecorder } from '../../client/component.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { findCondition, updatePodCondition } from '../../meta/conditions.ts';
import { keyOf } from '../../meta/object.ts';
import { isNotFound } from '../../meta/status-error.ts';

interface Writers {
  readonly client: Client;
  readonly events: EventRecorder;
  readonly time: { timestamp(): string };
}

/** A pod that is gone is skipped; any other refusal is thrown. */
export function* markPodsNotReady({ client, events, time }: Writers, pods: Iterable<Pod>): Steps {
  for (const pod of [...pods]) {
    yield;
    if ((findCondition(pod.status.conditions, 'Ready')?.status ?? 'False') === 'False') continue;
    try {
      client.patchStatus(podKind, keyOf(pod), (current) => notReady(current, time.timestamp()));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      continue;
    }
    events.record(pod, 'Warning', 'NodeNotReady', 'Node is not ready');
  }
}

function notReady(pod: Pod, now: string): Pod {
  const conditions = pod.status.conditions ?? [];
  const ready = findCondition(conditions, 'Ready');
  if (ready === undefined) return pod;
  const next = updatePodCondition(conditions as never, { ...ready, status: 'False' } as never, now) as typeof conditions;
  return next === conditions ? pod : { ...pod, status: { ...pod.status, conditions: next } };
}
