// What client-go's event correlator remembers of each object that is told about: how often each event was seen, which are similar, and whether the object talks too much.
// Kept object by object, in values that are never changed in place, so that a save only shares them.
// upstream: client-go/tools/record/events_cache.go

const SIMILAR_MAX = 10;
const SIMILAR_WINDOW_MS = 600_000;
const SPAM_BURST = 25;
const SPAM_REFILL_MS = 300_000;
/** Upstream each recorder has 4,096 for itself; here all of a cluster share it, and those that go on talking stay. */
const OBJECTS_MAX = 16_384;
/** Of one object; far more than a reason's ten messages before they are combined. */
const TOLD_MAX = 64;
/** Stands for the path of what is combined, which names no part. */
const COMBINED = '*';

/** What makes two events of one source about one object the same. upstream: getEventKey */
export interface Telling {
  readonly type: string;
  readonly reason: string;
  readonly fieldPath: string;
  readonly message: string;
}

interface Told extends Telling {
  /** Of the Event object. */
  readonly name: string;
  /** How often it was seen, written or not. */
  readonly count: number;
  readonly firstTimestamp: string;
  readonly lastMs: number;
}

/** Different messages of one reason, none of which came later than the window after the one before. Of a single message, what was told says as much. */
interface Similar {
  readonly type: string;
  readonly reason: string;
  readonly messages: readonly string[];
  readonly lastMs: number;
}

export interface ObjectMemory {
  /** The spam filter's bucket. */
  readonly tokens: number;
  readonly atMs: number;
  /** In order of use. */
  readonly told: readonly Told[];
  readonly similar?: readonly Similar[];
}

/** The event as it is to be written. */
export interface Sighting {
  readonly name: string;
  readonly count: number;
  readonly firstTimestamp: string;
  readonly message: string;
  /** False: the spam filter holds it back. */
  readonly isAllowed: boolean;
}

export class EventMemory {
  readonly #objects: Map<string, ObjectMemory>;

  constructor(state: readonly (readonly [string, ObjectMemory])[]) {
    this.#objects = new Map(state);
  }

  save(): readonly (readonly [string, ObjectMemory])[] {
    return [...this.#objects];
  }

  /** Counts an event: what the filter holds back, too. upstream: EventCorrelator.EventCorrelate */
  see(about: string, telling: Telling, newName: () => string, timestamp: string, nowMs: number): Sighting {
    const memory = this.#objects.get(about) ?? { tokens: SPAM_BURST, atMs: nowMs, told: NOTHING_TOLD };
    const { similar, isMany } = similarWith(memory, telling, nowMs);
    const told = toldAgain(memory.told, isMany ? { ...telling, fieldPath: COMBINED, message: '' } : telling, newName, timestamp, nowMs);
    const tokens = Math.min(SPAM_BURST, memory.tokens + (nowMs - memory.atMs) / SPAM_REFILL_MS);
    const isAllowed = tokens >= 1;
    const next = { tokens: isAllowed ? tokens - 1 : tokens, atMs: nowMs, told: toldLast(memory.told, told) };
    this.#remember(about, similar.length === 0 ? next : { ...next, similar });
    const { count, firstTimestamp } = told;
    const message = isMany ? `(combined from similar events): ${telling.message}` : telling.message;
    return { name: told.name, count, firstTimestamp, message, isAllowed };
  }

  /** All whose key begins so: the process that remembered them has ended. */
  forget(beginning: string): void {
    for (const key of this.#objects.keys()) if (key.startsWith(beginning)) this.#objects.delete(key);
  }

  /** The one that was told about longest ago goes first; deleting and adding keeps the order of use. */
  #remember(about: string, memory: ObjectMemory): void {
    this.#objects.delete(about);
    this.#objects.set(about, memory);
    if (this.#objects.size <= OBJECTS_MAX) return;
    for (const oldest of this.#objects.keys()) {
      this.#objects.delete(oldest);
      return;
    }
  }
}

// Spread would leave room for more in each object and list, of which there are tens of thousands.
function toldAgain(
  told: readonly Told[],
  { type, reason, fieldPath, message }: Telling,
  newName: () => string,
  at: string,
  nowMs: number,
): Told {
  for (let index = 0; index < told.length; index += 1) {
    const one = told[index] as Told;
    if (one.message === message && one.reason === reason && one.fieldPath === fieldPath && one.type === type)
      return { type, reason, fieldPath, message, name: one.name, count: one.count + 1, firstTimestamp: one.firstTimestamp, lastMs: nowMs };
  }
  return { type, reason, fieldPath, message, name: newName(), count: 1, firstTimestamp: at, lastMs: nowMs };
}

/** With what was told last at the end, in place of its own last telling, or of the oldest where there are many. */
function toldLast(told: readonly Told[], newest: Told): readonly Told[] {
  const next: Told[] = [];
  for (let index = 0; index < told.length; index += 1) {
    const one = told[index] as Told;
    if (one.name !== newest.name) next.push(one);
  }
  if (next.length >= TOLD_MAX) next.shift();
  next.push(newest);
  return next;
}

/** `isMany`: the messages of this reason are now told as one. upstream: EventAggregator.EventAggregate */
function similarWith(
  memory: ObjectMemory,
  { type, reason, message }: Telling,
  nowMs: number,
): { readonly similar: readonly Similar[]; readonly isMany: boolean } {
  const { similar = NONE, told } = memory;
  const known = newestOf(similar, type, reason);
  const others = known === undefined ? similar : similar.filter((one) => one !== known);
  const newest = known ?? newestOf(told, type, reason);
  if (newest === undefined || nowMs - newest.lastMs > SIMILAR_WINDOW_MS) return { similar: others, isMany: false };
  const before = 'messages' in newest ? newest.messages : [newest.message];
  const messages = before.includes(message) ? before : [...before, message];
  if (messages.length === 1) return { similar: others, isMany: false };
  const isMany = messages.length >= SIMILAR_MAX;
  return { similar: [...others, { type, reason, messages: isMany ? messages.slice(1) : messages, lastMs: nowMs }], isMany };
}

function newestOf<T extends { readonly type: string; readonly reason: string }>(
  told: readonly T[],
  type: string,
  reason: string,
): T | undefined {
  for (let index = told.length - 1; index >= 0; index -= 1) {
    const one = told[index] as T;
    if (one.reason === reason && one.type === type) return one;
  }
  return undefined;
}

const NONE: readonly Similar[] = [];
const NOTHING_TOLD: readonly Told[] = [];
