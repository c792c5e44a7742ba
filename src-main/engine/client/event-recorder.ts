// Events as client-go records them: the same event again is counted, a flood of similar ones is combined, an object that talks too much is cut off, and what cannot be written is tried again.
import type { ApiServer } from '../api/server.ts';
import { flat } from '../base/flat.ts';
import { formatTimestamp } from '../base/timestamp.ts';
import { type Event, eventKind } from '../kinds/core/event.ts';
import type { Draft } from '../meta/object.ts';
import { isNotFound, StatusError } from '../meta/status-error.ts';
import type { Timeline } from '../time/timeline.ts';
import type { EventSubject } from './component.ts';
import { EventMemory, type ObjectMemory } from './event-memory.ts';

/** Owner name in the queue of the tries to come; entry key = source. */
export const EVENTS = 'events';

/** upstream: client-go/tools/record/event.go maxTriesPerEvent, defaultSleepDuration, maxQueuedEvents */
const TRIES_MAX = 12;
const SLEEP_MS = 10_000;
const QUEUED_MAX = 1000;

/** All recorders of a cluster share it: their keys carry the source. */
export interface EventRecorderState {
  /** By source and object, in order of use. */
  readonly objects?: readonly (readonly [string, ObjectMemory])[];
  /** Of sources that cannot reach the API server. */
  readonly outboxes?: readonly (readonly [string, Outbox])[];
  readonly serial: number;
}

/** What one source has not been able to write: the event that is being tried, and those behind it. */
interface Outbox {
  readonly trying: Draft<Event>;
  readonly tries: number;
  readonly timer: number;
  readonly behind: readonly Said[];
}

/** As it was said; it is counted and combined only when its turn comes. */
interface Said {
  readonly source: EventSource;
  readonly regarding: NonNullable<Event['involvedObject']>;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
}

export function initialEventRecorderState(): EventRecorderState {
  return { objects: [], outboxes: [], serial: 0 };
}

export interface EventSource {
  readonly component: string;
  readonly host: string;
}

export class EventSink {
  readonly #server: ApiServer;
  readonly #timeline: Timeline;
  readonly #isConnected: (host: string) => boolean;
  readonly #memory: EventMemory;
  readonly #outboxes: Map<string, Outbox>;
  readonly #sources = new Map<string, NonNullable<Event['source']>>();
  #serial: number;

  /** `isConnected`: can processes on this node reach the API server now? */
  constructor(server: ApiServer, timeline: Timeline, state: EventRecorderState, isConnected: (host: string) => boolean = () => true) {
    this.#server = server;
    this.#timeline = timeline;
    this.#isConnected = isConnected;
    this.#memory = new EventMemory(state.objects ?? []);
    this.#outboxes = new Map(state.outboxes ?? []);
    this.#serial = state.serial;
  }

  /** A copy. */
  save(): EventRecorderState {
    return { objects: this.#memory.save(), outboxes: [...this.#outboxes], serial: this.#serial };
  }

  record(source: EventSource, regarding: EventSubject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath = ''): void {
    const said = { source, regarding: referenceTo(regarding, fieldPath), type, reason, message, atMs: this.#timeline.nowMs };
    const outbox = this.#outboxes.size === 0 ? undefined : this.#outboxes.get(keyOf(source));
    if (outbox !== undefined) {
      // upstream: watch.NewLongQueueBroadcaster with DropIfChannelFull
      if (outbox.behind.length < QUEUED_MAX) this.#outboxes.set(keyOf(source), { ...outbox, behind: [...outbox.behind, said] });
      return;
    }
    const draft = this.#correlate(said);
    if (draft === null) return;
    if (this.#reaches(source)) this.#write(draft, source.component);
    else this.#wait(keyOf(source), draft, 1, []);
  }

  /** The next try of the event that is in the way of all others of its source. upstream: recordToSink */
  onTimer(key: string): void {
    const outbox = this.#outboxes.get(key);
    if (outbox === undefined) return;
    const { trying, tries, behind } = outbox;
    const component = trying.reportingComponent ?? '';
    this.#outboxes.delete(key);
    if (!this.#reaches({ component, host: trying.reportingInstance ?? '' })) {
      if (tries + 1 < TRIES_MAX) this.#wait(key, trying, tries + 1, behind);
      else this.#tryNext(key, behind);
      return;
    }
    this.#write(trying, component);
    for (const said of behind) {
      const draft = this.#correlate(said);
      if (draft !== null) this.#write(draft, component);
    }
  }

  /** The process that spoke has ended: what it remembers and what waits is lost. Without a host, on all of them. */
  forget(component: string, host?: string): void {
    const beginning = host === undefined ? `${component}/` : `${keyOf({ component, host })}/`;
    this.#memory.forget(beginning);
    for (const [key, { timer }] of this.#outboxes) {
      if (!`${key}/`.startsWith(beginning)) continue;
      this.#timeline.cancel(timer);
      this.#outboxes.delete(key);
    }
  }

  #reaches({ host }: EventSource): boolean {
    return host === '' || this.#isConnected(host);
  }

  /** Gives the event up that was tried so often, and turns to the first behind it that is to be written. */
  #tryNext(key: string, behind: readonly Said[]): void {
    for (const [index, said] of behind.entries()) {
      const draft = this.#correlate(said);
      if (draft === null) continue;
      this.#wait(key, draft, 1, behind.slice(index + 1));
      return;
    }
  }

  #wait(key: string, trying: Draft<Event>, tries: number, behind: readonly Said[]): void {
    // The first sleep is drawn, so that not all clients come back at once.
    const sleepMs = tries === 1 ? this.#timeline.stream(EVENTS).below(SLEEP_MS) : SLEEP_MS;
    const timer = this.#timeline.schedule(EVENTS, 'retry', key, sleepMs);
    this.#outboxes.set(key, { trying, tries, timer, behind });
  }

