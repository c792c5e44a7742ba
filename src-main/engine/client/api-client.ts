// The API server as one component calls it: under its own name, at its own quota, and only while a wire leads there.
import type { ApiServer, Part } from '../api/server.ts';
import type { Kind } from '../kinds/kind.ts';
import type { ApiObject, Draft } from '../meta/object.ts';
import type { Timeline } from '../time/timeline.ts';
import { type Client, type DeleteOptions, Unreachable } from './component.ts';
import { TokenBucket, type TokenBucketState } from './rate-limiter.ts';

/** Virtual milliseconds a call keeps its caller busy, beside waiting for the quota. */
const READ_MS = 1;
const WRITE_MS = 3;

export interface Quota {
  readonly perSecond: number;
  readonly burst: number;
}

/** What calls have cost since the last question; one meter may serve several clients of a component. */
export class CostMeter {
  #costMs = 0;
  readonly #timeline: Timeline;
  readonly #bucket: TokenBucket;

  constructor(timeline: Timeline, state: TokenBucketState, quota: Quota) {
    this.#timeline = timeline;
    this.#bucket = new TokenBucket(state, quota.perSecond, quota.burst);
  }

  charge(callMs: number): void {
    // The wait is for the whole backlog, so the newest call's wait includes those before it.
    this.#costMs = Math.max(this.#costMs + callMs, this.#bucket.take(this.#timeline.nowMs));
  }

  takeCostMs(): number {
    const costMs = this.#costMs;
    this.#costMs = 0;
    return costMs;
  }
}

export class ApiClient implements Client {
  readonly #server: ApiServer;
  readonly #user: string;
  readonly #meter: CostMeter;
  readonly #reachable: () => boolean;

  /** `user` is who the API server sees: `system:serviceaccount:kube-system:replicaset-controller`, `system:node:worker-1`. */
  constructor(server: ApiServer, user: string, meter: CostMeter, reachable: () => boolean = () => true) {
    this.#server = server;
    this.#user = user;
    this.#meter = meter;
    this.#reachable = reachable;
  }

  get<T extends ApiObject>(kind: Kind<T>, key: string): T {
    this.#call(READ_MS);
    return this.#server.get(kind, key);
  }

  list<T extends ApiObject>(kind: Kind<T>, namespace?: string): readonly T[] {
    this.#call(READ_MS);
    return this.#server.list(kind, namespace);
  }

  create<T extends ApiObject>(kind: Kind<T>, draft: Draft<T>): T {
    this.#call(WRITE_MS);
    return this.#server.create(kind, draft, this.#user);
  }

  update<T extends ApiObject>(kind: Kind<T>, object: T): T {
    return this.#update(kind, object, 'spec');
  }

  updateStatus<T extends ApiObject>(kind: Kind<T>, object: T): T {
    return this.#update(kind, object, 'status');
  }

  /** PUT namespaces/finalize: only the namespace controller calls it. */
  finalize<T extends ApiObject>(kind: Kind<T>, object: T): T {
    return this.#update(kind, object, 'finalize');
  }

  patch<T extends ApiObject>(kind: Kind<T>, key: string, change: (current: T) => T): T {
    this.#call(WRITE_MS);
    return this.#server.patch(kind, key, change, this.#user, 'spec');
  }

  patchStatus<T extends ApiObject>(kind: Kind<T>, key: string, change: (current: T) => T): T {
    this.#call(WRITE_MS);
    return this.#server.patch(kind, key, change, this.#user, 'status');
  }

  scale<T extends ApiObject>(kind: Kind<T>, key: string, change: (current: T) => T): T {
    this.#call(WRITE_MS);
    return this.#server.patch(kind, key, change, this.#user, 'scale');
  }

  delete<T extends ApiObject>(kind: Kind<T>, key: string, options: DeleteOptions = {}): void {
    this.#call(WRITE_MS);
    this.#server.delete(kind, key, options, this.#user);
  }

  bind(podKey: string, podUid: string, node: string): void {
    this.#call(WRITE_MS);
    this.#server.bind(podKey, { uid: podUid, node }, this.#user);
  }

  #update<T extends ApiObject>(kind: Kind<T>, object: T, part: Part): T {
    this.#call(WRITE_MS);
    return this.#server.update(kind, object, this.#user, part);
  }

  #call(costMs: number): void {
    if (!this.#reachable()) throw new Unreachable(`${this.#user} cannot reach the API server`);
    this.#meter.charge(costMs);
  }
}
