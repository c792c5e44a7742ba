// The bounded memory of steps: the newest are kept one by one, those of long ago are merged by kind and span of time.
import type { StepRecord } from '../../contract/timeline.ts';
import { inOneGo } from '../../engine/base/in-one-go.ts';

/** A few more are there while the older ones are being merged. */
export const STEPS_MAX = 20_000;
/** Steps of one answer: a window that opens late reads all of them in a few. */
export const STEPS_PER_ANSWER = 2_000;
const SPAN_MS = 60_000;
/** With each new step so many old ones: all of them in one go would hold the engine up for longer than a slice. */
const MERGED_AT_ONCE = 100;

/** No two histories of a program have the same, so that a reader notices another world. */
let editions = 0;
const nextEdition = (): number => (editions += 1);

export class History {
  /** Changes when steps that were there have been merged. */
  edition = nextEdition();
  #steps: StepRecord[] = [];
  /** Steps before it were not heard but read. */
  #heardFrom = 1;
  #nextId = 1;
  #merging: Iterator<void, void> | undefined;

  get steps(): readonly StepRecord[] {
    return this.#steps;
  }

  add({ atMs, lane, tone, what, kind, key, values, actor, trigger }: Omit<StepRecord, 'id' | 'untilMs' | 'count'>): void {
    this.#steps.push({ id: this.#nextId, atMs, untilMs: atMs, lane, tone, what, kind, key, values, actor, trigger, count: 1 });
    this.#nextId += 1;
    if (this.#steps.length > STEPS_MAX) this.#merging ??= this.#merge();
    if (this.#merging?.next().done === true) this.#merging = undefined;
  }

  /** From here on steps are heard as they happen. */
  beginToHear(): void {
    this.#heardFrom = this.#nextId;
  }

  /** Puts what another history heard in the place of what was only read. */
  remember(earlier: History): void {
    const heard = this.#steps.filter(({ id }) => id >= this.#heardFrom);
    this.#steps = [...earlier.#steps, ...heard].map((step, index) => ({ ...step, id: index + 1 }));
    this.#heardFrom = earlier.#steps.length + 1;
    this.#nextId = this.#steps.length + 1;
    this.edition = nextEdition();
    this.#merging = undefined;
    if (this.#steps.length > STEPS_MAX) inOneGo(this.#merge());
  }

  /** Steps with an id from `fromId` on, at most one answer of them. */
  since(fromId: number): { readonly steps: readonly StepRecord[]; readonly nextId: number; readonly more: boolean } {
    let low = 0;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#steps[middle] as StepRecord).id < fromId) low = middle + 1;
      else high = middle;
    }
    const steps = this.#steps.slice(low, low + STEPS_PER_ANSWER);
    const more = low + steps.length < this.#steps.length;
    return { steps, nextId: more ? (this.#steps[low + steps.length] as StepRecord).id : this.#nextId, more };
  }

  /** The older half becomes at most a quarter: one step for all of a kind in a minute, in two, in four… */
  *#merge(): Generator<void, void> {
    const half = STEPS_MAX / 2;
    const older = this.#steps.slice(0, -half);
    let merged = older;
    for (let spanMs = SPAN_MS; merged.length > half / 2; spanMs *= 2) merged = yield* mergedBy(merged, spanMs);
    this.#steps = [...merged, ...this.#steps.slice(older.length)];
    this.edition = nextEdition();
  }
}

/** What a person did stays as it is: it is the cause of the rest. Steps come in order of time, so each kind has one open span. */
function* mergedBy(steps: readonly StepRecord[], spanMs: number): Generator<void, StepRecord[]> {
  const merged: StepRecord[] = [];
  const open = new Map<string, OpenSpan>();
  for (let index = 0; index < steps.length; index += 1) {
    if (index % MERGED_AT_ONCE === MERGED_AT_ONCE - 1) yield;
    const step = steps[index] as StepRecord;
    const span = Math.floor(step.atMs / spanMs);
    const known = step.lane === 'actions' && spanMs < ACTIONS_SPAN_MS ? undefined : open.get(step.what);
    if (known?.span !== span) {
      open.set(step.what, { span, place: merged.length, sum: null });
      merged.push(step);
      continue;
    }
    // The first one may be in an answer that is on its way: it is copied once, and its copy added to.
    known.sum ??= { ...(merged[known.place] as StepRecord) };
    merged[known.place] = known.sum;
    if (known.sum.key !== step.key) known.sum.key = '';
    known.sum.count += step.count;
    known.sum.untilMs = step.untilMs;
  }
  return merged;
}

interface OpenSpan {
  readonly span: number;
  readonly place: number;
  sum: { -readonly [Field in keyof StepRecord]: StepRecord[Field] } | null;
}

/** Somebody who sends thousands of commands (a script with kubectl) is merged in the end. */
const ACTIONS_SPAN_MS = SPAN_MS * 1024;