  /** The event as it is to be written; null: it is held back, but was counted. */
  #correlate({ source, regarding, type, reason, message, atMs }: Said): Draft<Event> | null {
    const { kind, namespace, name, uid = '', fieldPath = '' } = regarding;
    // The uid stands for kind, namespace and name; thousands of these keys are kept, each in one piece of text.
    const about = flat(`${keyOf(source)}/${uid === '' ? `${kind}/${namespace ?? ''}/${name}` : uid}`);
    const { nowMs } = this.#timeline;
    const at = atMs === nowMs ? this.#timeline.timestamp() : formatTimestamp(this.#timeline.epochMs + atMs);
    this.#serial += 1;
    const seen = this.#memory.see(
      about,
      { type, reason, fieldPath, message: flat(message) },
      () => this.#nameOf(name ?? '', atMs),
      at,
      nowMs,
    );
    if (!seen.isAllowed) return null;
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: seen.name, namespace: namespace ?? 'default' },
      involvedObject: regarding,
      reason,
      message: seen.message,
      source: this.#sourceOf(source),
      firstTimestamp: seen.firstTimestamp,
      lastTimestamp: at,
      count: seen.count,
      type,
      reportingComponent: source.component,
      reportingInstance: source.host,
    };
  }

  /** upstream: fmt.Sprintf("%v.%x", ref.Name, t.UnixNano()); the serial stands in for nanoseconds that virtual time does not have. */
  #nameOf(name: string, atMs: number): string {
    const stamp = (BigInt(this.#timeline.epochMs + atMs) * 1_000_000n + BigInt(this.#serial % 1_000_000)).toString(16);
    return flat(`${name}.${stamp}`);
  }

  #write(draft: Draft<Event>, actor: string): void {
    const { count = 1, lastTimestamp = '', message = '' } = draft;
    try {
      if (count > 1 && this.#patch(draft, { count, lastTimestamp, message }, actor)) return;
      this.#server.create(eventKind, draft, actor);
    } catch (error) {
      // As upstream, a recorder drops an event that the server refuses (a namespace that is going away takes no new objects).
      if (!(error instanceof StatusError)) throw error;
    }
  }

  /** False when the event is no longer there. */
  #patch({ metadata }: Draft<Event>, change: Pick<Event, 'count' | 'lastTimestamp' | 'message'>, actor: string): boolean {
    try {
      this.#server.patch(eventKind, `${metadata.namespace}/${metadata.name}`, (event) => ({ ...event, ...change }), actor);
      return true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return false;
    }
  }

  /** Events of one source share it. */
  #sourceOf({ component, host }: EventSource): NonNullable<Event['source']> {
    const key = keyOf({ component, host });
    let source = this.#sources.get(key);
    if (source === undefined) {
      source = host === '' ? { component } : { component, host };
      this.#sources.set(key, source);
    }
    return source;
  }
}

function keyOf({ component, host }: EventSource): string {
  return `${component}/${host}`;
}

function referenceTo({ apiVersion, kind, metadata }: EventSubject, fieldPath: string): Said['regarding'] {
  const { namespace, name, uid, resourceVersion } = metadata;
  return {
    ...(apiVersion === undefined ? {} : { apiVersion }),
    kind,
    name,
    uid,
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(fieldPath === '' ? {} : { fieldPath }),
  };
}
