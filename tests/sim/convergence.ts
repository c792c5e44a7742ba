// What must be true when everything is healed, nobody does anything more and time has passed: the world is as its objects ask.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Deployment } from '../../src-main/engine/kinds/apps/deployment.ts';
import type { Node } from '../../src-main/engine/kinds/core/node.ts';
import type { PersistentVolumeClaim } from '../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { PodSpec } from '../../src-main/engine/kinds/core/pod-spec.ts';
import type { ReplicationController } from '../../src-main/engine/kinds/core/replication-controller.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';
import { parseImage } from '../../src-main/engine/runtime/image-catalogue.ts';

const table = <T>(cluster: Cluster, kind: string): readonly T[] => [...cluster.store.table(kind).values()] as unknown as T[];

const UNSTEADY = ['exit-after-seconds', 'image-missing', 'memory-growth-bytes-per-second'];

/** Was it made so that its pods cannot all stay ready? */
function cannotBeReady(
  cluster: Cluster,
  namespace: string,
  metadata: { annotations?: Readonly<Record<string, string>> } | undefined,
  spec: PodSpec,
): boolean {
  if (UNSTEADY.some((name) => metadata?.annotations?.[`orrery.dev/${name}`] !== undefined)) return true;
  if (
    spec.containers.some(({ image = '', command }) => parseImage(image).tag === 'no-such' || command?.join(' ').includes('exit') === true)
  )
    return true;
  // A probe that kills is less patient than this start-up is long.
  const slow = metadata?.annotations?.['orrery.dev/start-up-seconds'] !== undefined;
  if (slow && spec.containers.some(({ livenessProbe, startupProbe }) => livenessProbe !== undefined || startupProbe !== undefined))
    return true;
  return (spec.volumes ?? []).some(({ persistentVolumeClaim }) => {
    if (persistentVolumeClaim === undefined) return false;
    const claim = cluster.store.get('PersistentVolumeClaim', `${namespace}/${persistentVolumeClaim.claimName}`) as
      | PersistentVolumeClaim
      | undefined;
    return claim === undefined || claim.metadata.deletionTimestamp !== undefined || claim.status.phase === 'Lost';
  });
}

function deploymentFaults(cluster: Cluster, { metadata, spec, status }: Deployment): readonly string[] {
  const name = `deployment ${metadata.name}`;
  const faults: string[] = [];
  if (metadata.deletionTimestamp !== undefined) return [`${name} is still being deleted`];
  if (status.observedGeneration !== metadata.generation) faults.push(`${name} has not been looked at`);
  if (cannotBeReady(cluster, metadata.namespace, spec.template.metadata, spec.template.spec as PodSpec)) return faults;
  const { replicas = 0, readyReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const wanted = spec.replicas ?? 1;
  if ([replicas, readyReplicas, updatedReplicas, availableReplicas].some((count) => count !== wanted))
    faults.push(`${name} wants ${wanted}: ${JSON.stringify({ replicas, readyReplicas, updatedReplicas, availableReplicas })}`);
  return faults;
}

function controllerFaults(cluster: Cluster, { metadata, spec, status }: ReplicationController): readonly string[] {
  if (metadata.deletionTimestamp !== undefined) return [`controller ${metadata.name} is still being deleted`];
  if (cannotBeReady(cluster, metadata.namespace, spec.template?.metadata, spec.template?.spec as PodSpec)) return [];
  const ready = status.readyReplicas ?? 0;
  return ready === spec.replicas && status.replicas === spec.replicas
    ? []
    : [`controller ${metadata.name} wants ${spec.replicas}, ready ${ready} of ${status.replicas}`];
}

function nodeFaults({ metadata, spec, status }: Node): readonly string[] {
  const ready = status.conditions?.find(({ type }) => type === 'Ready');
  const lost = (spec.taints ?? []).filter(({ key }) => key.startsWith('node.kubernetes.io/'));
  return [
    ...(ready?.status === 'True' ? [] : [`node ${metadata.name} is not ready: ${ready?.status} ${ready?.reason}`]),
    ...lost.map(({ key, effect }) => `node ${metadata.name} keeps the taint ${key}:${effect}`),
  ];
}

function podFaults(cluster: Cluster, pod: Pod): readonly string[] {
  const { metadata, spec, status } = pod;
  const held = (metadata.finalizers ?? []).length > 0;
  if (metadata.deletionTimestamp !== undefined && !held) return [`pod ${metadata.name} is still being deleted`];
  if (held || status.phase === 'Succeeded' || status.phase === 'Failed' || cannotBeReady(cluster, metadata.namespace, metadata, spec))
    return [];
  const ready = status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True');
  const why = JSON.stringify([
    spec.nodeName,
    status.phase,
    status.conditions?.map(({ type, status: is, message }) => `${type} ${is} ${message ?? ''}`),
  ]);
  return ready === true ? [] : [`pod ${metadata.name} is not ready: ${why}`];
}

/** Every owner that an object names is there, or the object goes. */
function ownerFaults(cluster: Cluster): readonly string[] {
  const uids = new Set<string>();
  for (const kind of cluster.store.kinds()) for (const { metadata } of cluster.store.table(kind).values()) uids.add(metadata.uid);
  const orphaned = (object: ApiObject): boolean => {
    const owners = object.metadata.ownerReferences ?? [];
    return owners.length > 0 && owners.every(({ uid }) => !uids.has(uid)) && object.metadata.deletionTimestamp === undefined;
  };
  return cluster.store
    .kinds()
    .flatMap((kind) =>
      [...cluster.store.table(kind).values()].filter(orphaned).map(({ metadata }) => `${kind} ${metadata.name} outlives its owner`),
    );
}

export function convergenceFaults(cluster: Cluster): readonly string[] {
  return [
    ...table<Node>(cluster, 'Node').flatMap(nodeFaults),
    ...table<Deployment>(cluster, 'Deployment.apps').flatMap((object) => deploymentFaults(cluster, object)),
    ...table<ReplicationController>(cluster, 'ReplicationController').flatMap((object) => controllerFaults(cluster, object)),
    ...table<Pod>(cluster, 'Pod').flatMap((object) => podFaults(cluster, object)),
    ...ownerFaults(cluster),
  ];
}
