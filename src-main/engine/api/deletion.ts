// What a delete call does to an object before it is gone: grace period, finalizers, propagation. upstream: apiserver pkg/registry/rest/delete.go, generic/registry/store.go
import { formatTimestamp, parseTimestamp } from '../base/timestamp.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ApiObject, ObjectMeta } from '../meta/object.ts';

export interface DeletionRequest {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

/** Finalizers of a namespace's spec hold it as metadata's do. */
function specFinalizers(object: ApiObject): readonly string[] {
  if (object.kind !== 'Namespace') return [];
  return (object as ApiObject & { readonly spec?: { readonly finalizers?: readonly string[] } }).spec?.finalizers ?? [];
}

/** May an object whose deletion has begun be removed now? */
export function removable(object: ApiObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  return (
    deletionTimestamp !== undefined &&
    (deletionGracePeriodSeconds ?? 0) === 0 &&
    (finalizers ?? []).length === 0 &&
    specFinalizers(object).length === 0
  );
}

function withPropagation(finalizers: readonly string[], policy: DeletionRequest['propagationPolicy']): readonly string[] {
  if (policy === undefined) return finalizers;
  const kept = finalizers.filter((finalizer) => finalizer !== FOREGROUND && finalizer !== ORPHAN);
  const wanted = policy === 'Foreground' ? FOREGROUND : policy === 'Orphan' ? ORPHAN : null;
  if (wanted === null) return kept.length === finalizers.length ? finalizers : kept;
  return finalizers.includes(wanted) && kept.length === finalizers.length - 1 ? finalizers : [...kept, wanted];
}

/** The object as the delete call leaves it: unchanged reference when nothing changes, null when it goes at once. */
export function beginDeletion<T extends ApiObject>(kind: Kind<T>, object: T, request: DeletionRequest, unixMs: number): T | null {
  const { metadata } = object;
  const seconds = kind.gracePeriodSeconds?.(object, request.gracePeriodSeconds) ?? 0;
  const finalizers = withPropagation(metadata.finalizers ?? [], request.propagationPolicy);
  let next: ObjectMeta = metadata;
  if (finalizers !== (metadata.finalizers ?? finalizers)) next = { ...next, finalizers };
  else if (metadata.finalizers === undefined && finalizers.length > 0) next = { ...next, finalizers };
  if (metadata.deletionTimestamp === undefined)
    next = { ...next, deletionTimestamp: formatTimestamp(unixMs + seconds * 1000), deletionGracePeriodSeconds: seconds };
  else if (seconds < (metadata.deletionGracePeriodSeconds ?? 0)) next = shortened(next, seconds, unixMs);
  const marked = next === metadata ? object : { ...object, metadata: next };
  return removable(marked) ? null : marked;
}

/** A second call may only shorten the grace period; it counts from when the first one was made. */
function shortened(metadata: ObjectMeta, seconds: number, unixMs: number): ObjectMeta {
  const until = parseTimestamp(metadata.deletionTimestamp ?? '') ?? unixMs;
  const begun = until - (metadata.deletionGracePeriodSeconds ?? 0) * 1000;
  const due = seconds === 0 ? unixMs : begun + seconds * 1000;
  return { ...metadata, deletionTimestamp: formatTimestamp(due), deletionGracePeriodSeconds: seconds };
}
