// What the inspector shows of one object: read from the store when somebody looks.
import { stringify } from 'yaml';
import type { ObjectDetail } from '../contract/bridge.ts';
import { parseTimestamp } from '../engine/base/timestamp.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { PersistentVolume } from '../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import type { Service } from '../engine/kinds/core/service.ts';
import type { VolumeAttachment } from '../engine/kinds/storage/volume-attachment.ts';
import { selectorForMap } from '../engine/meta/label-selector.ts';
import { type ApiObject, keyOf } from '../engine/meta/object.ts';
import { eventsAbout } from './object-events.ts';
import { type LifeWays, livesOf } from './object-lives.ts';
import { whyOf } from './why/registry.ts';

type Related = ObjectDetail['related'][number];
interface ConditionLike {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string | null;
}

const RELATED_MAX = 200;
const EVENTS_MAX = 100;

export function objectDetail(cluster: Cluster, kindName: string, key: string, ways?: LifeWays): ObjectDetail {
  const kind = cluster.kinds.byKey(kindName);
  const stored = kind === undefined ? undefined : cluster.server.find(kind, key);
  if (kind === undefined || stored === undefined) throw new Error(`There is no ${kindName} "${key}" (any more).`);
  const object = cluster.look(stored);
  const { epochMs, unixMs } = cluster.timeline;
  const since = (timestamp: string | null | undefined): number => (parseTimestamp(timestamp ?? '') ?? epochMs) - epochMs;
  const conditions = ((object as { status?: { conditions?: readonly ConditionLike[] } }).status?.conditions ?? []).map((condition) => ({
    type: condition.type,
    status: condition.status,
    reason: condition.reason ?? '',
    message: condition.message ?? '',
    sinceMs: since(condition.lastTransitionTime),
  }));
  return {
    kind: kindName,
    apiVersion: object.apiVersion,
    namespace: object.metadata.namespace ?? '',
    name: object.metadata.name,
    simulated: kind.simulated,
    summary: kind.columns.map((column) => ({ label: column.name, value: String(column.value(object, unixMs)) })),
    conditions,
    events: eventsOf(cluster, object, since),
    containers: kindName === 'Pod' ? containersOf(object as Pod) : [],
    related: relatedTo(cluster, kindName, object).slice(0, RELATED_MAX),
    lives: livesOf(cluster, kindName, object, ways),
    why: whyOf(cluster, kindName, stored),
    yaml: stringify(withoutOwners(object), { lineWidth: 0, aliasDuplicateObjects: false }),
  };
}

function containersOf({ spec }: Pod): readonly string[] {
  return [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name);
}

