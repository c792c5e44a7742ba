// A failure in force with its target as a person calls it: the facts it struck have keys of their own.
import type { FailureRecord } from '../../contract/view.ts';
import type { ActiveFailure } from '../../engine/failures/failures.ts';
import { failureKinds } from '../../engine/failures/registry.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';

interface Tables {
  table(kind: string): ReadonlyMap<string, ApiObject>;
}

/** `known` is the record as it was: what it struck may be gone since, and keeps its name. */
export function failureRecord(
  store: Tables,
  { id, failure, target, sinceMs }: ActiveFailure,
  known: FailureRecord | undefined,
): FailureRecord {
  if (known !== undefined) return known;
  const kind = failureKinds.find(({ name }) => name === failure)?.target;
  const named = kind === 'container' ? containerName(store, target) : kind === 'disk' ? volumeName(store, target) : undefined;
  return { id, failure, target: named ?? target, sinceMs };
}

/** `namespace/pod/container` of the process `<uid>/<container>`. */
function containerName(store: Tables, process: string): string | undefined {
  const slash = process.indexOf('/');
  for (const pod of store.table('Pod').values())
    if (pod.metadata.uid === process.slice(0, slash)) return `${keyOf(pod)}${process.slice(slash)}`;
  return undefined;
}

function volumeName(store: Tables, volumeHandle: string): string | undefined {
  for (const volume of store.table('PersistentVolume').values())
    if ((volume as PersistentVolume).spec.csi?.volumeHandle === volumeHandle) return volume.metadata.name;
  return undefined;
}
