import { expect, test } from 'vitest';
import { judgePressure, noPressure, parseThresholds, type Threshold } from '../../../../src-main/engine/kubelet/eviction-thresholds.ts';

const MI = 1024 * 1024;
const hard = parseThresholds('memory.available<100Mi,nodefs.available<10%', new Map());
const reclaiming = parseThresholds('memory.available<100Mi', new Map([['memory.available', '200Mi']]));
const soft = parseThresholds('memory.available<500Mi', new Map()).map((threshold) => ({ ...threshold, graceMs: 90_000 }));

/** Looks at [seconds, MiB of memory left, percent of disk left]: what is acted upon, and which conditions hold. */
function check(
  thresholds: readonly Threshold[],
  looks: readonly (readonly [number, number, number])[],
  ...expected: readonly string[]
): void {
  let memory = noPressure;
  const told = looks.map(([seconds, left, share]) => {
    const disk = { available: share, capacity: 100 };
    const observations = {
      'memory.available': { available: left * MI, capacity: 4096 * MI },
      'nodefs.available': disk,
      'nodefs.inodesFree': disk,
      'imagefs.available': disk,
      'imagefs.inodesFree': disk,
      'pid.available': disk,
    };
    const pressure = judgePressure(thresholds, memory, observations, seconds * 1000, 300_000);
    memory = pressure.memory;
    return `${pressure.due.map(({ signal }) => signal).join()} ${pressure.conditions.join()}`.trim();
  });
  expect(told).toEqual(expected);
}

test('enough of all', () => check(hard, [[0, 100, 10]], ''));
test('too little memory', () => check(hard, [[0, 99, 10]], 'memory.available MemoryPressure'));
test('memory before disk', () => check(hard, [[0, 99, 9]], 'memory.available,nodefs.available MemoryPressure,DiskPressure'));
test('a condition stays for five minutes', () =>
  check(
    hard,
    [
      [0, 99, 50],
      [10, 900, 50],
      [299, 900, 50],
      [300, 900, 50],
    ],
    'memory.available MemoryPressure',
    'MemoryPressure',
    'MemoryPressure',
    '',
  ));
test('what is to be reclaimed counts once it was short', () =>
  check(
    reclaiming,
    [
      [0, 250, 50],
      [10, 99, 50],
      [20, 250, 50],
      [30, 300, 50],
    ],
    '',
    'memory.available MemoryPressure',
    'memory.available MemoryPressure',
    'MemoryPressure',
  ));
test('a soft threshold waits for its grace period, and says so at once', () =>
  check(
    soft,
    [
      [0, 400, 50],
      [80, 400, 50],
      [90, 400, 50],
    ],
    'MemoryPressure',
    'MemoryPressure',
    'memory.available MemoryPressure',
  ));
test('a soft threshold that is left in time begins anew', () =>
  check(
    soft,
    [
      [0, 400, 50],
      [60, 600, 50],
      [100, 400, 50],
      [150, 400, 50],
    ],
    'MemoryPressure',
    'MemoryPressure',
    'MemoryPressure',
    'MemoryPressure',
  ));
test('inodes are of the disk, process ids a matter of their own', () =>
  check(
    parseThresholds('nodefs.inodesFree<5%,pid.available<3', new Map()),
    [
      [0, 900, 4],
      [10, 900, 2],
    ],
    'nodefs.inodesFree DiskPressure',
    'nodefs.inodesFree,pid.available DiskPressure,PIDPressure',
  ));
test('what cannot be read is left out', () =>
  expect(parseThresholds('containerfs.available<10%,memory.available<lots,toString<5%', new Map())).toEqual([]));
