// Shows a world as it was: the nearest saved state before the moment, and from there everything that was done to it done again. Same commands, same history, so it is the very past and no picture of it.
import { assert } from '../../engine/base/assert.ts';
import { Cluster, type ClusterState, type LoggedCommand } from '../../engine/cluster.ts';
import { inSlices } from '../in-slices.ts';
import { Projection } from '../projection/projection.ts';
import type { Sight, World } from '../world.ts';
import { elsewhere } from './elsewhere.ts';

/** Entries of the queue that are run in one step. */
const BATCH = 16;
/** So many entries of replay are worth a saved state: the next look that way begins there. */
const MARK_EVERY = 20_000;
const MARKS_MAX = 8;
/** States hold on to old versions of objects: in a large world there are few of them, and hardly any while nobody looks back. */
const MARKED_OBJECTS_MAX = 40_000;
const RESTING_OBJECTS_MAX = 8_000;

interface Mark {
  readonly state: ClusterState;
  readonly nowMs: number;
  readonly processed: number;
  readonly objects: number;
}

export class LookBack {
  readonly #world: World;
  /** In order of time; the first is where history begins. */
  readonly #marks: Mark[] = [];
  #isClosed = false;
  /** The beginning is saved, in slices, while the world goes on. */
  readonly ready: Promise<void>;

  constructor(world: World) {
    this.#world = world;
    const objects = objectsOf(world.cluster);
    this.ready = inSlices(world.cluster.saveInSteps(), () => this.#isClosed).then((state) => {
      if (state !== undefined) this.keep(state, objects);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#marks.length = 0;
  }

  /** Moments before it cannot be shown. */
  get fromMs(): number {
    return this.#marks[0]?.nowMs ?? this.#world.cluster.timeline.nowMs;
  }

  /** A state that this world has been in. */
  keep(state: ClusterState, objects: number): void {
    const { nowMs, processed } = state.timeline;
    const at = this.#marks.findIndex((mark) => mark.processed >= processed);
    if (this.#marks[at]?.processed === processed) return;
    this.#marks.splice(at < 0 ? this.#marks.length : at, 0, { state, nowMs, processed, objects });
    this.#keepWithin(MARKED_OBJECTS_MAX);
  }

  /** Nobody looks back any more. */
  rest(): void {
    this.#keepWithin(RESTING_OBJECTS_MAX);
  }

  /** The world at a moment of its past. `shown`, where it is given and stands before the moment, goes on to it; else it is left as it is. */
  *worldAt(atMs: number, shown: Sight | null): Generator<void, Sight> {
    const first = this.#marks[0];
    if (first === undefined) throw new Error('The past of this lab is not known yet.');
    const untilMs = Math.max(first.nowMs, Math.min(atMs, this.#world.cluster.timeline.nowMs));
    const mark = this.#marks.findLast(({ nowMs }) => nowMs <= untilMs) ?? first;
    const goesOn = shown !== null && shown.cluster.timeline.nowMs <= untilMs && shown.cluster.timeline.processed >= mark.processed;
    const cluster = goesOn ? shown.cluster : Cluster.restore(mark.state);
    yield;
    yield* elsewhere(this.#goTo(cluster, untilMs));
    const ways = this.#world.journal.until(untilMs);
    return goesOn ? { ...shown, ways } : { cluster, projection: Projection.of(cluster), ways };
  }

  #keepWithin(objectsMax: number): void {
    const tooMany = (): boolean => this.#marks.length > MARKS_MAX || this.#marks.reduce((sum, mark) => sum + mark.objects, 0) > objectsMax;
    while (this.#marks.length > 1 && tooMany()) this.#dropOne();
  }

  *#goTo(cluster: Cluster, untilMs: number): Generator<void> {
    let marked = cluster.timeline.processed;
    for (const _ of replay(cluster, this.#world.cluster.log(), untilMs)) {
      yield;
      if (cluster.timeline.processed - marked < MARK_EVERY) continue;
      marked = cluster.timeline.processed;
      this.keep(yield* cluster.saveInSteps(), objectsOf(cluster));
    }
  }

  /** The one whose neighbours are nearest to one another: it is missed least. */
  #dropOne(): void {
    let place = this.#marks.length - 1;
    let least = Number.POSITIVE_INFINITY;
    for (let at = 1; at < this.#marks.length - 1; at += 1) {
      const gap = (this.#marks[at + 1] as Mark).processed - (this.#marks[at - 1] as Mark).processed;
      if (gap >= least) continue;
      least = gap;
      place = at;
    }
    this.#marks.splice(place, 1);
  }
}

/** Runs a world from where it is to the end of the moment, with all of the log that was done in between. */
function* replay(cluster: Cluster, log: readonly LoggedCommand[], untilMs: number): Generator<void> {
  for (const logged of log.slice(cluster.log().length)) {
    if (logged.atMs > untilMs) break;
    yield* runTo(cluster, logged.processed);
    cluster.redo([logged]);
    yield;
  }
  while (!cluster.advance(untilMs, BATCH)) yield;
}

/** Runs so many entries in all. */
export function* runTo({ timeline }: Cluster, processed: number): Generator<void> {
  while (timeline.processed < processed) {
    assert(timeline.step(), `the queue ended before entry ${processed}`);
    yield;
  }
}

function objectsOf({ store }: Cluster): number {
  let objects = 0;
  for (const kind of store.kinds()) objects += store.table(kind).size;
  return objects;
}
