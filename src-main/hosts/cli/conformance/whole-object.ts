// Fills in the parts of an object that a case leaves out: the API server never hands an object without them to the rules under test.
import type { Pod } from '../../../engine/kinds/core/pod.ts';

interface Parts {
  readonly metadata?: unknown;
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** With its metadata, spec and status, however empty. */
export function wholeObject<T>(object: T): T {
  const { metadata, spec, status } = object as Parts;
  return { ...object, metadata: metadata ?? {}, spec: spec ?? {}, status: status ?? {} };
}

/** A pod's containers are a list even when it has none. */
export function wholeCasePod(pod: Pod): Pod {
  const whole = wholeObject(pod);
  return { ...whole, spec: { ...whole.spec, containers: whole.spec.containers ?? [] } };
}
