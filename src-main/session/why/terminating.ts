// Why an object that was deleted is still there: who holds which finalizer, and for a pod the grace of its containers.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Namespace } from '../../engine/kinds/core/namespace.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../engine/kinds/core/pod-claims.ts';
import { claimProtectionFinalizer, volumeProtectionFinalizer } from '../../engine/kinds/core/volume-annotations.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';
import { settings } from '../settings.ts';
import { containersOf, nodeAnswers } from './kubelet-memory.ts';
import { momentOf } from './moment.ts';
import { line, type Question } from './question.ts';

const NAMES_MAX = 20;

export const terminating: Question = {
  name: 'terminating',
  answer: (cluster, kind, object) => {
    const { deletionTimestamp, finalizers = [] } = object.metadata;
    if (deletionTimestamp === undefined) return [];
    return [
      ...(kind === 'Pod' ? ofPod(cluster, object as Pod) : []),
      ...(kind === 'Namespace' ? ofNamespace(cluster, object as Namespace) : []),
      ...finalizers.map((finalizer) => heldBy(cluster, object, finalizer)),
    ];
  },
};

function ofPod(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  const node = pod.spec.nodeName ?? '';
  if (node === '') return [];
  const about = { kind: 'Node', key: node };
  const dueMs = momentOf(cluster, pod.metadata.deletionTimestamp);
  const lines: WhyLine[] = [];
  if (!nodeAnswers(cluster, node)) lines.push(line('nodeSilent', { node }, { about }));
  const grace = `${pod.metadata.deletionGracePeriodSeconds ?? 0} s`;
  const counted = { settings: { grace: settings.podGrace } };
  if (dueMs !== null && dueMs > cluster.timeline.nowMs) lines.push(line('grace', { grace }, { ...counted, dueMs }));
  else lines.push(line('graceOver', { grace, overAtMs: dueMs ?? 0 }, counted));
  const running = containersOf(cluster, pod).filter(({ state }) => state.process !== null);
  if (running.length > 0) lines.push(line('stillRuns', { count: running.length }, { names: running.map(({ spec }) => spec.name) }));
  return lines;
}

function ofNamespace(cluster: Cluster, { metadata, spec }: Namespace): readonly WhyLine[] {
  const lines: WhyLine[] = [];
  for (const kind of cluster.store.kinds()) {
    if (kind === 'Event') continue;
    const left = [...cluster.store.table(kind).values()].filter((object) => object.metadata.namespace === metadata.name);
    if (left.length > 0) lines.push(line('contains', { kind: kind.split('.')[0] ?? kind, count: left.length }, { names: namesOf(left) }));
  }
  return spec?.finalizers?.includes('kubernetes') === true ? [line('namespaceController'), ...lines] : lines;
}

function heldBy(cluster: Cluster, object: ApiObject, finalizer: string): WhyLine {
  const values = { finalizer };
  if (finalizer === claimProtectionFinalizer) {
    const users = podsWhere(cluster, (pod) => podClaimKeys(pod).includes(keyOf(object)));
    return line('claimInUse', { ...values, count: users.length }, { names: namesOf(users), about: aboutFirst('Pod', users) });
  }
  if (finalizer === volumeProtectionFinalizer) {
    const claim = (object as PersistentVolume).spec.claimRef;
    const key = `${claim?.namespace ?? ''}/${claim?.name ?? ''}`;
    return line('volumeBound', { ...values, claim: key }, { about: claim === undefined ? null : { kind: 'PersistentVolumeClaim', key } });
  }
  if (finalizer.startsWith('external-attacher/')) return line('attached', values);
  if (finalizer === 'foregroundDeletion') {
    const dependents = dependentsOf(cluster, object.metadata.uid);
    return line('dependents', { ...values, count: dependents.length }, { names: namesOf(dependents) });
  }
  return line('nobody', values);
}

function dependentsOf(cluster: Cluster, uid: string): readonly ApiObject[] {
  return cluster.store
    .kinds()
    .flatMap((kind) => [...cluster.store.table(kind).values()])
    .filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true) === true);
}

function podsWhere(cluster: Cluster, wanted: (pod: Pod) => boolean): readonly Pod[] {
  return ([...cluster.store.table('Pod').values()] as Pod[]).filter(wanted);
}

function aboutFirst(kind: string, [first]: readonly ApiObject[]): WhyLine['about'] {
  return first === undefined ? null : { kind, key: keyOf(first) };
}

function namesOf(objects: readonly ApiObject[]): readonly string[] {
  return objects.slice(0, NAMES_MAX).map(({ metadata }) => metadata.name);
}
