// What a controller has asked for and not heard of yet: until its cache has caught up it must not ask again.
// upstream: pkg/controller/controller_utils.go UIDTrackingControllerExpectations

const TIMEOUT_MS = 300_000;

export interface Expectation {
  creations: number;
  /** Uids whose deletion was asked for. */
  deletions: Record<string, true>;
  readonly sinceMs: number;
}

/** JSON, held by the controller; by its keys. */
export type ExpectationsState = Record<string, Expectation>;

export class Expectations {
  readonly #state: ExpectationsState;

  constructor(state: ExpectationsState) {
    this.#state = state;
  }

  expectCreations(key: string, count: number, nowMs: number): void {
    this.#state[key] = { creations: count, deletions: {}, sinceMs: nowMs };
  }

  expectDeletions(key: string, uids: readonly string[], nowMs: number): void {
    this.#state[key] = { creations: 0, deletions: Object.fromEntries(uids.map((uid) => [uid, true])), sinceMs: nowMs };
  }

  /** Both at once. */
  expect(key: string, creations: number, uids: readonly string[], nowMs: number): void {
    if (creations + uids.length === 0) return;
    this.#state[key] = { creations, deletions: Object.fromEntries(uids.map((uid) => [uid, true])), sinceMs: nowMs };
  }

  creationObserved(key: string): void {
    const expectation = this.#state[key];
    if (expectation === undefined) return;
    expectation.creations -= 1;
    this.#drop(key, expectation);
  }

  deletionObserved(key: string, uid: string): void {
    const expectation = this.#state[key];
    if (expectation === undefined || expectation.deletions[uid] === undefined) return;
    delete expectation.deletions[uid];
    this.#drop(key, expectation);
  }

  /** True too when the news did not come for five minutes: then the controller looks again. */
  satisfied(key: string, nowMs: number): boolean {
    const expectation = this.#state[key];
    return expectation === undefined || nowMs - expectation.sinceMs > TIMEOUT_MS;
  }

  forget(key: string): void {
    delete this.#state[key];
  }

  #drop(key: string, { creations, deletions }: Expectation): void {
    if (creations > 0) return;
    for (const _ in deletions) return;
    delete this.#state[key];
  }
}
