// The nodes of a zone that wait for their NoExecute taint, let through one by one at the zone's rate.
// upstream: pkg/controller/nodelifecycle/scheduler/rate_limited_queue.go
import { TokenBucket, type TokenBucketState } from '../../client/rate-limiter.ts';

const BURST = 1;

/** JSON, held by the owner. */
export interface TaintQueueState {
  /** Nodes a second; 0 stops the queue. */
  rate: number;
  limiter: TokenBucketState;
  /** First come, first served. */
  waiting: string[];
  /** Nodes that wait or were let through and have not recovered since. */
  marked: Record<string, true>;
}

export function newTaintQueue(rate: number, nowMs: number): TaintQueueState {
  return { rate, limiter: { tokens: BURST, atMs: nowMs }, waiting: [], marked: {} };
}

/** False when the node is marked already. */
export function addToQueue(queue: TaintQueueState, node: string): boolean {
  if (queue.marked[node] === true) return false;
  queue.marked[node] = true;
  queue.waiting.push(node);
  return true;
}

/** The mark alone goes, so that the node can be added again. upstream: SetRemove */
export function unmark(queue: TaintQueueState, node: string): void {
  delete queue.marked[node];
}

export function removeFromQueue(queue: TaintQueueState, node: string): void {
  unmark(queue, node);
  queue.waiting = queue.waiting.filter((waiting) => waiting !== node);
}

/** upstream: SwapLimiter: a queue that had to wait goes on waiting. */
export function setRate(queue: TaintQueueState, rate: number, nowMs: number): void {
  if (queue.rate === rate) return;
  const drained = !accept(queue, nowMs);
  queue.rate = rate;
  queue.limiter = { tokens: drained ? 0 : BURST, atMs: nowMs };
}

/** The next node that may be tainted now; undefined when none waits or the rate forbids it. */
export function takeFromQueue(queue: TaintQueueState, nowMs: number): string | undefined {
  return queue.waiting.length > 0 && accept(queue, nowMs) ? queue.waiting.shift() : undefined;
}

/** When the next node may be taken; null when none waits or none ever may. */
export function nextTakeMs({ waiting, rate, limiter }: TaintQueueState, nowMs: number): number | null {
  if (waiting.length === 0 || rate <= 0) return null;
  return Math.max(nowMs, Math.ceil(limiter.atMs + ((BURST - limiter.tokens) * 1000) / rate));
}

function accept({ rate, limiter }: TaintQueueState, nowMs: number): boolean {
  return rate > 0 && new TokenBucket(limiter, rate, BURST).tryTake(nowMs);
}
