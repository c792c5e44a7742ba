import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { inSlices, inSpareSlices } from '../../../src-main/session/in-slices.ts';

let clockMs = 0;
let steps = 0;

beforeEach(() => {
  clockMs = 0;
  steps = 0;
  vi.useFakeTimers({ toFake: ['setImmediate', 'setTimeout'] });
  vi.spyOn(performance, 'now').mockImplementation(() => clockMs);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Steps of 2 ms each: three make a slice. */
function* work(count: number): Generator<void, string> {
  for (; steps < count; steps += 1) {
    clockMs += 2;
    yield;
  }
  return 'done';
}

describe('work in slices', () => {
  test.each([inSlices, inSpareSlices])(
    '%o goes on at once when nobody else has anything to do, and resolves with what it came to',
    async (run) => {
      const result = run(work(6));
      const first = steps;
      vi.advanceTimersToNextTimer();
      expect([first, steps]).toEqual([2, 5]);
      vi.advanceTimersToNextTimer();
      await expect(result).resolves.toBe('done');
    },
  );

  test('that somebody waits for does so too while others are busy', () => {
    void inSlices(work(9));
    clockMs += 50;
    vi.advanceTimersToNextTimer();
    expect(steps).toBe(5);
  });

  test('that nobody waits for rests then, four times as long as it worked', () => {
    void inSpareSlices(work(9));
    clockMs += 1;
    vi.advanceTimersToNextTimer();
    vi.advanceTimersByTime(23);
    const resting = steps;
    vi.advanceTimersByTime(1);
    expect([resting, steps]).toEqual([2, 5]);
  });

  test('ends between slices when it is cancelled, and when it throws', async () => {
    let isCancelled = false;
    const cancelled = inSpareSlices(work(9), () => isCancelled);
    isCancelled = true;
    vi.advanceTimersToNextTimer();
    await expect(cancelled).resolves.toBeUndefined();
    // biome-ignore lint/correctness/useYield: it fails at its first step
    const broken = function* (): Generator<void, never> {
      throw new Error('broken');
    };
    await expect(inSpareSlices(broken())).rejects.toThrow('broken');
  });
});
