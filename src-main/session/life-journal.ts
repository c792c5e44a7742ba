// What is remembered of the ways that lives went, for those who look at them: bounded, beside the world and no part of it, so that a snapshot or another machine goes on the same without.
import type { LifeStepRecord } from '../contract/bridge.ts';
import type { Delta } from '../engine/api/store.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import { type LifeStep, type LifeWatcher, watchLives } from '../engine/statecharts/interpreter.ts';
import { ObjectCourses, type StateReader } from './object-courses.ts';

/** Steps of all lives together: everything that happened in a small lab, and the newest minutes of a large one. */
export const STEPS_MAX = 20_000;
/** Steps that one life tells. */
const TOLD_MAX = 40;
/** Lives whose last refusal is remembered. */
const REFUSALS_MAX = 2000;

/** Who remembers the ways that lives went. */
export interface LifeWays {
  /** Of a life that a component holds and names so, oldest first; `state` is where it stands. */
  ofLife(whose: string, state: string): readonly LifeStepRecord[];
  /** Of the life that an object itself tells, as far as it was seen to change. */
  ofObject(kind: string, object: ApiObject): readonly LifeStepRecord[];
}

export const UNKNOWN_WAYS: LifeWays = { ofLife: () => [], ofObject: () => [] };

interface Note {
  readonly whose: string;
  readonly step: LifeStep;
}

export class LifeJournal implements LifeWays {
  readonly #cluster: Cluster;
  readonly #courses: ObjectCourses;
  #ring: Note[] = [];
  #next = 0;
  readonly #refusals = new Map<string, LifeStep>();
  #stop: () => void = () => {};

  /** It hears what `hear` is told; the journal of the live world asks to be told of everything. */
  constructor(cluster: Cluster, kinds: readonly string[], stateOf: StateReader, isLive = true) {
    this.#cluster = cluster;
    this.#courses = new ObjectCourses(cluster, kinds, stateOf);
    const wanted = new Set(kinds);
    cluster.store.onEveryChange((delta: Delta) => {
      if (wanted.has(delta.kind)) this.#courses.hear(delta);
    });
    if (isLive) this.#stop = watchLives(this.hear);
  }

  close(): void {
    this.#stop();
  }

  readonly hear: LifeWatcher = (whose, step) => {
    const { nowMs } = this.#cluster.timeline;
    if (step.isPart === true) {
      this.#courses.explain(whose, { ...step, atMs: nowMs });
      return;
    }
    // Whoever runs another world in this process may not have said so; its time is another one.
    if (step.atMs !== nowMs) return;
    if (step.from === step.to) this.#refuse(whose, step);
    else {
      this.#refusals.delete(whose);
      this.#note({ whose, step });
    }
  };

  ofLife(whose: string, state: string): readonly LifeStepRecord[] {
    const found = this.#stepsOf(whose, Number.POSITIVE_INFINITY);
    const refusal = this.#refusals.get(whose);
    return refusal === undefined || refusal.from !== state ? found : [...found, { ...refusal, cause: '' }];
  }

  ofObject(kind: string, object: ApiObject): readonly LifeStepRecord[] {
    return this.#courses.of(kind, object);
  }

  /** The same as it was known at a moment of the past. */
  until(atMs: number): LifeWays {
    return {
      ofLife: (whose) => this.#stepsOf(whose, atMs),
      ofObject: (_, { metadata }) => this.#courses.known(metadata.uid).filter((step) => step.atMs <= atMs),
    };
  }

  /** What another journal heard of this very world before this one began. */
  remember(earlier: LifeJournal): void {
    const own = this.#inOrder();
    const [first] = own;
    const before = earlier.#inOrder().filter(({ step }) => first === undefined || step.atMs < first.step.atMs);
    this.#ring = [...before, ...own].slice(-STEPS_MAX);
    this.#next = this.#ring.length % STEPS_MAX;
    this.#courses.remember(earlier.#courses);
  }

  /** Steps that are remembered. */
  get noted(): number {
    return this.#ring.length;
  }

  #inOrder(): readonly Note[] {
    return this.#ring.length < STEPS_MAX ? this.#ring : [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  #stepsOf(whose: string, untilMs: number): readonly LifeStepRecord[] {
    const found: LifeStepRecord[] = [];
    for (let back = 1; back <= this.#ring.length && found.length < TOLD_MAX; back += 1) {
      const note = this.#ring[(this.#next - back + this.#ring.length) % this.#ring.length];
      if (note?.whose === whose && note.step.atMs <= untilMs) found.push({ ...note.step, cause: '' });
    }
    return found.reverse();
  }

  #note(note: Note): void {
    if (this.#ring.length < STEPS_MAX) this.#ring.push(note);
    else this.#ring[this.#next] = note;
    this.#next = (this.#next + 1) % STEPS_MAX;
  }

  #refuse(whose: string, step: LifeStep): void {
    this.#refusals.delete(whose);
    this.#refusals.set(whose, step);
    if (this.#refusals.size <= REFUSALS_MAX) return;
    const [oldest] = this.#refusals.keys();
    if (oldest !== undefined) this.#refusals.delete(oldest);
  }
}
