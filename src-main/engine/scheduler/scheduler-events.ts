// What the scheduler says: Events of the newer kind, with the time in microseconds and what was being done, and one Event for what is said again of the same version of an object.
// How often it was said since is written when it is said the second time, every half hour, and when it has not been said for six minutes.
// upstream: client-go tools/events/{event_recorder,event_broadcaster}.go
import { flat } from '../base/flat.ts';
import type { Steps } from '../base/in-one-go.ts';
import type { ComponentContext } from '../client/component.ts';
import { type Event, eventKind } from '../kinds/core/event.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { Draft } from '../meta/object.ts';
import { isNotFound, StatusError } from '../meta/status-error.ts';

const FINISH_MS = 360_000;
const REFRESH_MS = 1_800_000;
/** The one said longest ago is forgotten first. */
const SAID_MAX = 16_384;
/** Name of the timer. */
export const FINISH = 'events';

interface Said {
  readonly event: Draft<Event>;
  readonly lastMs: number;
}

/** By what is the same when it is said again. */
export interface SchedulerEventsState {
  said: Record<string, Said>;
  serial: number;
  /** Since when it looks at what has ended. */
  readonly fromMs: number;
  awaits: boolean;
}

export interface Saying {
  /** `default-scheduler`: the profile's name. */
  readonly scheduler: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
  readonly related?: Pod;
}

type Context = Pick<ComponentContext<unknown>, 'client' | 'time' | 'physics'>;

export class SchedulerEvents {
  readonly #context: Context;
  readonly #state: SchedulerEventsState;
  /** Of each scheduler, which one it is. */
  readonly #instances = new Map<string, string>();
  #count: number;

  constructor(context: Context, state: SchedulerEventsState) {
    this.#context = context;
    this.#state = state;
    this.#count = Object.keys(state.said).length;
  }

  /** What can be said once only of a version of a pod, as that it was bound, is not kept. */
  tellOnce(pod: Pod, saying: Saying): void {
    this.#write(this.#newEvent(pod, saying));
  }

  tell(pod: Pod, saying: Saying): void {
    const { time } = this.#context;
    const key = keyOf(pod, saying);
    const before = this.#state.said[key];
    if (before === undefined) {
      const event = this.#newEvent(pod, saying);
      this.#keep(key, { event, lastMs: time.nowMs });
      this.#write(event);
    } else {
      const count = (before.event.series?.count ?? 1) + 1;
      const event = { ...before.event, series: { count, lastObservedTime: time.microTimestamp() } };
      this.#state.said[key] = { event, lastMs: time.nowMs };
      if (count === 2) this.#write(event);
    }
    this.#awaitFinish();
  }

  /** upstream: refreshExistingEventSeries, finishSeries */
  *onTimer(): Steps {
    const { nowMs } = this.#context.time;
    this.#state.awaits = false;
    const refreshes = (nowMs - this.#state.fromMs) % REFRESH_MS < FINISH_MS;
    const left: Record<string, Said> = {};
    for (const [key, said] of Object.entries(this.#state.said)) {
      const hasEnded = said.lastMs < nowMs - FINISH_MS;
      if ((hasEnded || refreshes) && said.event.series !== undefined) this.#write(said.event);
      if (!hasEnded) left[key] = said;
      yield;
    }
    this.#state.said = left;
    this.#count = Object.keys(left).length;
    this.#awaitFinish();
  }

  #awaitFinish(): void {
    if (this.#state.awaits || this.#count === 0) return;
    const { time } = this.#context;
    this.#state.awaits = true;
    time.after(FINISH_MS - ((time.nowMs - this.#state.fromMs) % FINISH_MS), FINISH, '');
  }

  #keep(key: string, said: Said): void {
    this.#state.said[key] = said;
    this.#count += 1;
    if (this.#count <= SAID_MAX) return;
    for (const oldest in this.#state.said) {
      delete this.#state.said[oldest];
      this.#count -= 1;
      return;
    }
  }

  /** upstream: makeEvent */
  #newEvent(pod: Pod, { scheduler, type, reason, action, note, related }: Saying): Draft<Event> {
    const { time } = this.#context;
    const { name, namespace = 'default' } = pod.metadata;
    this.#state.serial += 1;
    // The serial stands in for nanoseconds that virtual time does not have.
    const stamp = (BigInt(time.unixMs) * 1_000_000n + BigInt(this.#state.serial % 1_000_000)).toString(16);
    const event: Draft<Event> = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: flat(`${name}.${stamp}`), namespace },
      involvedObject: referenceTo(pod),
      reason,
      message: flat(note),
      action,
      type,
      eventTime: flat(time.microTimestamp()),
      reportingComponent: scheduler,
      reportingInstance: this.#instanceOf(scheduler),
    };
    return related === undefined ? event : { ...event, related: referenceTo(related) };
  }

  /** With the machine on which the scheduler's process runs. */
  #instanceOf(scheduler: string): string {
    let instance = this.#instances.get(scheduler);
    if (instance === undefined) {
      const machines = [...this.#context.physics.all('machine')];
      const [host = 'kube-scheduler'] = machines.find(([, { controlPlane }]) => controlPlane) ?? [];
      instance = flat(`${scheduler}-${host}`);
      this.#instances.set(scheduler, instance);
    }
    return instance;
  }

  /** upstream: recordEvent: a series that is told of an Event which is there no more becomes an Event anew. */
  #write(event: Draft<Event>): void {
    const { client } = this.#context;
    try {
      if (event.series !== undefined && this.#patch(event, event.series)) return;
      client.create(eventKind, event);
    } catch (error) {
      // What the server refuses is dropped: a namespace that is going away takes no new objects.
      if (!(error instanceof StatusError)) throw error;
    }
  }

  #patch({ metadata }: Draft<Event>, series: NonNullable<Event['series']>): boolean {
    try {
      this.#context.client.patch(eventKind, `${metadata.namespace}/${metadata.name}`, (event) => ({ ...event, series }));
      return true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return false;
    }
  }
}

/** upstream: getKey; the note is no part of it, the object's version is */
function keyOf({ metadata: { uid, resourceVersion } }: Pod, { scheduler, type, reason, action, related }: Saying): string {
  return `${scheduler} ${type} ${reason} ${action} ${uid} ${resourceVersion} ${related?.metadata.uid ?? ''}`;
}

function referenceTo({ metadata: { namespace, name, uid, resourceVersion } }: Pod): Event['involvedObject'] {
  return { apiVersion: 'v1', kind: 'Pod', name, uid, resourceVersion, ...(namespace === undefined ? {} : { namespace }) };
}
