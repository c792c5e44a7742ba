// The ways of lives that objects themselves tell: where each stood when it changed, and, where its controller said so, by which event and which answers it came there.
import type { LifeStepRecord } from '../contract/bridge.ts';
import type { Delta } from '../engine/api/store.ts';
import type { Cluster } from '../engine/cluster.ts';
import { type Condition, findCondition } from '../engine/meta/conditions.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import type { LifeStep } from '../engine/statecharts/interpreter.ts';

/** Steps that one life tells. */
const TOLD_MAX = 40;
/** Steps of one object that its state does not show yet. */
const PARTS_MAX = 12;
/** A controller that looks and finds nothing to do is back where it was within the cost of a few calls. */
const GLANCE_MS = 100;
/** The event by which it looks, as the charts name it. */
const LOOK = 'look';
/** Objects that are gone and still known. */
const GONE_MAX = 500;

/** Where a life stands that its object, and not a component, remembers. */
export type StateReader = (cluster: Cluster, kind: string, object: ApiObject) => string | null;

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

export class ObjectCourses {
  readonly #cluster: Cluster;
  readonly #stateOf: StateReader;
  /** By uid, as all that follows. */
  readonly #courses = new Map<string, Course>();
  readonly #gone = new Map<string, readonly LifeStepRecord[]>();
  /** Objects that changed in this very millisecond: who remembers more of them may still write it down. */
  readonly #changes = new Map<string, Change>();
  /** What controllers said of their steps since the object's state was written down last. */
  readonly #parts = new Map<string, readonly LifeStep[]>();
  /** The last step of each region that no guard let through. */
  readonly #blocked = new Map<string, ReadonlyMap<string, LifeStep>>();

  constructor(cluster: Cluster, kinds: readonly string[], stateOf: StateReader) {
    this.#cluster = cluster;
    this.#stateOf = stateOf;
    for (const kind of kinds) for (const object of cluster.store.table(kind).values()) this.#look({ kind, object, atMs: 0 }, false);
  }

  hear({ kind, object, type, atMs }: Delta): void {
    this.#settleBefore(atMs);
    const { uid } = object.metadata;
    if (type === 'DELETED') this.#end(uid);
    else this.#changes.set(uid, { kind, object, atMs });
  }

  /** A controller took a step of one region. */
  explain(uid: string, part: LifeStep): void {
    const blocked = part.from === part.to;
    if (blocked && part.guards.some(({ said }) => said)) return;
    // What was said before belongs to the state before.
    this.#settleBefore(part.atMs);
    const known = this.#blocked.get(uid);
    if (blocked) this.#blocked.set(uid, new Map(known).set(regionOf(part.from), part));
    else {
      this.#parts.set(uid, [...(this.#parts.get(uid) ?? []).slice(1 - PARTS_MAX), part]);
      if (known?.has(regionOf(part.from)) === true) this.#blocked.set(uid, without(known, regionOf(part.from)));
    }
  }

