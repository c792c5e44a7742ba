import { describe, expect, test } from 'vitest';
import { Random } from '../../../../src-main/engine/base/random.ts';
import { Hearing, listsAgainMs, resentMs } from '../../../../src-main/engine/client/hearing.ts';
import { Physics } from '../../../../src-main/engine/physics/physics.ts';
import { Timeline } from '../../../../src-main/engine/time/timeline.ts';

describe('a reflector that cannot list', () => {
  /** Least and most time from its first try to the one that comes through, for many draws. */
  function check(joinedMs: number, expected: readonly [least: number, most: number]): void {
    const tries = Array.from({ length: 2000 }, (_, seed) => listsAgainMs(0, joinedMs, Random.seeded(seed)));
    expect(Math.min(...tries)).toBeGreaterThanOrEqual(expected[0]);
    expect(Math.max(...tries)).toBeLessThanOrEqual(expected[1]);
    expect(new Set(tries).size).toBeGreaterThan(100);
  }

  test('tries again after 0.8 to 1.6 seconds', () => check(1, [800, 1600]));
  test('then after 1.6 to 3.2', () => check(1600, [1600, 4800]));
  test('never sleeps for more than a minute', () => check(600_000, [600_000, 660_000]));
  test('after days, too', () => check(1_000_000_000, [1_000_000_000, 1_000_060_000]));
});

test.each([
  [0, 0, 0],
  [0, 1, 200],
  [0, 200, 200],
  [0, 201, 600],
  [0, 20_000, 25_400],
  [5000, 20_000, 30_400],
])('TCP sends again what was sent at %i and finds the link joined at %i', (sentMs, joinedMs, expected) => {
  expect(resentMs(sentMs, joinedMs)).toBe(expected);
});

describe('a node', () => {
  /** Facts about the node, each so many seconds after the one before; expected: how it hears after the last one, and from when. */
  function check(
    facts: readonly (readonly [afterSeconds: number, fact: 'link' | 'kubelet', holds: boolean])[],
    expected: readonly [way: string, fromSeconds: number, untilSeconds: number],
  ): void {
    const timeline = Timeline.start(0, 1);
    const physics = new Physics(timeline);
    const machine = { zone: 'a', region: 'r', bootedAtMs: 0, downloadBytesPerSecond: 1, controlPlane: false } as const;
    physics.set('machine', 'n', { ...machine, powered: true, capacity: { cpu: '1', memory: '1', pods: '1', 'ephemeral-storage': '1' } });
    physics.set('kubelet', 'n', { running: true });
    let hearing = new Hearing(timeline, physics);
    let way = '';
    for (const [afterSeconds, fact, holds] of facts) {
      timeline.advance(timeline.nowMs + afterSeconds * 1000, 1);
      if (fact === 'link') physics.set('link', 'n', { cut: !holds });
      else physics.set('kubelet', 'n', { running: holds });
      way = hearing.follow('n', fact === 'link');
      hearing = new Hearing(timeline, physics, JSON.parse(JSON.stringify(hearing.save())));
    }
    const hears = (timeline.nowMs + hearing.waitMs('n')) / 1000;
    expect([way, hears >= expected[1] && hears <= expected[2] ? 'in time' : hears]).toEqual([expected[0], 'in time']);
  }

  test('that was cut for less than 45 seconds has its old connection', () =>
    check(
      [
        [10, 'link', false],
        [44, 'link', true],
      ],
      ['inTime', 54, 54],
    ));
  test('that was cut for longer lists when its reflector tries again', () =>
    check(
      [
        [10, 'link', false],
        [46, 'link', true],
      ],
      ['anew', 56, 59.8],
    ));
  test('whose kubelet began anew meanwhile has no connection that lives on', () =>
    check(
      [
        [0, 'link', false],
        [5, 'kubelet', false],
        [5, 'kubelet', true],
        [1, 'link', true],
      ],
      ['anew', 11, 13],
    ));
  test('whose kubelet begins anew lists at once', () =>
    check(
      [
        [0, 'link', false],
        [100, 'kubelet', false],
        [5, 'link', true],
        [5, 'kubelet', true],
      ],
      ['anew', 110, 110],
    ));
  test('that is cut again before it has listed has no connection either', () =>
    check(
      [
        [0, 'link', false],
        [600, 'link', true],
        [0, 'link', false],
        [1, 'link', true],
      ],
      ['anew', 601, 603],
    ));
  test('that is cut hears nothing', () => check([[0, 'link', false]], ['silent', 0, 0]));
});
