// What an object stands in relation to, both ways: what it points to, and what points to it. Looked for when somebody looks.
import type { ObjectDetail } from '../contract/bridge.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { PersistentVolume } from '../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import { podClaimKeys } from '../engine/kinds/core/pod-claims.ts';
import type { Service } from '../engine/kinds/core/service.ts';
import type { StorageClass } from '../engine/kinds/storage/storage-class.ts';
import type { VolumeAttachment } from '../engine/kinds/storage/volume-attachment.ts';
import { selectorForMap } from '../engine/meta/label-selector.ts';
import { type ApiObject, keyOf } from '../engine/meta/object.ts';

export type Related = ObjectDetail['related'][number];
type Around = (cluster: Cluster, object: never) => readonly Related[];

const ATTACHMENT = 'VolumeAttachment.storage.k8s.io';
const STORAGE_CLASS = 'StorageClass.storage.k8s.io';

const around: Readonly<Record<string, Around>> = {
  Pod: aroundPod as Around,
  Node: aroundNode as Around,
  Service: aroundService as Around,
  PersistentVolumeClaim: aroundClaim as Around,
  PersistentVolume: aroundVolume as Around,
  [ATTACHMENT]: aroundAttachment as Around,
  [STORAGE_CLASS]: aroundClass as Around,
  ConfigMap: ((cluster: Cluster, { metadata }: ApiObject) =>
    podsWhere(
      cluster,
      'mountedBy',
      (pod) => pod.metadata.namespace === metadata.namespace && volumesOf(pod, 'ConfigMap').includes(metadata.name),
    )) as Around,
  Secret: ((cluster: Cluster, { metadata }: ApiObject) =>
    podsWhere(
      cluster,
      'mountedBy',
      (pod) => pod.metadata.namespace === metadata.namespace && volumesOf(pod, 'Secret').includes(metadata.name),
    )) as Around,
  ServiceAccount: ((cluster: Cluster, { metadata }: ApiObject) =>
    podsWhere(
      cluster,
      'usedBy',
      ({ metadata: { namespace }, spec }) => namespace === metadata.namespace && spec.serviceAccountName === metadata.name,
    )) as Around,
};

export function relatedTo(cluster: Cluster, kindName: string, object: ApiObject): readonly Related[] {
  const { uid } = object.metadata;
  const related: Related[] = (object.metadata.ownerReferences ?? []).map((owner) => ({
    relation: 'owner',
    kind: kindOfReference(owner.apiVersion, owner.kind),
    key: inNamespaceOf(object, owner.name),
  }));
  for (const kind of cluster.store.kinds()) {
    if (kind === 'Event') continue;
    for (const [key, other] of cluster.store.table(kind))
      if (other.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true) related.push({ relation: 'owned', kind, key });
  }
  return [...related, ...(around[kindName]?.(cluster, object as never) ?? [])];
}

function kindOfReference(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
}

