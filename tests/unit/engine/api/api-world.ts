// An API server with nothing around it: what happens is its doing alone.
import { ApiServer, noAdmission } from '../../../../src-main/engine/api/server.ts';
import { ServiceAddresses } from '../../../../src-main/engine/api/service-addresses.ts';
import { type Delta, Store, type StoreState } from '../../../../src-main/engine/api/store.ts';
import { StatusError } from '../../../../src-main/engine/meta/status-error.ts';
import { Timeline, type TimelineState } from '../../../../src-main/engine/time/timeline.ts';

export const USER = 'test';
/** 2025-06-01T08:00:00Z */
export const EPOCH_MS = 1_748_764_800_000;

export class ApiWorld {
  readonly timeline: Timeline;
  readonly store: Store;
  readonly server: ApiServer;
  readonly deltas: Delta[] = [];

  constructor(state?: { readonly store: StoreState; readonly timeline: TimelineState }) {
    this.timeline = state === undefined ? Timeline.start(EPOCH_MS, 7) : new Timeline(state.timeline);
    this.store = new Store(state?.store, true);
    const addresses = new ServiceAddresses(this.store, this.timeline.stream('service-addresses'));
    this.server = new ApiServer(this.store, this.timeline, noAdmission, addresses);
    this.store.onEveryChange((delta) => this.deltas.push(delta));
  }

  run(ms: number): this {
    this.timeline.advance(this.timeline.nowMs + ms, 100_000);
    return this;
  }
}

/** The refusal's code and text, or what came instead. */
export function refusal(call: () => unknown): string {
  try {
    return `accepted: ${JSON.stringify(call())}`;
  } catch (error) {
    if (error instanceof StatusError) return `${error.status.code} ${error.status.reason}: ${error.message}`;
    throw error;
  }
}
