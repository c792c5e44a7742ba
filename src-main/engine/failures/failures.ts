// The failures in force: applied and healed by a person's commands, remembered so that they can be healed.
import type { Physics } from '../physics/physics.ts';
import type { Timeline } from '../time/timeline.ts';
import type { FailureTarget } from './define-failure.ts';
import { failures } from './registry.ts';

export interface ActiveFailure {
  readonly id: string;
  readonly failure: string;
  /** As the person named it: a node, a zone, a volume, `namespace/pod/container`, a registry's host. */
  readonly target: string;
  readonly sinceMs: number;
  /** The fact's key. */
  readonly key: string;
}

/** A failure that cannot be applied or healed; the message is for the person who asked. */
export class FailureError extends Error {
  override readonly name = 'FailureError';
}

/** Turns what a person calls a thing into its fact's key; null when there is no such thing. */
export type ResolveTarget = (target: FailureTarget, name: string) => string | null;

export class Failures {
  readonly #physics: Physics;
  readonly #timeline: Timeline;
  readonly #resolve: ResolveTarget;
  #active: readonly ActiveFailure[];

  constructor(physics: Physics, timeline: Timeline, resolve: ResolveTarget, active: readonly ActiveFailure[]) {
    this.#physics = physics;
    this.#timeline = timeline;
    this.#resolve = resolve;
    this.#active = active;
  }

  active(): readonly ActiveFailure[] {
    return this.#active;
  }

  /** Returns the id to heal it with; '' for a failure that happens once. */
  apply(name: string, target: string): string {
    const failure = failures.find((other) => other.name === name);
    if (failure === undefined)
      throw new FailureError(`There is no failure "${name}". There are: ${failures.map((other) => other.name).join(', ')}.`);
    const key = this.#resolve(failure.target, target);
    if (key === null) throw new FailureError(`There is no ${failure.target} "${target}".`);
    const refused = failure.refuse(this.#physics, key);
    if (refused !== null) throw new FailureError(refused);
    const { nowMs } = this.#timeline;
    failure.apply(this.#physics, key, nowMs);
    if (failure.heal === null) return '';
    const id = `${name}/${target}`;
    this.#active = [...this.#active.filter((other) => other.id !== id), { id, failure: name, target, sinceMs: nowMs, key }];
    return id;
  }

  heal(id: string): void {
    const active = this.#active.find((other) => other.id === id);
    if (active === undefined) throw new FailureError(`There is no failure "${id}" to heal.`);
    this.#active = this.#active.filter((other) => other !== active);
    const failure = failures.find((other) => other.name === active.failure);
    failure?.heal?.(this.#physics, active.key, this.#timeline.nowMs);
  }

  save(): readonly ActiveFailure[] {
    return this.#active;
  }
}
