// Events as client-go records them: the same event again is counted, a flood of similar ones is combined, and an object that talks too much is cut off.
import type { ApiServer } from '../api/server.ts';
import { flat } from '../base/flat.ts';
import { type Event, eventKind } from '../kinds/core/event.ts';
import type { ApiObject, Draft } from '../meta/object.ts';
import { isNotFound, StatusError } from '../meta/status-error.ts';
import type { Timeline } from '../time/timeline.ts';
import { TokenBucket, type TokenBucketState } from './rate-limiter.ts';

/** upstream: client-go/tools/record/events_cache.go */
const CACHE_LENGTH_MAX = 4096;
const SIMILAR_MAX = 10;
const SIMILAR_WINDOW_MS = 600_000;
const SPAM_BURST = 25;
const SPAM_PER_SECOND = 1 / 300;

interface Similar {
  readonly messages: readonly string[];
  readonly lastMs: number;
}

/** An event that was seen before: the API object's name, how often it was seen (written or not), and when first. */
interface Observed {
  readonly name: string;
  readonly count: number;
  readonly firstTimestamp: string;
}

/** All recorders of a cluster share it: their keys carry the source. */
export interface EventRecorderState {
  /** Each by correlation key, in order of use. */
  readonly known: readonly (readonly [string, Observed])[];
  readonly similar: readonly (readonly [string, Similar])[];
  readonly spam: readonly (readonly [string, TokenBucketState])[];
  readonly serial: number;
}

export function initialEventRecorderState(): EventRecorderState {
  return { known: [], similar: [], spam: [], serial: 0 };
}

export interface EventSource {
  readonly component: string;
  readonly host: string;
}

function identityOf({ kind, metadata: { uid = '', namespace = '', name } }: ApiObject): string {
  return uid === '' ? `${kind}/${namespace}/${name}` : uid;
}

/** The oldest entries of a memory that is over its bound go first; deleting and adding keeps the order of use. */
function remember<T>(memory: Map<string, T>, key: string, value: T): void {
  memory.delete(key);
  memory.set(key, value);
  if (memory.size <= CACHE_LENGTH_MAX) return;
  for (const oldest of memory.keys()) {
    memory.delete(oldest);
    return;
  }
}

export class EventSink {
  readonly #server: ApiServer;
  readonly #timeline: Timeline;
  readonly #known: Map<string, Observed>;
  readonly #similar: Map<string, Similar>;
  readonly #spam: Map<string, TokenBucketState>;
  readonly #sources = new Map<string, NonNullable<Event['source']>>();
  #serial: number;

  constructor(server: ApiServer, timeline: Timeline, state: EventRecorderState) {
    this.#server = server;
    this.#timeline = timeline;
    this.#known = new Map(state.known);
    this.#similar = new Map(state.similar);
    this.#spam = new Map(state.spam.map(([key, bucket]) => [key, { ...bucket }]));
    this.#serial = state.serial;
  }

  /** A copy. */
  save(): EventRecorderState {
    return {
      known: [...this.#known],
      similar: [...this.#similar],
      spam: [...this.#spam].map(([key, bucket]) => [key, { ...bucket }]),
      serial: this.#serial,
    };
  }

  record(source: EventSource, regarding: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string, fieldPath = ''): void {
    // Thousands of these keys are kept: the uid stands for kind, namespace and name, and each key is one piece of text.
    const about = flat(`${source.component}/${source.host}/${identityOf(regarding)}`);
    const aggregateKey = flat(`${about}/${type}/${reason}`);
    const combined = this.#combine(aggregateKey, message);
    // upstream: getEventKey; events of several parts are combined, and else counted apart.
    const key = combined === null ? flat(`${aggregateKey}/${fieldPath}/${message}`) : aggregateKey;
    const draft = this.#observe(key, this.#draft(source, regarding, type, reason, combined ?? message, fieldPath));
    if (this.#allowed(about)) this.#write(draft, source.component);
  }

  /** The event as seen once more: what the spam filter holds back is counted all the same. upstream: eventLogger.eventObserve */
  #observe(key: string, draft: Draft<Event>): Draft<Event> {
    const last = this.#known.get(key);
    const { namespace = '', name = '' } = draft.metadata;
    const now = draft.firstTimestamp ?? '';
    const seen = last === undefined ? { name, count: 1, firstTimestamp: now } : { ...last, count: last.count + 1 };
    remember(this.#known, key, seen);
    if (last === undefined) return draft;
    return { ...draft, metadata: { namespace, name: seen.name }, firstTimestamp: seen.firstTimestamp, count: seen.count };
  }

  /** Null while the messages are still few. upstream: EventAggregator.EventAggregate */
  #combine(key: string, message: string): string | null {
    const now = this.#timeline.nowMs;
    const record = this.#similar.get(key);
    const known = record === undefined || now - record.lastMs > SIMILAR_WINDOW_MS ? [] : record.messages;
    const messages = known.includes(message) ? known : known.concat(message);
    const isMany = messages.length >= SIMILAR_MAX;
    remember(this.#similar, key, { messages: isMany ? messages.slice(1) : messages, lastMs: now });
    if (!isMany) return null;
    return `(combined from similar events): ${message}`;
  }

  #allowed(about: string): boolean {
    const bucket = this.#spam.get(about) ?? { tokens: SPAM_BURST, atMs: this.#timeline.nowMs };
    remember(this.#spam, about, bucket);
    return new TokenBucket(bucket, SPAM_PER_SECOND, SPAM_BURST).tryTake(this.#timeline.nowMs);
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
    const key = `${component}/${host}`;
    let source = this.#sources.get(key);
    if (source === undefined) {
      source = host === '' ? { component } : { component, host };
      this.#sources.set(key, source);
    }
    return source;
  }

  #draft(source: EventSource, regarding: ApiObject, type: string, reason: string, message: string, fieldPath: string): Draft<Event> {
    const now = this.#timeline.timestamp();
    const { namespace, name, uid, resourceVersion } = regarding.metadata;
    this.#serial += 1;
    // upstream: fmt.Sprintf("%v.%x", ref.Name, t.UnixNano()); the serial stands in for nanoseconds that virtual time does not have.
    const stamp = (BigInt(this.#timeline.unixMs) * 1_000_000n + BigInt(this.#serial % 1_000_000)).toString(16);
    return {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: flat(`${name}.${stamp}`), namespace: namespace ?? 'default' },
      involvedObject: {
        apiVersion: regarding.apiVersion,
        kind: regarding.kind,
        name,
        uid,
        resourceVersion,
        ...(namespace === undefined ? {} : { namespace }),
        ...(fieldPath === '' ? {} : { fieldPath }),
      },
      reason,
      message: flat(message),
      source: this.#sourceOf(source),
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type,
      reportingComponent: source.component,
      reportingInstance: source.host,
    };
  }
}
