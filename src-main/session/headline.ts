// How an object is, in one or two sentences that a person reads first; the numbers below them are for those who want more.
import type { WhyLine } from '../contract/why.ts';
import type { Cluster } from '../engine/cluster.ts';
import { revisionOf } from '../engine/controllers/deployment/annotations.ts';
import { isPodTerminal } from '../engine/controllers/pod-state.ts';
import type { Deployment } from '../engine/kinds/apps/deployment.ts';
import type { Node } from '../engine/kinds/core/node.ts';
import type { PersistentVolume } from '../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import { podStatusColumn } from '../engine/kinds/core/pod-status.ts';
import type { Service } from '../engine/kinds/core/service.ts';
import { findCondition, isConditionTrue } from '../engine/meta/conditions.ts';
import { selectorForMap } from '../engine/meta/label-selector.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import { ZONE_LABEL } from './projection/node-record.ts';
import { momentOf } from './why/moment.ts';
import { line } from './why/question.ts';

type Reader = (cluster: Cluster, object: never) => readonly WhyLine[];

const readers: Readonly<Record<string, Reader>> = {
  Pod: (cluster, pod: Pod) => [ofPod(cluster, pod)],
  Node: ofNode as Reader,
  'Deployment.apps': ofDeployment as Reader,
  Service: ofService as Reader,
  PersistentVolumeClaim: (_cluster, claim: PersistentVolumeClaim) => [ofClaim(claim)],
  PersistentVolume: (_cluster, volume: PersistentVolume) => [ofVolume(volume)],
};

export function headlineOf(cluster: Cluster, kind: string, object: ApiObject): readonly WhyLine[] {
  return readers[kind]?.(cluster, object as never) ?? [];
}

function ofPod(cluster: Cluster, pod: Pod): WhyLine {
  const { metadata, spec, status } = pod;
  const node = spec.nodeName ?? '';
  const { phase = 'Pending' } = status;
  if (metadata.deletionTimestamp !== undefined) return line('podGoes', { node });
  if (phase === 'Succeeded' || phase === 'Failed') return line('podEnded', { phase, node });
  if (node === '') return line('podWaits');
  const silent = silentSince(cluster, node);
  if (silent !== undefined) return line('podSilent', { node, sinceAtMs: silent });
  if (phase !== 'Running') return line('podStarts', { node });
  const { ready: readyContainers, containers: all, restarts } = podStatusColumn(pod);
  const ready = findCondition(status.conditions, 'Ready');
  if (ready?.status === 'True')
    return line('podReady', { node, count: restarts, sinceAtMs: momentOf(cluster, ready.lastTransitionTime) ?? 0 });
  return line('podUnready', { node, count: restarts, ready: readyContainers, all });
}

/** Since when nobody has heard of this node. */
function silentSince(cluster: Cluster, name: string): number | undefined {
  const node = cluster.store.get('Node', name) as Node | undefined;
  const ready = findCondition(node?.status.conditions, 'Ready');
  return ready?.status === 'Unknown' ? (momentOf(cluster, ready.lastTransitionTime) ?? undefined) : undefined;
}

function ofNode(cluster: Cluster, { metadata, spec, status }: Node): readonly WhyLine[] {
  const { name, labels } = metadata;
  let count = 0;
  for (const pod of cluster.store.table('Pod').values()) if ((pod as Pod).spec.nodeName === name) count += 1;
  const zone = labels?.[ZONE_LABEL] ?? '–';
  const lines = [line(isConditionTrue(status.conditions, 'Ready') ? 'nodeReady' : 'nodeUnready', { count, zone })];
  return spec?.unschedulable === true ? [...lines, line('nodeCordoned')] : lines;
}

function ofDeployment(_cluster: Cluster, deployment: Deployment): readonly WhyLine[] {
  const { availableReplicas: available = 0, updatedReplicas: updated = 0 } = deployment.status ?? {};
  return [line('deployment', { available, updated, count: deployment.spec.replicas ?? 1, revision: revisionOf(deployment) })];
}

function ofService(cluster: Cluster, { metadata, spec }: Service): readonly WhyLine[] {
  const { selector, clusterIP = 'None' } = spec;
  if (selector === undefined || Object.keys(selector).length === 0) return [];
  const matches = selectorForMap(selector);
  let all = 0;
  let ready = 0;
  for (const pod of cluster.store.table('Pod').values() as Iterable<Pod>) {
    if (pod.metadata.namespace !== metadata.namespace || !matches(pod.metadata.labels) || isPodTerminal(pod)) continue;
    all += 1;
    if (isConditionTrue(pod.status.conditions, 'Ready') && pod.metadata.deletionTimestamp === undefined) ready += 1;
  }
  return [line('service', { count: ready, all, address: clusterIP })];
}

function ofClaim({ spec, status }: PersistentVolumeClaim): WhyLine {
  const volume = spec.volumeName ?? '';
  const asks = spec.resources?.requests?.['storage'] ?? '';
  if (status?.phase === 'Bound') return line('claimBound', { volume, size: status.capacity?.['storage'] ?? asks });
  return line(status?.phase === 'Lost' ? 'claimLost' : 'claimPending', { asks, volume });
}

function ofVolume({ spec, status }: PersistentVolume): WhyLine {
  const size = spec.capacity?.['storage'] ?? '';
  const claim = spec.claimRef === undefined ? '' : `${spec.claimRef.namespace}/${spec.claimRef.name}`;
  const policy = spec.persistentVolumeReclaimPolicy ?? 'Retain';
  if (status?.phase === 'Bound') return line('volumeBound', { size, claim, policy });
  return line(status?.phase === 'Released' ? 'volumeReleased' : 'volumeFree', { size, claim, policy, phase: status?.phase ?? 'Pending' });
}
