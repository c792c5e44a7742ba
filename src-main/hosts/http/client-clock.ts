/**
 * Translates times between the lab's clock and the client's. kubectl takes ages off its own clock, and virtual time runs at any speed: a time
 * goes out as far behind the client's present as it is behind the lab's, so that ages are right, and comes back the same way.
 * One run of kubectl keeps one translation, so that what it reads twice and compares does not differ.
 */
import type { JsonValue } from '../../engine/meta/object.ts';

/** Milliseconds to add to a time of the lab, and the presents of both sides. */
export interface Shift {
  readonly byMs: number;
  readonly labMs: number;
  readonly clientMs: number;
}

const SESSIONS_MAX = 500;
/** Without a session to keep to, a translation stays while it is no worse than this. */
const DRIFT_MS_MAX = 2_000;

export class ClientClock {
  readonly #labMs: () => number;
  readonly #clientMs: () => number;
  readonly #sessions = new Map<string, number>();
  #lastMs: number | undefined;

  constructor(labMs: () => number, clientMs: () => number) {
    this.#labMs = labMs;
    this.#clientMs = clientMs;
  }

  /** `session`: what one run of a client sends with all its requests; '' when there is nothing. */
  shiftFor(session: string): Shift {
    const labMs = this.#labMs();
    const clientMs = this.#clientMs();
    const freshMs = Math.floor((clientMs - labMs) / 1000) * 1000;
    return { byMs: session === '' ? this.#steady(freshMs) : this.#ofSession(session, freshMs), labMs, clientMs };
  }

  #ofSession(session: string, freshMs: number): number {
    const known = this.#sessions.get(session);
    if (known !== undefined) return known;
    this.#sessions.set(session, freshMs);
    if (this.#sessions.size > SESSIONS_MAX) {
      const oldest = this.#sessions.keys().next();
      if (oldest.done !== true) this.#sessions.delete(oldest.value);
    }
    return freshMs;
  }

  #steady(freshMs: number): number {
    const behindMs = freshMs - (this.#lastMs ?? Number.NEGATIVE_INFINITY);
    if (!(behindMs >= 0 && behindMs < DRIFT_MS_MAX)) this.#lastMs = freshMs;
    return this.#lastMs ?? freshMs;
  }
}

/** The value with its times as the client's clock shows them; what is past is never later than the client's present. */
export function toClient(value: unknown, { byMs, labMs, clientMs }: Shift): unknown {
  const present = Math.floor(clientMs / 1000) * 1000;
  const past = pastTimes(byMs);
  const timeOf = (text: string): string => {
    let isPast = false;
    const time = mapTime(text, (ms) => {
      isPast = ms <= labMs && ms + byMs <= present;
      return ms <= labMs ? Math.min(ms + byMs, present) : clientMs + (ms - labMs);
    });
    if (isPast) past.set(text, time);
    return time;
  };
  return mapped(
    value,
    remembering((text) => past.get(text) ?? timeOf(text)),
  );
}

/** What is past on both clocks keeps its translation from one answer to the next, until the clocks drift apart. */
let kept: { readonly byMs: number; readonly times: Map<string, string> } = { byMs: 0, times: new Map() };
const TIMES_MAX = 10_000;

function pastTimes(byMs: number): Map<string, string> {
  if (kept.byMs !== byMs || kept.times.size > TIMES_MAX) kept = { byMs, times: new Map() };
  return kept.times;
}

export function toLab(value: JsonValue, { byMs }: Shift): JsonValue {
  return mapped(
    value,
    remembering((text) => mapTime(text, (ms) => ms - byMs)),
  ) as JsonValue;
}

/** One time, as query parameters carry it; unchanged when it is none. */
export function timeToLab(text: string, { byMs }: Shift): string {
  return mapTime(text, (ms) => ms - byMs);
}

