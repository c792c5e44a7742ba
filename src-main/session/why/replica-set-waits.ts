// Why a ReplicaSet or ReplicationController has not all its pods Ready: how many there are, and what refuses the others.
import type { WhyLine } from '../../contract/why.ts';
import type { ReplicaSet } from '../../engine/kinds/apps/replica-set.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

const KINDS: ReadonlySet<string> = new Set(['ReplicaSet.apps', 'ReplicationController']);

export const replicaSetWaits: Question = {
  name: 'replicaSetWaits',
  answer: (_cluster, kind, object) => {
    if (!KINDS.has(kind)) return [];
    const { spec, status } = object as ReplicaSet;
    const { replicas: desired = 1, minReadySeconds = 0 } = spec;
    const { replicas: there = 0, readyReplicas: ready = 0, availableReplicas: available = 0 } = status ?? {};
    if (there === desired && available === desired) return [];
    const lines = [
      line('counts', { desired, there, ready }, { settings: { desired: settings.replicas } }),
      ...refused(object as ReplicaSet),
    ];
    if (minReadySeconds > 0 && ready > available)
      lines.push(
        line('notLongEnough', { count: ready - available, seconds: `${minReadySeconds} s` }, { settings: { seconds: settings.minReady } }),
      );
    return lines;
  },
};

/** A quota or an admission plugin said no to a pod. */
function refused({ status }: ReplicaSet): readonly WhyLine[] {
  const failure = findCondition(status?.conditions, 'ReplicaFailure');
  return failure?.status === 'True' ? [line('refused', { reason: failure.reason ?? '', message: failure.message ?? '' })] : [];
}
