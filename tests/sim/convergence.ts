// What must be true when everything is healed, nobody does anything more and time has passed: the world is as its objects ask.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Deployment } from '../../src-main/engine/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../src-main/engine/kinds/apps/replica-set.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../src-main/engine/kinds/core/pod-claims.ts';
import type { PodSpec } from '../../src-main/engine/kinds/core/pod-spec.ts';
import type { ReplicationController } from '../../src-main/engine/kinds/core/replication-controller.ts';
import type { RuntimeClass } from '../../src-main/engine/kinds/node/runtime-class.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import { copyFaults } from './copy-convergence.ts';
import { definitionFaults } from './definition-convergence.ts';
import { jobFaults } from './job-convergence.ts';
import { UNSTEADY } from './pods.ts';
import { policyFaults } from './policy-convergence.ts';
import { reachFaults } from './reach-convergence.ts';
import { isHopeless, nodesFor } from './room.ts';
import { serviceFaults } from './service-convergence.ts';
import { setFaults } from './set-convergence.ts';
import { storageFaults } from './storage-convergence.ts';

export const tableOf = <T>(cluster: Cluster, kind: string): readonly T[] => [...cluster.store.table(kind).values()] as unknown as T[];

export function convergenceFaults(cluster: Cluster): readonly string[] {
  return [
    ...tableOf<Node>(cluster, 'Node').flatMap(nodeFaults),
    ...tableOf<Deployment>(cluster, 'Deployment.apps').flatMap((object) => deploymentFaults(cluster, object)),
    ...[...tableOf<ReplicaSet>(cluster, 'ReplicaSet.apps'), ...tableOf<ReplicationController>(cluster, 'ReplicationController')].flatMap(
      (object) => replicaFaults(cluster, object),
    ),
    ...tableOf<Pod>(cluster, 'Pod').flatMap((object) => podFaults(cluster, object)),
    ...serviceFaults(cluster),
    ...reachFaults(cluster),
    ...storageFaults(cluster),
    ...setFaults(cluster, ({ metadata, spec: { template } }) =>
      cannotBeReady(cluster, metadata.namespace, template.metadata, template.spec as PodSpec),
    ),
    ...jobFaults(cluster),
    ...policyFaults(cluster),
    ...copyFaults(cluster),
    ...definitionFaults(cluster),
    ...ownerFaults(cluster),
    ...goingFaults(cluster),
  ];
}

export const isReady = (pod: Pod): boolean =>
  pod.status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true;
export const isOver = ({ status }: Pod): boolean => status.phase === 'Succeeded' || status.phase === 'Failed';

/** Pods of a workload. */
export function podsOf(cluster: Cluster, uid: string): readonly Pod[] {
  return tableOf<Pod>(cluster, 'Pod').filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid) === true);
}

function deploymentFaults(cluster: Cluster, { metadata, spec, status }: Deployment): readonly string[] {
  const name = `deployment ${metadata.name}`;
  const sets = tableOf<ReplicaSet>(cluster, 'ReplicaSet.apps').filter(
    (set) => set.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid) === true,
  );
  const faults: string[] = [];
  if (status.observedGeneration !== metadata.generation) faults.push(`${name} has not been looked at`);
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const pods = sets.flatMap((set) => podsOf(cluster, set.metadata.uid)).filter((pod) => !isOver(pod));
  if (replicas !== pods.length) faults.push(`${name} counts ${replicas} of ${pods.length} pods`);
  const wanted = spec.replicas ?? 1;
  const hopeless = cannotBeReady(cluster, metadata.namespace, spec.template.metadata, spec.template.spec as PodSpec);
  if (
    hopeless ||
    scalesForEver(wanted, spec.strategy?.type, sets) ||
    pods.some((pod) => !isReady(pod) && podFaults(cluster, pod).length === 0)
  )
    return faults;
  if ([replicas, readyReplicas, updatedReplicas, availableReplicas].some((count) => count !== wanted))
    faults.push(`${name} wants ${wanted}: ${JSON.stringify({ replicas, readyReplicas, updatedReplicas, availableReplicas })}`);
  const limit = spec.revisionHistoryLimit ?? 10;
  const old = sets.filter((set) => (set.spec.replicas ?? 1) === 0).length;
  if (old > limit + 1) faults.push(`${name} keeps ${old} old sets of ${limit}`);
  return faults;
}

/**
 * A Deployment that became Recreate in the middle of a rollout and was scaled meanwhile waits for ever: its sets still name the old size,
 * so that every look takes it for a scaling, which only rolling updates share out. upstream: deployment_controller.go isScalingEvent, sync.go scale
 */
function scalesForEver(wanted: number, strategy: string | undefined, sets: readonly ReplicaSet[]): boolean {
  const active = sets.filter((set) => (set.spec.replicas ?? 1) > 0);
  const stale = active.some(({ metadata }) => metadata.annotations?.['deployment.kubernetes.io/desired-replicas'] !== String(wanted));
  return strategy === 'Recreate' && active.length > 1 && stale;
}

function replicaFaults(cluster: Cluster, { kind, metadata, spec, status }: ReplicaSet | ReplicationController): readonly string[] {
  const name = `${kind} ${metadata.name}`;
  const pods = podsOf(cluster, metadata.uid);
  const lives = pods.filter((pod) => !isOver(pod) && pod.metadata.deletionTimestamp === undefined);
  const ready = lives.filter(isReady).length;
  const faults: string[] = [];
  if (lives.length !== (spec.replicas ?? 1)) faults.push(`${name} has ${lives.length} pods of ${spec.replicas}`);
  if (status.observedGeneration !== metadata.generation) faults.push(`${name} has not been looked at`);
  if ((status.readyReplicas ?? 0) !== ready) faults.push(`${name} counts ${status.readyReplicas} ready pods of ${ready}`);
  return faults;
}