/** Lines that begin with a time each, as `kubectl logs --timestamps` asks for. */
export function linesToClient(text: string, { byMs, labMs, clientMs }: Shift): string {
  const present = Math.floor(clientMs / 1000) * 1000;
  return text.replace(/^\S+Z(?= )/gm, (time) => mapTime(time, (ms) => (ms <= labMs ? Math.min(ms + byMs, present) : ms + byMs)));
}

/** The fields of type Time and MicroTime. upstream: k8s.io/api types */
const timeFields: ReadonlySet<string> = new Set([
  ...['acquireTime', 'completionTime', 'creationTimestamp', 'deletionTimestamp', 'eventTime', 'evictionTime', 'expirationTimestamp'],
  ...['finishedAt', 'firstTimestamp', 'lastHeartbeatTime', 'lastObservedTime', 'lastPhaseTransitionTime', 'lastProbeTime', 'lastScaleTime'],
  ...['lastScheduleTime', 'lastSuccessfulTime', 'lastTimestamp', 'lastTransitionTime', 'lastUpdateTime', 'notAfter', 'notBefore'],
  ...[
    'deprecatedFirstTimestamp',
    'deprecatedLastTimestamp',
    'renewTime',
    'sinceTime',
    'startTime',
    'startedAt',
    'time',
    'timeAdded',
    'timestamp',
  ],
]);
/** Maps whose keys are a person's: nothing in them is a field. */
const freeMaps: ReadonlySet<string> = new Set([
  'annotations',
  'labels',
  'data',
  'stringData',
  'binaryData',
  'fieldsV1',
  'matchLabels',
  'cells',
]);

/** Most of the times in one value are few: pods of a rollout are as old as each other. */
function remembering(timeOf: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    let time = known.get(text);
    if (time === undefined) {
      time = timeOf(text);
      known.set(text, time);
    }
    return time;
  };
}

/** Shares everything in which there is no time. */
function mapped(value: unknown, timeOf: (text: string) => string): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    let items: unknown[] | undefined;
    for (let index = 0; index < value.length; index += 1) {
      const next = mapped(value[index], timeOf);
      if (next === value[index]) continue;
      items ??= [...value];
      items[index] = next;
    }
    return items ?? value;
  }
  let made: Record<string, unknown> | undefined;
  for (const name in value) {
    const part = (value as Record<string, unknown>)[name];
    // Most members are texts and numbers, and hold no time.
    const next =
      typeof part === 'string'
        ? timeFields.has(name)
          ? timeOf(part)
          : part
        : freeMaps.has(name)
          ? freeOf(name, part, value, timeOf)
          : mapped(part, timeOf);
    if (next === part) continue;
    made ??= { ...(value as Record<string, unknown>) };
    made[name] = next;
  }
  return made ?? value;
}

function freeOf(name: string, part: unknown, value: object, timeOf: (text: string) => string): unknown {
  return name === 'cells' && Array.isArray(part) ? cellsOf(part, value, timeOf) : part;
}

/** A row of a table says in a cell when its object was made, where its kind shows that. */
function cellsOf(
  cells: readonly unknown[],
  { object }: { readonly object?: unknown },
  timeOf: (text: string) => string,
): readonly unknown[] {
  const made = (object as { metadata?: { creationTimestamp?: unknown } } | null | undefined)?.metadata?.creationTimestamp;
  if (typeof made !== 'string' || !cells.includes(made)) return cells;
  return cells.map((cell) => (cell === made ? timeOf(made) : cell));
}

/** RFC 3339 in, and out in the precision that came in: whole seconds, microseconds, or nanoseconds. */
function mapTime(text: string, change: (ms: number) => number): string {
  const parts = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const ms = parts === null ? Number.NaN : Date.parse(`${parts[1]}${parts[3]}`);
  if (parts === null || Number.isNaN(ms)) return text;
  const seconds = new Date(change(ms)).toISOString().slice(0, 19);
  const fraction = parts[2];
  return fraction?.length === 6 || fraction?.length === 9 ? `${seconds}.${fraction}Z` : `${seconds}Z`;
}
