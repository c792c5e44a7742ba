// Where an object is in the protection region of its chart, read from the object itself.
import { hasFinalizer } from '../kinds/core/volume-annotations.ts';
import type { ApiObject } from '../meta/object.ts';

export type ProtectionState = 'unprotected' | 'protected' | 'terminating' | 'gone';

/** upstream: pkg/volume/util/protectionutil (IsDeletionCandidate, NeedToAddFinalizer) */
export function protectionState(object: ApiObject, finalizer: string): ProtectionState {
  const held = hasFinalizer(object, finalizer);
  if (object.metadata.deletionTimestamp === undefined) return held ? 'protected' : 'unprotected';
  return held ? 'terminating' : 'gone';
}
