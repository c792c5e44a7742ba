// The use of a process in closed form is what counting it millisecond by millisecond would give.
import { expect, test } from 'vitest';
import { resourceProfile } from '../../../../src-main/engine/runtime/resource-profile.ts';
import {
  cpuMillisAt,
  cpuMillisBetween,
  memoryBytesAt,
  type ProcessRun,
  steadyFromMs,
} from '../../../../src-main/engine/runtime/resource-use.ts';

const annotations = {
  'orrery.dev/cpu-millis': '10',
  'orrery.dev/start-up-cpu-millis': '800',
  'orrery.dev/cpu-millis-per-request': '20',
  'orrery.dev/memory-bytes': '1000',
  'orrery.dev/memory-growth-bytes-per-second.app': '500',
};
const run: ProcessRun = {
  startedMs: 1000,
  upMs: 3000,
  profile: resourceProfile({ name: 'app', image: 'nginx' }, annotations),
  cpuMillisMax: 500,
  traffic: [
    { fromMs: 2000, requestsPerSecond: 5 },
    { fromMs: 4000, requestsPerSecond: 10 },
    { fromMs: 6000, requestsPerSecond: 100 },
    { fromMs: 8000, requestsPerSecond: 0 },
  ],
};

function check([fromMs, toMs]: readonly [number, number], expected: number): void {
  expect(cpuMillisBetween(run, fromMs, toMs)).toBeCloseTo(expected, 6);
  let counted = 0;
  const from = Math.max(fromMs, run.startedMs);
  for (let atMs = from; atMs < toMs; atMs += 1) counted += cpuMillisAt(run, atMs);
  expect(toMs > from ? counted / (toMs - from) : 0).toBeCloseTo(expected, 6);
}

test.each<readonly [readonly [number, number], number]>([
  // It never gets more than its limit.
  [[1000, 3000], 500],
  [[3000, 4000], 110],
  [[3500, 4500], 160],
  [[5000, 7000], 355],
  [[9000, 20_000], 10],
  // Only what it lived counts.
  [[0, 3000], 500],
  [[0, 900], 0],
])('%j', check);

test('memory grows with the time it lives', () => expect([1000, 3000].map((atMs) => memoryBytesAt(run, atMs))).toEqual([1000, 2000]));

test('it is steady from its last change on, and never while it grows', () => {
  expect(steadyFromMs(run)).toBe(Number.POSITIVE_INFINITY);
  expect(steadyFromMs({ ...run, profile: { ...run.profile, memoryGrowthBytesPerSecond: 0 } })).toBe(8000);
  expect(steadyFromMs({ ...run, profile: resourceProfile({ name: 'app' }, undefined), traffic: [] })).toBe(3000);
});
