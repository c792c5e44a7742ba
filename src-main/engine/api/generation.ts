// metadata.generation counts what was asked of an object, so that a status can say what it has seen. upstream: apiserver pkg/registry/rest/update.go
import { equal } from '../base/equal.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ApiObject } from '../meta/object.ts';

/** One more when its content has changed, or when it is marked for deletion. */
export function withGeneration<T extends ApiObject>(kind: Kind<T>, next: T, current: T): T {
  if (kind.tracksGeneration !== true) return next;
  const spec = kind.content ?? ((object: T): unknown => (object as { spec?: unknown }).spec);
  const marked = next.metadata.deletionTimestamp !== current.metadata.deletionTimestamp;
  if (!marked && equal(spec(next), spec(current))) return next;
  return { ...next, metadata: { ...next.metadata, generation: (current.metadata.generation ?? 0) + 1 } };
}