function inNamespaceOf({ metadata: { namespace } }: ApiObject, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function aroundPod(cluster: Cluster, pod: Pod): readonly Related[] {
  const related: Related[] = [];
  const { nodeName = '', serviceAccountName = '' } = pod.spec;
  if (nodeName !== '') related.push({ relation: 'node', kind: 'Node', key: nodeName });
  for (const key of podClaimKeys(pod)) related.push({ relation: 'claim', kind: 'PersistentVolumeClaim', key });
  for (const kind of ['ConfigMap', 'Secret'] as const)
    for (const name of volumesOf(pod, kind)) related.push({ relation: 'mounts', kind, key: inNamespaceOf(pod, name) });
  for (const [key, service] of cluster.store.table('Service') as ReadonlyMap<string, Service>)
    if (selects(service, pod)) related.push({ relation: 'service', kind: 'Service', key });
  if (serviceAccountName !== '') related.push({ relation: 'uses', kind: 'ServiceAccount', key: inNamespaceOf(pod, serviceAccountName) });
  return related;
}

function volumesOf({ spec }: Pod, kind: 'ConfigMap' | 'Secret'): readonly string[] {
  return (spec.volumes ?? []).flatMap(({ configMap, secret, projected }) =>
    kind === 'ConfigMap'
      ? [configMap?.name ?? [], (projected?.sources ?? []).flatMap((source) => source.configMap?.name ?? [])].flat()
      : [secret?.secretName ?? [], (projected?.sources ?? []).flatMap((source) => source.secret?.name ?? [])].flat(),
  );
}

function selects({ metadata, spec: { selector } }: Service, pod: Pod): boolean {
  if (metadata.namespace !== pod.metadata.namespace || selector === undefined || Object.keys(selector).length === 0) return false;
  return selectorForMap(selector)(pod.metadata.labels);
}

function podsWhere(cluster: Cluster, relation: string, wanted: (pod: Pod) => boolean): readonly Related[] {
  const related: Related[] = [];
  for (const [key, pod] of cluster.store.table('Pod')) if (wanted(pod as Pod)) related.push({ relation, kind: 'Pod', key });
  return related;
}

function attachmentsWhere(cluster: Cluster, wanted: (attachment: VolumeAttachment) => boolean): readonly VolumeAttachment[] {
  return ([...cluster.store.table(ATTACHMENT).values()] as VolumeAttachment[]).filter(wanted);
}

function asRelated({ metadata }: VolumeAttachment): Related {
  return { relation: 'attachment', kind: ATTACHMENT, key: metadata.name };
}

function aroundNode(cluster: Cluster, { metadata: { name } }: ApiObject): readonly Related[] {
  const attachments = attachmentsWhere(cluster, ({ spec }) => spec.nodeName === name);
  return [
    ...podsWhere(cluster, 'pod', (pod) => pod.spec.nodeName === name),
    ...attachments.flatMap(volumeOf),
    ...attachments.map(asRelated),
  ];
}

function volumeOf({ spec }: VolumeAttachment): readonly Related[] {
  const { persistentVolumeName = '' } = spec.source;
  return persistentVolumeName === '' ? [] : [{ relation: 'volume', kind: 'PersistentVolume', key: persistentVolumeName }];
}

function aroundAttachment(_cluster: Cluster, attachment: VolumeAttachment): readonly Related[] {
  return [...volumeOf(attachment), { relation: 'attachedTo', kind: 'Node', key: attachment.spec.nodeName }];
}

function aroundService(cluster: Cluster, service: Service): readonly Related[] {
  return podsWhere(cluster, 'pod', (pod) => selects(service, pod));
}

function aroundClaim(cluster: Cluster, claim: PersistentVolumeClaim): readonly Related[] {
  const { namespace, name } = claim.metadata;
  return [
    ...named('volume', 'PersistentVolume', claim.spec.volumeName),
    ...named('class', STORAGE_CLASS, claim.spec.storageClassName),
    ...podsWhere(cluster, 'pod', (pod) => podClaimKeys(pod).includes(`${namespace}/${name}`)),
  ];
}

function aroundVolume(cluster: Cluster, { metadata, spec: { claimRef, storageClassName } }: PersistentVolume): readonly Related[] {
  const attachments = attachmentsWhere(cluster, ({ spec }) => spec.source.persistentVolumeName === metadata.name);
  const claim =
    claimRef?.name === undefined ? undefined : keyOf({ metadata: { name: claimRef.name, namespace: claimRef.namespace ?? '' } });
  return [
    ...named('claim', 'PersistentVolumeClaim', claim),
    ...named('class', STORAGE_CLASS, storageClassName),
    ...(claim === undefined ? [] : podsWhere(cluster, 'pod', (pod) => podClaimKeys(pod).includes(claim))),
    ...attachments.map(({ spec }) => ({ relation: 'attachedTo', kind: 'Node', key: spec.nodeName })),
    ...attachments.map(asRelated),
  ];
}

function aroundClass(cluster: Cluster, { metadata: { name } }: StorageClass): readonly Related[] {
  const of = (kind: string, relation: string): readonly Related[] =>
    [...cluster.store.table(kind)]
      .filter(([, object]) => (object as PersistentVolumeClaim | PersistentVolume).spec.storageClassName === name)
      .map(([key]) => ({ relation, kind, key }));
  return [...of('PersistentVolumeClaim', 'claim'), ...of('PersistentVolume', 'volume')];
}

function named(relation: string, kind: string, key: string | undefined): readonly Related[] {
  return key === undefined || key === '' ? [] : [{ relation, kind, key }];
}
