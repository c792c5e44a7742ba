import { expect, test } from 'vitest';
import { CostMeter } from '../../../../src-main/engine/client/api-client.ts';
import { TokenBucket } from '../../../../src-main/engine/client/rate-limiter.ts';
import { Timeline } from '../../../../src-main/engine/time/timeline.ts';

test('a burst is free, then every call waits for its token', () => {
  const bucket = new TokenBucket(TokenBucket.full(3), 20, 3);
  expect([0, 0, 0, 0, 0].map(() => bucket.take(0))).toEqual([0, 0, 0, 50, 100]);
});

test('tokens come back with time, up to the burst', () => {
  const state = TokenBucket.full(3);
  const bucket = new TokenBucket(state, 20, 3);
  for (let call = 0; call < 5; call += 1) bucket.take(0);
  expect(bucket.take(1000)).toBe(0);
  bucket.take(1_000_000);
  expect(state.tokens).toBe(2);
});

test('without credit there is a token or there is none', () => {
  const bucket = new TokenBucket(TokenBucket.full(1), 1 / 300, 1);
  expect([bucket.tryTake(0), bucket.tryTake(0), bucket.tryTake(299_000), bucket.tryTake(301_000)]).toEqual([true, false, false, true]);
});

test('a caller is busy for its calls and for the wait, and only once for the whole backlog', () => {
  const timeline = Timeline.start(0, 1);
  const meter = new CostMeter(timeline, TokenBucket.full(2), { perSecond: 20, burst: 2 });
  meter.charge(3);
  meter.charge(3);
  expect(meter.takeCostMs()).toBe(6);
  expect(meter.takeCostMs()).toBe(0);
  for (let call = 0; call < 4; call += 1) meter.charge(3);
  expect(meter.takeCostMs()).toBe(200);
});
