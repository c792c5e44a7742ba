// A failure in force with its target as a person calls it: the facts it struck have keys of their own.
import type { FailureRecord } from '../../contract/view.ts';
import type { LoggedCommand } from '../../engine/cluster.ts';
import type { ActiveFailure } from '../../engine/failures/failures.ts';
import { failureKinds } from '../../engine/failures/registry.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';

interface Tables {
  table(kind: string): ReadonlyMap<string, ApiObject>;
}

/** `known` is the record as it was: what it struck may be gone since, and keeps its name. `log`: what was done to the world. */
export function failureRecord(
  store: Tables,
  active: ActiveFailure,
  known: FailureRecord | undefined,
  log: readonly LoggedCommand[],
): FailureRecord {
  if (known !== undefined) return known;
  const { id, failure, target, sinceMs } = active;
  const kind = failureKinds.find(({ name }) => name === failure)?.target;
  if (kind !== 'container' && kind !== 'disk') return { id, failure, target, sinceMs };
  const named = kind === 'container' ? containerName(store, target) : volumeName(store, target);
  return { id, failure, target: named ?? commandedTarget(active, log) ?? target, sinceMs };
}

/** As the person called it who applied it; of several such failures of one moment it is not known which. */
function commandedTarget({ failure, sinceMs }: ActiveFailure, log: readonly LoggedCommand[]): string | undefined {
  const targets = new Set<string>();
  for (const { atMs, command } of log)
    if (atMs === sinceMs && command.type === 'fail' && command.failure === failure) targets.add(command.target);
  const [only] = targets;
  return targets.size === 1 ? only : undefined;
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
