// Why a StatefulSet does not go on: the one pod that all others wait for, and the promise that nothing takes its place while it may still run.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { isPodAvailable } from '../../engine/controllers/pod-state.ts';
import { ordinalOf, podNameOf, revisionOfPod, startOrdinal, wantedReplicas } from '../../engine/controllers/stateful-set/identity.ts';
import { isRunningAndReady, isTerminating } from '../../engine/controllers/stateful-set/status.ts';
import type { StatefulSet } from '../../engine/kinds/apps/stateful-set.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { keyOf } from '../../engine/meta/object.ts';
import { isControlledBy } from '../../engine/meta/owner-references.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

export const statefulSetWaits: Question = {
  name: 'statefulSetWaits',
  answer: (cluster, kind, object) => {
    if (kind !== 'StatefulSet.apps') return [];
    const set = object as StatefulSet;
    const { readyReplicas: ready = 0, updatedReplicas: updated = 0, replicas: there } = set.status;
    const desired = wantedReplicas(set);
    if (ready === desired && there === desired && updated === desired) return [];
    const pods = ([...cluster.store.table('Pod').values()] as Pod[])
      .filter((pod) => isControlledBy(pod, set))
      .toSorted((a, b) => ordinalOf(a) - ordinalOf(b));
    const counts = line('counts', { desired, ready, updated }, { settings: { desired: settings.replicas } });
    const [blocker] = blockers(cluster, set, pods);
    const rest = update(set, pods);
    return [counts, ...(blocker === undefined ? missing(set, pods) : waitsFor(cluster, set, blocker, rest.length > 0)), ...rest];
  },
};

/** The pods that may hold the others up, the lowest ordinal first. */
function blockers({ timeline }: Cluster, { spec }: StatefulSet, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(
    (pod) => isTerminating(pod) || !isRunningAndReady(pod) || !isPodAvailable(pod, spec.minReadySeconds ?? 0, timeline.unixMs),
  );
}

function waitsFor(cluster: Cluster, { spec }: StatefulSet, pod: Pod, updates: boolean): readonly WhyLine[] {
  const { name } = pod.metadata;
  const about = { kind: 'Pod', key: keyOf(pod) };
  if (isTerminating(pod)) {
    const node = pod.spec.nodeName ?? '';
    const lines = [line('terminating', { pod: name }, { about })];
    return nodeIsLost(cluster, node) ? [...lines, line('atMostOne', { pod: name, node }, { about: { kind: 'Node', key: node } })] : lines;
  }
  const policy = spec.podManagementPolicy ?? 'OrderedReady';
  if (isRunningAndReady(pod)) return [line('notLongEnough', { pod: name, seconds: `${spec.minReadySeconds ?? 0} s` }, { about })];
  const says = policy !== 'Parallel' ? 'unreadyInOrder' : updates ? 'unready' : 'unreadyAlone';
  return [line(says, { pod: name, policy }, { about, settings: { policy: settings.podManagement } })];
}

/** All that are there are well: then it is the next one's turn. */
function missing(set: StatefulSet, pods: readonly Pod[]): readonly WhyLine[] {
  const there = new Set(pods.map(ordinalOf));
  for (let ordinal = startOrdinal(set); ordinal < startOrdinal(set) + wantedReplicas(set); ordinal += 1)
    if (!there.has(ordinal)) return [line('next', { pod: podNameOf(set, ordinal) })];
  return [];
}

function update({ spec, status }: StatefulSet, pods: readonly Pod[]): readonly WhyLine[] {
  const old = pods.filter((pod) => revisionOfPod(pod) !== status.updateRevision);
  if (old.length === 0) return [];
  const names = old.map(({ metadata }) => metadata.name);
  if (spec.updateStrategy?.type === 'OnDelete') return [line('onDelete', { count: old.length }, { names })];
  const partition = spec.updateStrategy?.rollingUpdate?.partition ?? 0;
  if (partition > 0) return [line('partition', { partition }, { names, settings: { partition: settings.partition } })];
  return [line('oneByOne', { count: old.length }, { names })];
}

function nodeIsLost({ store }: Cluster, name: string): boolean {
  const node = store.get('Node', name) as Node | undefined;
  return node === undefined || findCondition(node.status.conditions, 'Ready')?.status !== 'True';
}