  of(kind: string, object: ApiObject): readonly LifeStepRecord[] {
    this.#settle();
    this.#look({ kind, object, atMs: this.#cluster.timeline.nowMs }, true);
    const { uid } = object.metadata;
    const course = this.#courses.get(uid);
    if (course === undefined) return [];
    const leaves = course.state.split('|');
    const refusals = [...(this.#blocked.get(uid)?.values() ?? [])]
      .filter(({ from }) => leaves.includes(from))
      .map(({ atMs, on, guards }) => ({ atMs, from: course.state, to: course.state, on, guards, cause: '' }));
    return [...course.steps, ...refusals];
  }

  /** What is known of an object, whether it is there or gone. */
  known(uid: string): readonly LifeStepRecord[] {
    this.#settle();
    return this.#courses.get(uid)?.steps ?? this.#gone.get(uid) ?? [];
  }

  /** What others heard of this very world before these began. */
  remember(earlier: ObjectCourses): void {
    earlier.#settle();
    for (const [uid, { steps }] of earlier.#courses) {
      const course = this.#courses.get(uid);
      if (course === undefined) this.#gone.set(uid, this.#gone.get(uid) ?? steps);
      else course.steps = [...steps, ...course.steps].slice(-TOLD_MAX);
    }
    for (const [uid, steps] of earlier.#gone) if (!this.#gone.has(uid)) this.#gone.set(uid, steps);
  }

  #end(uid: string): void {
    const course = this.#courses.get(uid);
    for (const map of [this.#changes, this.#courses, this.#parts, this.#blocked]) map.delete(uid);
    if (course === undefined) return;
    this.#gone.set(uid, course.steps);
    if (this.#gone.size <= GONE_MAX) return;
    const [oldest] = this.#gone.keys();
    if (oldest !== undefined) this.#gone.delete(oldest);
  }

  #settleBefore(atMs: number): void {
    const [waiting] = this.#changes.values();
    if (waiting !== undefined && waiting.atMs < atMs) this.#settle();
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
    const parts = this.#parts.get(uid) ?? [];
    if (course.state !== state) {
      const steps = stepsBetween(course.state, state, parts, atMs, causeOf(course.object, object));
      course.steps = withoutGlances([...course.steps, ...steps]).slice(-TOLD_MAX);
    }
    this.#parts.delete(uid);
    course.state = state;
    course.object = object;
  }
}

/** Of looks one after the other that found nothing to do only the last is kept: they would push out what happened. */
function withoutGlances(steps: readonly LifeStepRecord[]): readonly LifeStepRecord[] {
  const kept: LifeStepRecord[] = [];
  for (const step of steps) {
    kept.push(step);
    if (isGlance(kept.at(-4), kept.at(-3)) && isGlance(kept.at(-2), step)) kept.splice(-4, 2);
  }
  return kept;
}

function isGlance(there: LifeStepRecord | undefined, back: LifeStepRecord | undefined): boolean {
  if (there?.on !== LOOK || back === undefined) return false;
  return there.from === back.to && there.to === back.from && back.atMs - there.atMs < GLANCE_MS;
}

/** The steps that were explained, one by one, and what is left as one whose event is not known. */
function stepsBetween(from: string, to: string, parts: readonly LifeStep[], atMs: number, cause: string): readonly LifeStepRecord[] {
  const steps: LifeStepRecord[] = [];
  let at = from.split('|');
  const ways = to.split('|').flatMap((goal, region) => wayOf(parts, at[region] ?? '', goal).map((part) => ({ region, part })));
  for (const { region, part } of ways.sort((one, other) => one.part.atMs - other.part.atMs)) {
    const next = at.with(region, part.to);
    const last = steps.at(-1);
    // Regions that one event moves share the answers of its guards: that is one step.
    if (last !== undefined && last.guards === part.guards) steps[steps.length - 1] = { ...last, to: next.join('|') };
    else steps.push({ atMs: part.atMs, from: at.join('|'), to: next.join('|'), on: part.on, guards: part.guards, cause: '' });
    at = next;
  }
  const last = steps.at(-1);
  if (at.join('|') !== to) steps.push({ atMs, from: at.join('|'), to, on: '', guards: [], cause });
  else if (last !== undefined) steps[steps.length - 1] = { ...last, cause };
  return steps;
}

/** The parts that lead from one leaf to the other, one after the other; none where they do not. */
function wayOf(parts: readonly LifeStep[], from: string, goal: string): readonly LifeStep[] {
  const way: LifeStep[] = [];
  let at = from;
  for (const part of parts) {
    if (part.from !== at) continue;
    way.push(part);
    at = part.to;
  }
  return at === goal ? way : [];
}

function regionOf(leaf: string): string {
  const end = leaf.indexOf('.');
  return end < 0 ? leaf : leaf.slice(0, end);
}

function without<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): ReadonlyMap<Key, Value> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}

type WithConditions = ApiObject & { readonly status?: { readonly conditions?: readonly Condition[] } };

/** What the object says of the change: the condition that is not as it was before; of several, that of its readiness. */
function causeOf(before: ApiObject, object: ApiObject): string {
  const earlier = (before as WithConditions).status?.conditions;
  const changed = ((object as WithConditions).status?.conditions ?? []).filter(({ type, status, reason }) => {
    const known = findCondition(earlier, type);
    return known?.status !== status || known.reason !== reason;
  });
  const { reason, message } = findCondition(changed, 'Ready') ?? changed[0] ?? {};
  return [reason, message].filter(Boolean).join(': ');
}
