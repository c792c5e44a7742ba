// What no object of any kind may ever do: identity, time and generations only go one way, and nothing is written that says nothing new.
import type { Delta } from '../../src-main/engine/api/store.ts';
import { equal } from '../../src-main/engine/base/equal.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { ApiObject } from '../../src-main/engine/meta/object.ts';

/** A second delete call may ask for another way to go. upstream: deletionFinalizersForGarbageCollection */
const BY_DELETION = new Set(['orphan', 'foregroundDeletion']);

export function objectFaults(cluster: Cluster, { type, kind, object, previous, revision }: Delta): readonly string[] {
  const faults: string[] = [];
  const { metadata } = object;
  if (type !== 'DELETED' && metadata.resourceVersion !== String(revision)) faults.push('has a wrong resourceVersion');
  if (type === 'ADDED') faults.push(...birthFaults(cluster, object));
  if (type === 'MODIFIED' && previous !== null) faults.push(...stepFaults(object, previous));
  if (type === 'DELETED' && kind === 'Namespace') faults.push(...leftIn(cluster, metadata.name));
  return faults;
}

function birthFaults(cluster: Cluster, { metadata }: ApiObject): readonly string[] {
  const faults: string[] = [];
  if (metadata.deletionTimestamp !== undefined) faults.push('is born dying');
  if ((metadata.ownerReferences ?? []).filter(({ controller }) => controller === true).length > 1) faults.push('has two controllers');
  const { namespace } = metadata;
  const place = namespace === undefined ? undefined : cluster.store.get('Namespace', namespace);
  if (namespace !== undefined && place === undefined) faults.push(`was made in namespace ${namespace}, which is not there`);
  if (place?.metadata.deletionTimestamp !== undefined) faults.push(`was made in namespace ${namespace}, which goes away`);
  return faults;
}

function stepFaults(next: ApiObject, previous: ApiObject): readonly string[] {
  const faults: string[] = [];
  const [now, before] = [next.metadata, previous.metadata];
  if (now.uid !== before.uid) faults.push('became another object');
  if (now.creationTimestamp !== before.creationTimestamp) faults.push('has another time of birth');
  if ((now.generation ?? 0) < (before.generation ?? 0)) faults.push(`went back from generation ${before.generation} to ${now.generation}`);
  if (before.deletionTimestamp !== undefined) {
    if (now.deletionTimestamp === undefined) faults.push('is no longer being deleted');
    else if (now.deletionTimestamp > before.deletionTimestamp) faults.push('was given more time to go');
    const added = (now.finalizers ?? []).filter((name) => !(before.finalizers ?? []).includes(name) && !BY_DELETION.has(name));
    if (added.length > 0) faults.push(`got finalizers while being deleted: ${added}`);
  }
  if (equal({ ...now, resourceVersion: '' }, { ...before, resourceVersion: '' }) && sameBut(next, previous))
    faults.push('was written without a change');
  return faults;
}

/** Apart from metadata. */
function sameBut(next: ApiObject, previous: ApiObject): boolean {
  const { metadata: _now, ...rest } = next;
  const { metadata: _before, ...other } = previous;
  return equal(rest, other);
}

function leftIn(cluster: Cluster, name: string): readonly string[] {
  return cluster.store
    .kinds()
    .flatMap((kind) => [...cluster.store.table(kind).values()].filter(({ metadata }) => metadata.namespace === name))
    .map(({ kind, metadata }) => `went before its ${kind} ${metadata.name}`);
}
