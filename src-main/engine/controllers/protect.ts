// Keeps what is used from being deleted: the finalizer is the lock, the chart says when it goes on and comes off.
// upstream: pkg/controller/volume/pvcprotection, pkg/controller/volume/pvprotection
import type { Client } from '../client/component.ts';
import { hasFinalizer, withFinalizer, withoutFinalizer } from '../kinds/core/volume-annotations.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ApiObject } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';
import type { Chart } from '../statecharts/interpreter.ts';
import { step } from '../statecharts/step.ts';

export type ProtectionState = 'unprotected' | 'protected' | 'terminating' | 'gone';

/** What is protected in this way: its chart has the regions `phase` and `protection`. */
export interface Protected<T extends ApiObject> {
  readonly kind: Kind<T>;
  readonly chart: Chart;
  readonly finalizer: string;
}

type WithPhase = ApiObject & { readonly status?: { readonly phase?: string } };

/** Where an object is in the protection region, read from the object itself. upstream: pkg/volume/util/protectionutil (IsDeletionCandidate, NeedToAddFinalizer) */
export function protectionState(object: ApiObject, finalizer: string): ProtectionState {
  const held = hasFinalizer(object, finalizer);
  if (object.metadata.deletionTimestamp === undefined) return held ? 'protected' : 'unprotected';
  return held ? 'terminating' : 'gone';
}

/** Is there anything to do for the object? */
export function needsProtection(object: ApiObject, finalizer: string): boolean {
  const state = protectionState(object, finalizer);
  return state === 'unprotected' || state === 'terminating';
}

export function protect<T extends WithPhase>(
  client: Client,
  { kind, chart, finalizer }: Protected<T>,
  object: T,
  isUnused: () => boolean,
): void {
  const states = { phase: object.status?.phase ?? 'Pending', protection: protectionState(object, finalizer) };
  const actions: string[] = [];
  step(chart, states, 'protection', 'inspect', { whose: object.metadata.uid, guard: isUnused, action: (name) => void actions.push(name) });
  try {
    if (actions.includes('addFinalizer')) client.update(kind, withFinalizer(object, finalizer));
    if (actions.includes('removeFinalizer')) client.update(kind, withoutFinalizer(object, finalizer));
  } catch (thrown) {
    if (!isNotFound(thrown)) throw thrown;
  }
}
