// What is remembered of the ways that lives went, for those who look at them: bounded, beside the world and no part of it, so that a snapshot or another machine goes on the same without.
import type { LifeStepRecord } from '../contract/bridge.ts';
import type { Delta } from '../engine/api/store.ts';
import type { Cluster } from '../engine/cluster.ts';
import { type Condition, findCondition } from '../engine/meta/conditions.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import { type Life, type LifeStep, watchLives } from '../engine/statecharts/interpreter.ts';

/** Steps of all lives together: everything that happened in a small lab, and the newest minutes of a large one. */
export const STEPS_MAX = 20_000;
/** Steps that one life tells. */
const TOLD_MAX = 40;
/** Lives whose last refusal is remembered. */
const REFUSALS_MAX = 2000;

/** Where a life stands that its object, and not a component, remembers. */
export type StateReader = (cluster: Cluster, kind: string, object: ApiObject) => string | null;

interface Note {
  readonly life: Life;
  readonly step: LifeStep;
}

interface Course {
  state: string;
  object: ApiObject;
  steps: readonly LifeStepRecord[];
}

interface Change {
  readonly kind: string;
  readonly object: ApiObject;
  readonly atMs: number;
}

export class LifeJournal {
  readonly #cluster: Cluster;
  readonly #stateOf: StateReader;
  readonly #ring: Note[] = [];
  #next = 0;
  readonly #refusals = new Map<Life, LifeStep>();
  readonly #courses = new Map<string, Course>();
  /** Objects that changed in this very millisecond: who remembers more of them may still write it down. */
  readonly #changes = new Map<string, Change>();
  readonly #stop: () => void;

  constructor(cluster: Cluster, kinds: readonly string[], stateOf: StateReader) {
    this.#cluster = cluster;
    this.#stateOf = stateOf;
    for (const kind of kinds) for (const object of cluster.store.table(kind).values()) this.#look({ kind, object, atMs: 0 }, false);
    const wanted = new Set(kinds);
    cluster.store.onEveryChange((delta) => {
      if (wanted.has(delta.kind)) this.#hear(delta);
    });
    this.#stop = watchLives((life, step) => this.#note(life, step));
  }

  close(): void {
    this.#stop();
  }

  /** Of a life that a component holds, oldest first. */
  ofLife(life: Life): readonly LifeStepRecord[] {
    const found: LifeStepRecord[] = [];
    for (let back = 1; back <= this.#ring.length && found.length < TOLD_MAX; back += 1) {
      const note = this.#ring[(this.#next - back + this.#ring.length) % this.#ring.length];
      if (note?.life === life) found.push({ ...note.step, cause: '' });
    }
    found.reverse();
    const refusal = this.#refusals.get(life);
    return refusal === undefined || refusal.from !== life.value ? found : [...found, { ...refusal, cause: '' }];
  }

  /** Of the life that an object itself tells, as far as it was seen to change. */
  ofObject(kind: string, object: ApiObject): readonly LifeStepRecord[] {
    this.#settle();
    this.#look({ kind, object, atMs: this.#cluster.timeline.nowMs }, true);
    return this.#courses.get(object.metadata.uid)?.steps ?? [];
  }

  /** Steps that are remembered. */
  get noted(): number {
    return this.#ring.length;
  }

  #note(life: Life, step: LifeStep): void {
    // A fork of this world that looks ahead lives in its future; what it does would drive out what was done here.
    if (step.atMs > this.#cluster.timeline.nowMs) return;
    if (step.from === step.to) {
      this.#refuse(life, step);
      return;
    }
    this.#refusals.delete(life);
    const note = { life, step };
    if (this.#ring.length < STEPS_MAX) this.#ring.push(note);
    else this.#ring[this.#next] = note;
    this.#next = (this.#next + 1) % STEPS_MAX;
  }

  #refuse(life: Life, step: LifeStep): void {
    this.#refusals.delete(life);
    this.#refusals.set(life, step);
    if (this.#refusals.size <= REFUSALS_MAX) return;
    const [oldest] = this.#refusals.keys();
    if (oldest !== undefined) this.#refusals.delete(oldest);
  }

  #hear({ kind, object, type, atMs }: Delta): void {
    const [waiting] = this.#changes.values();
    if (waiting !== undefined && waiting.atMs < atMs) this.#settle();
    const { uid } = object.metadata;
    if (type === 'DELETED') {
      this.#changes.delete(uid);
      this.#courses.delete(uid);
    } else this.#changes.set(uid, { kind, object, atMs });
  }

  #settle(): void {
    for (const change of this.#changes.values()) this.#look(change, true);
    this.#changes.clear();
  }

  /** Writes down where the object stands when that is another place than before. */
  #look({ kind, object, atMs }: Change, tell: boolean): void {
    const { uid } = object.metadata;
    const state = this.#stateOf(this.#cluster, kind, object);
    const course = this.#courses.get(uid);
    if (state === null) return;
    if (course === undefined) {
      this.#courses.set(uid, { state, object, steps: tell ? [{ atMs, from: '', to: state, on: '', guards: [], cause: '' }] : [] });
      return;
    }
    if (course.state !== state) {
      const step = { atMs, from: course.state, to: state, on: '', guards: [], cause: causeOf(course.object, object) };
      course.steps = [...course.steps.slice(1 - TOLD_MAX), step];
    }
    course.state = state;
    course.object = object;
  }
}

type WithConditions = ApiObject & { readonly status?: { readonly conditions?: readonly Condition[] } };

/** What the object says of the change: the condition that is not as it was before. */
function causeOf(before: ApiObject, object: ApiObject): string {
  const earlier = (before as WithConditions).status?.conditions;
  for (const condition of (object as WithConditions).status?.conditions ?? []) {
    const known = findCondition(earlier, condition.type);
    if (known?.status === condition.status && known.reason === condition.reason) continue;
    return [condition.reason, condition.message].filter(Boolean).join(': ');
  }
  return '';
}
