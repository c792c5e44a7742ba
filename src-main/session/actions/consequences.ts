// What a deletion will do beyond the objects themselves, told from owners, claims, finalizers and nodes as they are now.
import type { Consequence, ObjectAction, ObjectName } from '../../contract/object-action.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../engine/kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { podClaimKeys } from '../../engine/kinds/core/pod-claims.ts';
import type { ApiObject } from '../../engine/meta/object.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';

type Deletion = Extract<ObjectAction, { do: 'delete' }>;

/** In the order in which a person wants to read them: what is grave first. */
export function consequences(cluster: Cluster, action: Deletion, names: readonly ObjectName[]): readonly Consequence[] {
  const objects = names.flatMap(({ kind, key }) => {
    const object = cluster.store.get(kind, key);
    return object === undefined ? [] : [{ kind, key, object }];
  });
  const of = <T extends ApiObject>(wanted: string): readonly T[] =>
    objects.filter(({ kind }) => kind === wanted).map(({ object }) => object as T);
  const all = [
    ...ofPods(cluster, action, of<Pod>('Pod')),
    ...ofClaims(cluster, of<PersistentVolumeClaim>('PersistentVolumeClaim')),
    ...ofVolumes(of<PersistentVolume>('PersistentVolume')),
    ...ofNodes(cluster, of<Node>('Node')),
    ...ofNamespaces(cluster, of('Namespace')),
    ...ofOwned(cluster, action, objects.map(({ object }) => object)), // biome-ignore format: one line an answer
    ...ofFinalizers(objects.map(({ object }) => object)),
  ];
  return [...all.filter(({ grave }) => grave), ...all.filter(({ grave }) => !grave)];
}

/** Nothing when it is about nothing. */
function counted(what: Consequence['what'], count: number, grave = false, values: Consequence['values'] = {}): readonly Consequence[] {
  return count === 0 ? [] : [{ what, grave, values: { count, ...values } }];
}

function ofPods(cluster: Cluster, action: Deletion, pods: readonly Pod[]): readonly Consequence[] {
  const running = pods.filter(
    ({ spec, status }) => (spec.nodeName ?? '') !== '' && status.phase !== 'Succeeded' && status.phase !== 'Failed',
  );
  const seconds = action.gracePeriodSeconds ?? Math.max(0, ...running.map(({ spec }) => spec.terminationGracePeriodSeconds ?? 30));
  const forced = action.gracePeriodSeconds === 0;
  const lost = forced ? [] : running.filter(({ spec }) => nodeIsLost(cluster, spec.nodeName ?? ''));
  const managed = pods.filter((pod) => ownerLives(cluster, pod));
  return [
    ...(forced ? counted('forced', running.length, true) : counted('grace', running.length - lost.length, false, { seconds })),
    ...counted('lost-node', lost.length, true),
    ...counted('replaced', managed.length),
    ...counted('not-replaced', pods.length - managed.length, true),
  ];
}

function nodeIsLost(cluster: Cluster, name: string): boolean {
  const node = cluster.store.get('Node', name) as Node | undefined;
  return node?.status.conditions?.find(({ type }) => type === 'Ready')?.status === 'Unknown';
}

function ownerLives(cluster: Cluster, object: ApiObject): boolean {
  const owner = controllerOf(object);
  if (owner === undefined) return false;
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  const { namespace } = object.metadata;
  const found = cluster.store.get(`${owner.kind}${group}`, namespace === undefined ? owner.name : `${namespace}/${owner.name}`);
  return found !== undefined && found.metadata.uid === owner.uid && found.metadata.deletionTimestamp === undefined;
}

function ofClaims(cluster: Cluster, claims: readonly PersistentVolumeClaim[]): readonly Consequence[] {
  if (claims.length === 0) return [];
  const keys = new Set(claims.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const used = new Set<string>();
  const users: string[] = [];
  for (const pod of cluster.store.table('Pod').values() as Iterable<Pod>) {
    if (pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') continue;
    for (const key of podClaimKeys(pod)) {
      if (!keys.has(key)) continue;
      used.add(key);
      users.push(pod.metadata.name);
    }
  }
  const volumes = claims.flatMap(({ spec }) => (cluster.store.get('PersistentVolume', spec.volumeName ?? '') as PersistentVolume) ?? []);
  const deleted = volumes.filter(({ spec }) => spec.persistentVolumeReclaimPolicy === 'Delete');
  return [
    ...counted('volume-deleted', deleted.length, true),
    ...counted('volume-released', volumes.length - deleted.length),
    ...counted('claim-in-use', used.size, false, { pods: users.slice(0, 3).join(', ') }),
  ];
}

function ofVolumes(volumes: readonly PersistentVolume[]): readonly Consequence[] {
  return counted('volume-in-use', volumes.filter(({ status }) => status.phase === 'Bound').length);
}

function ofNodes(cluster: Cluster, nodes: readonly Node[]): readonly Consequence[] {
  if (nodes.length === 0) return [];
  const names = new Set(nodes.map(({ metadata }) => metadata.name));
  let pods = 0;
  for (const pod of cluster.store.table('Pod').values() as Iterable<Pod>) if (names.has(pod.spec.nodeName ?? '')) pods += 1;
  return counted('node-pods', pods, true);
}

function ofNamespaces(cluster: Cluster, namespaces: readonly ApiObject[]): readonly Consequence[] {
  if (namespaces.length === 0) return [];
  const names = new Set(namespaces.map(({ metadata }) => metadata.name));
  let count = 0;
  for (const kind of cluster.store.kinds())
    for (const object of cluster.store.table(kind).values()) if (names.has(object.metadata.namespace ?? '')) count += 1;
  return counted('namespace', count, true);
}

const CASCADES = { Background: 'dependents-after', Foreground: 'dependents-before', Orphan: 'dependents-orphaned' } as const;

/** With all that these own in turn; orphans are only what is owned at first hand. */
function ofOwned(cluster: Cluster, action: Deletion, objects: readonly ApiObject[]): readonly Consequence[] {
  const owners = objects
    .filter(({ kind }) => kind !== 'Pod' && kind !== 'Namespace' && kind !== 'Node')
    .map(({ metadata }) => metadata.uid);
  if (owners.length === 0) return [];
  const owned = new Map<string, string[]>();
  for (const kind of cluster.store.kinds()) {
    if (kind === 'Event') continue;
    for (const { metadata } of cluster.store.table(kind).values())
      for (const { uid } of metadata.ownerReferences ?? []) {
        const list = owned.get(uid);
        if (list === undefined) owned.set(uid, [metadata.uid]);
        else list.push(metadata.uid);
      }
  }
  const found = new Set<string>();
  const waiting = [...owners];
  for (let uid = waiting.pop(); uid !== undefined; uid = waiting.pop())
    for (const dependent of owned.get(uid) ?? []) {
      if (found.has(dependent)) continue;
      found.add(dependent);
      if (action.cascade !== 'Orphan') waiting.push(dependent);
    }
  return counted(CASCADES[action.cascade], found.size, action.cascade !== 'Orphan');
}

/** The protections of claims and volumes are told in their own words. */
function ofFinalizers(objects: readonly ApiObject[]): readonly Consequence[] {
  const names = new Set<string>();
  let count = 0;
  for (const { metadata } of objects) {
    const others = (metadata.finalizers ?? []).filter((name) => !name.startsWith('kubernetes.io/pv') && name !== 'kubernetes');
    if (others.length > 0) count += 1;
    for (const name of others) names.add(name);
  }
  return counted('finalizers', count, false, { names: [...names].join(', ') });
}
