// What a failure is: which physical facts it breaks and how they are mended. Statuses follow from the facts; none is written here.
import type { Physics } from '../physics/physics.ts';

export type FailureTarget = 'node' | 'zone' | 'disk' | 'container' | 'registry' | 'component';

/** One fact that is broken or whole; failures that share a damage do not mend what another still breaks. */
export interface Damage {
  readonly name: string;
  readonly apply: (physics: Physics, key: string, nowMs: number) => void;
  readonly heal: (physics: Physics, key: string, nowMs: number) => void;
}

export interface Failure {
  readonly name: string;
  readonly target: FailureTarget;
  readonly damage: Damage;
  /** Keys of the facts it strikes; none: there is no such target. */
  readonly struck: (physics: Physics, target: string) => readonly string[];
  /** It happens in an instant and is over; there is nothing to heal. */
  readonly momentary: boolean;
  /** What a learner should see, in order; a message exists for each. */
  readonly expect: readonly string[];
}

export function defineFailure(definition: Omit<Failure, 'momentary'> & { readonly momentary?: boolean }): Failure {
  return { momentary: false, ...definition };
}

/** The target itself, where it is a known fact. */
export function itself(fact: 'machine' | 'disk'): Failure['struck'] {
  return (physics, target) => (physics.get(fact, target) === undefined ? [] : [target]);
}