/** As `kubectl get -o yaml` shows it: who owns which field is long, and told elsewhere. */
function withoutOwners(object: ApiObject): ApiObject {
  const { managedFields: _owners, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function eventsOf(cluster: Cluster, object: ApiObject, since: (timestamp: string | undefined) => number): ObjectDetail['events'] {
  const found: ObjectDetail['events'][number][] = [];
  for (const event of eventsAbout(cluster.store, object)) {
    found.push({
      type: event.type ?? 'Normal',
      reason: event.reason ?? '',
      message: event.message ?? '',
      count: event.count ?? 1,
      lastMs: since(event.lastTimestamp ?? event.metadata.creationTimestamp),
      source: event.source?.component ?? '',
    });
  }
  return found.sort((a, b) => b.lastMs - a.lastMs).slice(0, EVENTS_MAX);
}

function kindOfReference(apiVersion: string, kind: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}`;
}

/** Both ways: what it points to, and what points to it. */
function relatedTo(cluster: Cluster, kindName: string, object: ApiObject): readonly Related[] {
  const { namespace, uid } = object.metadata;
  const local = (name: string): string => (namespace === undefined ? name : `${namespace}/${name}`);
  const related: Related[] = (object.metadata.ownerReferences ?? []).map((owner) => ({
    relation: 'owner',
    kind: kindOfReference(owner.apiVersion, owner.kind),
    key: local(owner.name),
  }));
  for (const kind of cluster.store.kinds()) {
    if (kind === 'Event') continue;
    for (const [key, other] of cluster.store.table(kind))
      if (other.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true) related.push({ relation: 'owned', kind, key });
  }
  if (kindName === 'Pod') related.push(...aroundPod(cluster, object as Pod, local));
  else if (kindName === 'Node') related.push(...aroundNode(cluster, object.metadata.name));
  else if (kindName === 'Service') related.push(...aroundService(cluster, object as Service));
  else if (kindName === 'PersistentVolumeClaim') related.push(...aroundClaim(cluster, object as PersistentVolumeClaim));
  else if (kindName === 'PersistentVolume') related.push(...aroundVolume(cluster, object as PersistentVolume));
  return related;
}

function aroundPod(cluster: Cluster, pod: Pod, local: (name: string) => string): readonly Related[] {
  const related: Related[] = [];
  if ((pod.spec.nodeName ?? '') !== '') related.push({ relation: 'node', kind: 'Node', key: pod.spec.nodeName ?? '' });
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim !== undefined)
      related.push({ relation: 'claim', kind: 'PersistentVolumeClaim', key: local(volume.persistentVolumeClaim.claimName) });
    if (volume.configMap?.name !== undefined) related.push({ relation: 'mounts', kind: 'ConfigMap', key: local(volume.configMap.name) });
    if (volume.secret?.secretName !== undefined) related.push({ relation: 'mounts', kind: 'Secret', key: local(volume.secret.secretName) });
  }
  for (const [key, service] of cluster.store.table('Service') as ReadonlyMap<string, Service>) {
    const { selector } = service.spec;
    if (
      service.metadata.namespace === pod.metadata.namespace &&
      selector !== undefined &&
      Object.keys(selector).length > 0 &&
      selectorForMap(selector)(pod.metadata.labels)
    )
      related.push({ relation: 'service', kind: 'Service', key });
  }
  return related;
}

function podsWhere(cluster: Cluster, wanted: (pod: Pod) => boolean): readonly Related[] {
  const related: Related[] = [];
  for (const [key, pod] of cluster.store.table('Pod')) if (wanted(pod as Pod)) related.push({ relation: 'pod', kind: 'Pod', key });
  return related;
}

function attachmentsWhere(cluster: Cluster, wanted: (attachment: VolumeAttachment) => boolean): readonly Related[] {
  const kind = 'VolumeAttachment.storage.k8s.io';
  const related: Related[] = [];
  for (const [key, attachment] of cluster.store.table(kind))
    if (wanted(attachment as VolumeAttachment)) related.push({ relation: 'attachment', kind, key });
  return related;
}

function aroundNode(cluster: Cluster, name: string): readonly Related[] {
  return [
    ...podsWhere(cluster, (pod) => pod.spec.nodeName === name),
    ...attachmentsWhere(cluster, (attachment) => attachment.spec.nodeName === name),
  ];
}

function aroundService(cluster: Cluster, service: Service): readonly Related[] {
  const { selector } = service.spec;
  if (selector === undefined || Object.keys(selector).length === 0) return [];
  const matches = selectorForMap(selector);
  return podsWhere(cluster, (pod) => pod.metadata.namespace === service.metadata.namespace && matches(pod.metadata.labels));
}

function aroundClaim(cluster: Cluster, claim: PersistentVolumeClaim): readonly Related[] {
  const { namespace, name } = claim.metadata;
  const related: Related[] = [];
  if ((claim.spec.volumeName ?? '') !== '')
    related.push({ relation: 'volume', kind: 'PersistentVolume', key: claim.spec.volumeName ?? '' });
  if ((claim.spec.storageClassName ?? '') !== '')
    related.push({ relation: 'class', kind: 'StorageClass.storage.k8s.io', key: claim.spec.storageClassName ?? '' });
  const mounts = (pod: Pod): boolean =>
    pod.metadata.namespace === namespace && (pod.spec.volumes ?? []).some((volume) => volume.persistentVolumeClaim?.claimName === name);
  return [...related, ...podsWhere(cluster, mounts)];
}

function aroundVolume(cluster: Cluster, volume: PersistentVolume): readonly Related[] {
  const { claimRef, storageClassName } = volume.spec;
  const related: Related[] = [];
  if (claimRef?.name !== undefined)
    related.push({
      relation: 'claim',
      kind: 'PersistentVolumeClaim',
      key: keyOf({ metadata: { name: claimRef.name, namespace: claimRef.namespace ?? '' } }),
    });
  if ((storageClassName ?? '') !== '')
    related.push({ relation: 'class', kind: 'StorageClass.storage.k8s.io', key: storageClassName ?? '' });
  return [...related, ...attachmentsWhere(cluster, (attachment) => attachment.spec.source.persistentVolumeName === volume.metadata.name)];
}
