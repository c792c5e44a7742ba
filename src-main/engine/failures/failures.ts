// The failures in force: applies and heals them so that what two of them break is mended only when both are healed.
import type { Physics } from '../physics/physics.ts';
import type { Failure } from './define-failure.ts';
import { failures } from './registry.ts';

/** JSON. */
export interface ActiveFailure {
  readonly id: string;
  readonly failure: string;
  readonly target: string;
  /** Virtual milliseconds. */
  readonly sinceMs: number;
  /** Keys of the facts it struck when it was applied. */
  readonly struck: readonly string[];
}

/** There is no such failure, target or id: the command cannot be done. */
export class UnknownFailure extends Error {
  override readonly name = 'UnknownFailure';
}

export class Failures {
  readonly #physics: Physics;
  readonly #clock: { readonly nowMs: number };
  #active: readonly ActiveFailure[];

  constructor(physics: Physics, clock: { readonly nowMs: number }, active: readonly ActiveFailure[]) {
    this.#physics = physics;
    this.#clock = clock;
    this.#active = active;
  }

  get active(): readonly ActiveFailure[] {
    return this.#active;
  }

  /** Applies it and returns its id; one that is in force already stays as it is. */
  apply(name: string, target: string): string {
    const failure = find(name);
    const id = `${name}:${target}`;
    if (this.#active.some((active) => active.id === id)) return id;
    const struck = failure.struck(this.#physics, target);
    if (struck.length === 0) throw new UnknownFailure(`nothing to strike: ${failure.target} "${target}" does not exist`);
    for (const key of struck) if (!this.#breaks(failure, key)) failure.damage.apply(this.#physics, key, this.#clock.nowMs);
    if (!failure.momentary) this.#active = [...this.#active, { id, failure: name, target, sinceMs: this.#clock.nowMs, struck }];
    return id;
  }

  heal(id: string): void {
    const healed = this.#active.find((active) => active.id === id);
    if (healed === undefined) throw new UnknownFailure(`no such failure is in force: ${id}`);
    this.#active = this.#active.filter((active) => active !== healed);
    const failure = find(healed.failure);
    for (const key of healed.struck) if (!this.#breaks(failure, key)) failure.damage.heal(this.#physics, key, this.#clock.nowMs);
  }

  save(): readonly ActiveFailure[] {
    return this.#active;
  }

  /** Does a failure in force do the same damage there? */
  #breaks({ damage }: Failure, key: string): boolean {
    return this.#active.some((active) => find(active.failure).damage === damage && active.struck.includes(key));
  }
}

function find(name: string): Failure {
  const failure = failures.find((candidate) => candidate.name === name);
  if (failure === undefined) throw new UnknownFailure(`unknown failure: ${name}`);
  return failure;
}
