// The class of claims that name none: admission gives it to new claims, the volume binder to those that were there before.
// upstream: pkg/volume/util/storageclass.go GetDefaultClass
import { isDefaultClass, type StorageClass } from './storage-class.ts';

/** The newest of the classes marked default; by name where two are as old. */
export function defaultStorageClass(classes: Iterable<StorageClass>): StorageClass | undefined {
  let best: StorageClass | undefined;
  for (const candidate of classes) if (isDefaultClass(candidate) && (best === undefined || comesBefore(candidate, best))) best = candidate;
  return best;
}

function comesBefore(a: StorageClass, b: StorageClass): boolean {
  const [older, newer] = [b.metadata.creationTimestamp ?? '', a.metadata.creationTimestamp ?? ''];
  return newer === older ? a.metadata.name < b.metadata.name : newer > older;
}
