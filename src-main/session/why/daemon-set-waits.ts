// Why a DaemonSet is not on all its nodes, or not of its newest template: the nodes that lack a ready pod, and the limit that binds the update.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { holdsTemplate } from '../../engine/controllers/controller-revision/revisions.ts';
import { isPodUpdated } from '../../engine/controllers/daemon-set/daemon-pod.ts';
import { hashOf } from '../../engine/controllers/daemon-set/history.ts';
import { updateLimits } from '../../engine/controllers/daemon-set/limits.ts';
import { placementOn } from '../../engine/controllers/daemon-set/placement.ts';
import { type PodsOnNodes, podsOnNodes } from '../../engine/controllers/daemon-set/pods-on-nodes.ts';
import { isPodReady } from '../../engine/controllers/pod-state.ts';
import type { ControllerRevision } from '../../engine/kinds/apps/controller-revision.ts';
import { type DaemonSet, templateGenerationOf } from '../../engine/kinds/apps/daemon-set.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { keyOf } from '../../engine/meta/object.ts';
import { isControlledBy } from '../../engine/meta/owner-references.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

const NAMES_MAX = 20;

export const daemonSetWaits: Question = {
  name: 'daemonSetWaits',
  answer: (cluster, kind, object) => {
    if (kind !== 'DaemonSet.apps') return [];
    const set = object as DaemonSet;
    const { desiredNumberScheduled: desired, numberReady: ready, updatedNumberScheduled: updated = 0 } = set.status;
    if (ready === desired && updated === desired) return [];
    const onNodes = podsOnNodes(([...cluster.store.table('Pod').values()] as Pod[]).filter((pod) => isControlledBy(pod, set)));
    const nodes = ([...cluster.store.table('Node').values()] as Node[]).filter((node) => placementOn(node, set).run);
    return [line('counts', { desired, ready, updated }), ...lacking(nodes, onNodes), ...update(cluster, set, desired, onNodes)];
  },
};

function lacking(nodes: readonly Node[], onNodes: PodsOnNodes): readonly WhyLine[] {
  const names = nodes.map(({ metadata }) => metadata.name);
  const without = names.filter((name) => onNodes.get(name) === undefined);
  const unready = names.filter((name) => onNodes.get(name)?.some(isPodReady) === false);
  const [first] = unready;
  const pod = first === undefined ? undefined : onNodes.get(first)?.[0];
  const about = pod === undefined ? {} : { about: { kind: 'Pod', key: keyOf(pod) } };
  return [
    ...(without.length > 0 ? [line('without', { count: without.length }, { names: without.slice(0, NAMES_MAX) })] : []),
    ...(unready.length > 0 ? [line('unready', { count: unready.length }, { names: unready.slice(0, NAMES_MAX), ...about })] : []),
  ];
}

function update({ store }: Cluster, set: DaemonSet, desired: number, onNodes: PodsOnNodes): readonly WhyLine[] {
  const revisions = [...store.table('ControllerRevision.apps').values()] as ControllerRevision[];
  const current = revisions.find((revision) => isControlledBy(revision, set) && holdsTemplate(revision, set.spec.template));
  const hash = current === undefined ? '' : hashOf(current);
  const generation = templateGenerationOf(set);
  const old = [...onNodes].filter(([, pods]) => pods.some((pod) => !isPodUpdated(pod, hash, generation))).map(([node]) => node);
  if (old.length === 0) return [];
  const names = old.slice(0, NAMES_MAX);
  if (set.spec.updateStrategy?.type === 'OnDelete') return [line('onDelete', { count: old.length }, { names })];
  const { maxSurge, maxUnavailable } = updateLimits(set, desired);
  return maxSurge > 0
    ? [line('surge', { surge: maxSurge }, { names, settings: { surge: settings.daemonSurge } })]
    : [line('oneByOne', { unavailable: maxUnavailable }, { names, settings: { unavailable: settings.daemonUnavailable } })];
}
