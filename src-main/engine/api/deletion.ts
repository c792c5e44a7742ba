// What a delete call does to an object before it is gone: grace period, finalizers, propagation. upstream: apiserver pkg/registry/rest/delete.go, generic/registry/store.go
import { formatTimestamp, parseTimestamp } from '../base/timestamp.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ApiObject, ObjectMeta } from '../meta/object.ts';
import { alreadyExists } from '../meta/status-error.ts';

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

/** Nothing may be where something is to be made; what is on its way out is there until it is gone. Throws StatusError. upstream: generic/registry/store.go Create */
export function requireFree({ group, plural }: Pick<Kind, 'group' | 'plural'>, known: ApiObject | undefined): void {
  if (known === undefined) return;
  throw alreadyExists({ group, resource: plural }, known.metadata.name, known.metadata.deletionTimestamp !== undefined);
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

/** What holds for a call that does not say; finalizers that are there already have said it. upstream: shouldOrphanDependents */
function defaultPolicy(kind: Pick<Kind, 'orphansDependents'>, finalizers: readonly string[]): DeletionRequest['propagationPolicy'] {
  const isSaid = finalizers.includes(FOREGROUND) || finalizers.includes(ORPHAN);
  return kind.orphansDependents === true && !isSaid ? 'Orphan' : undefined;
}

/** The object as the delete call leaves it: unchanged reference when nothing changes, null when it goes at once. */
export function beginDeletion<T extends ApiObject>(kind: Kind<T>, object: T, request: DeletionRequest, unixMs: number): T | null {
  const { metadata } = object;
  if (metadata.deletionTimestamp !== undefined && (metadata.deletionGracePeriodSeconds ?? 0) > 0)
    return hastened(object, metadata.deletionTimestamp, request.gracePeriodSeconds);
  const finalizers = withPropagation(
    metadata.finalizers ?? [],
    request.propagationPolicy ?? defaultPolicy(kind, metadata.finalizers ?? []),
  );
  let next: ObjectMeta = metadata;
  if (finalizers !== (metadata.finalizers ?? finalizers)) next = { ...next, finalizers };
  else if (metadata.finalizers === undefined && finalizers.length > 0) next = { ...next, finalizers };
  if (metadata.deletionTimestamp === undefined) {
    const seconds = kind.gracePeriodSeconds === undefined ? 0 : kind.gracePeriodSeconds(object, request.gracePeriodSeconds);
    next = { ...next, deletionTimestamp: formatTimestamp(unixMs + (seconds ?? 0) * 1000) };
    if (seconds !== null) next = { ...next, deletionGracePeriodSeconds: seconds };
  }
  const marked = next === metadata ? object : { ...object, metadata: next };
  return removable(marked) ? null : marked;
}

/** While the grace period runs, a call may shorten it and do nothing else; it counts from when the first call was made. upstream: rest.BeforeDelete */
function hastened<T extends ApiObject>(object: T, deletionTimestamp: string, requested: number | undefined): T | null {
  const { metadata } = object;
  const known = metadata.deletionGracePeriodSeconds ?? 0;
  const seconds = requested === undefined || requested >= 0 ? requested : 1;
  const untilMs = parseTimestamp(deletionTimestamp);
  if (seconds === undefined || seconds >= known || untilMs === null) return object;
  const next = { ...metadata, deletionTimestamp: formatTimestamp(untilMs - (known - seconds) * 1000), deletionGracePeriodSeconds: seconds };
  const marked = { ...object, metadata: next };
  return removable(marked) ? null : marked;
}

/** upstream: pkg/registry/core/namespace/storage/storage.go Delete */
export function terminating<T extends ApiObject>(namespace: T): T {
  return { ...namespace, status: { ...(namespace as { status?: object }).status, phase: 'Terminating' } };
}