function nodeFaults({ metadata, spec, status }: Node): readonly string[] {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  // Pods that take more and more memory keep their node short of it.
  const lost = (spec.taints ?? []).filter(({ key }) => key.startsWith('node.kubernetes.io/') && !key.endsWith('-pressure'));
  return [
    ...(ready?.status === 'True' ? [] : [`node ${metadata.name} is not ready: ${ready?.status} ${ready?.reason}`]),
    ...lost.map(({ key, effect }) => `node ${metadata.name} keeps the taint ${key}:${effect}`),
  ];
}

/** A pod is ready, or over, or made to be neither, or there is no room for it. */
function podFaults(cluster: Cluster, pod: Pod): readonly string[] {
  const { metadata, spec, status } = pod;
  if (isReady(pod) || isOver(pod) || metadata.deletionTimestamp !== undefined) return [];
  if (hasEnded(pod) || cannotBeReady(cluster, metadata.namespace, metadata, spec)) return [];
  const conditions = status.conditions?.map(({ type, status: is, message }) => `${type} ${is} ${message ?? ''}`);
  const waiting = status.containerStatuses?.map(({ state }) => state?.waiting?.reason ?? '');
  const why = JSON.stringify([spec.nodeName, status.phase, conditions, waiting]);
  if ((spec.nodeName ?? '') !== '')
    return awaitsVolume(cluster, pod) || lacksRuntime(cluster, pod) ? [] : [`pod ${metadata.name} is not ready: ${why}`];
  const nodes = nodesFor(cluster, pod);
  return nodes.length === 0 ? [] : [`pod ${metadata.name} would fit on ${nodes}: ${why}`];
}

/** One of its containers is not started again. */
function hasEnded({ spec, status }: Pod): boolean {
  return spec.restartPolicy !== 'Always' && status.containerStatuses?.some(({ state }) => state?.terminated !== undefined) === true;
}

/** Its node cannot make the sandbox that it wants, or nobody says any more what that is. */
function lacksRuntime(cluster: Cluster, { spec }: Pod): boolean {
  if (spec.runtimeClassName === undefined) return false;
  const wanted = cluster.store.get('RuntimeClass.node.k8s.io', spec.runtimeClassName) as RuntimeClass | undefined;
  const node = cluster.store.get('Node', spec.nodeName ?? '') as Node | undefined;
  return wanted === undefined || node?.status.runtimeHandlers?.some(({ name }) => name === wanted.handler) !== true;
}

/** Another pod on another node has its disk. */
function awaitsVolume(cluster: Cluster, pod: Pod): boolean {
  const mine = podClaimKeys(pod);
  return tableOf<Pod>(cluster, 'Pod').some(
    (other) =>
      other.spec.nodeName !== pod.spec.nodeName &&
      (other.spec.nodeName ?? '') !== '' &&
      !isOver(other) &&
      podClaimKeys(other).some((key) => mine.includes(key)),
  );
}

/** Was it made so that its pods cannot all stay ready? */
function cannotBeReady(
  cluster: Cluster,
  namespace: string,
  metadata: { readonly annotations?: Readonly<Record<string, string>> } | undefined,
  { containers, volumes }: PodSpec,
): boolean {
  if (metadata?.annotations?.[UNSTEADY] !== undefined) return true;
  if (containers.some(({ image = '' }) => image.endsWith(':no-such'))) return true;
  return (volumes ?? []).some(({ persistentVolumeClaim }) => {
    if (persistentVolumeClaim === undefined) return false;
    const key = `${namespace}/${persistentVolumeClaim.claimName}`;
    const claim = cluster.store.get('PersistentVolumeClaim', key) as PersistentVolumeClaim | undefined;
    return claim === undefined || isHopeless(claim);
  });
}

/** Every owner that an object names is there, or the object goes. */
function ownerFaults(cluster: Cluster): readonly string[] {
  const all = cluster.store.kinds().flatMap((kind) => tableOf<ApiObject>(cluster, kind));
  const uids = new Set(all.map(({ metadata }) => metadata.uid));
  return all
    .filter(({ metadata: { ownerReferences = [] } }) => ownerReferences.length > 0 && ownerReferences.every(({ uid }) => !uids.has(uid)))
    .map(({ kind, metadata }) => `${kind} ${metadata.name} outlives its owner`);
}

/** What was told to go is gone: nobody holds anything any more. A claim goes after its last pod, a volume after its claim; copies have rules of their own. */
function goingFaults(cluster: Cluster): readonly string[] {
  const claimed = new Set(tableOf<Pod>(cluster, 'Pod').flatMap(podClaimKeys));
  const inUse = ({ kind, metadata, status }: ApiObject & { readonly status?: { readonly phase?: string } }): boolean => {
    if (kind === 'PersistentVolumeClaim') return claimed.has(`${metadata.namespace}/${metadata.name}`);
    return kind === 'VolumeSnapshotContent' || (kind === 'PersistentVolume' && status?.phase === 'Bound');
  };
  return cluster.store
    .kinds()
    .flatMap((kind) => tableOf<ApiObject>(cluster, kind))
    .filter((object) => object.metadata.deletionTimestamp !== undefined && !inUse(object))
    .map(({ kind, metadata }) => `${kind} ${metadata.name} is still being deleted: ${metadata.finalizers ?? ''}`);
}
