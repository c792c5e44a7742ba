import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inOneGo, type Steps } from '../../../../src-main/engine/base/in-one-go.ts';
import { Timeline, type TimelineState } from '../../../../src-main/engine/time/timeline.ts';

interface Plan {
  readonly delayMs: number;
  readonly children: readonly number[];
  readonly cancels: boolean;
}

/** A small world whose entries make and cancel others, and draw from chance. */
class World {
  readonly timeline: Timeline;
  readonly log: string[];
  readonly #ids: number[];

  constructor(saved: { timeline: TimelineState; log: string[]; ids: number[] } | null = null) {
    this.timeline = saved === null ? Timeline.start(1_000_000, 42) : new Timeline(saved.timeline);
    this.log = [...(saved?.log ?? [])];
    this.#ids = [...(saved?.ids ?? [])];
    this.timeline.handle('a', (name, key, detail) => {
      const steps = this.#run(name, key, detail as unknown as Plan);
      if (name === 'plan') return steps;
      inOneGo(steps);
    });
  }

  *#run(name: string, key: string, { children, cancels }: Plan): Steps {
    this.log.push(`${this.timeline.nowMs} ${name} ${key} ${this.timeline.stream(key).below(100)}`);
    for (const delayMs of children)
      yield void this.#ids.push(this.timeline.schedule('a', 'child', key, delayMs, { delayMs, children: [], cancels: false }));
    if (cancels) this.timeline.cancel(this.#ids.pop() ?? -1);
  }

  plan(plans: readonly Plan[]): this {
    plans.forEach((plan, index) => {
      this.#ids.push(this.timeline.schedule('a', 'plan', `k${index % 3}`, plan.delayMs, plan as never));
    });
    return this;
  }

  save(): { timeline: TimelineState; log: string[]; ids: number[] } {
    this.timeline.settle();
    return JSON.parse(JSON.stringify({ timeline: this.timeline.save(), log: this.log, ids: this.#ids }));
  }
}

const plans = fc.array(fc.record({ delayMs: fc.nat(60), children: fc.array(fc.nat(40), { maxLength: 3 }), cancels: fc.boolean() }), {
  maxLength: 25,
});

test('many short steps are one long step', () => {
  fc.assert(
    fc.property(plans, fc.array(fc.tuple(fc.nat(20), fc.nat(4)), { maxLength: 40 }), (list, steps) => {
      const whole = new World().plan(list);
      whole.timeline.advance(500, Number.POSITIVE_INFINITY);
      const pieces = new World().plan(list);
      let untilMs = 0;
      for (const [more, budget] of steps) {
        untilMs = Math.max(untilMs, pieces.timeline.nowMs) + more;
        if (untilMs <= 500) pieces.timeline.advance(untilMs, budget);
      }
      pieces.timeline.advance(500, Number.POSITIVE_INFINITY);
      expect(pieces.save()).toEqual(whole.save());
    }),
  );
});

test('saved midway and restored, it goes on the same', () => {
  fc.assert(
    fc.property(plans, fc.nat(100), fc.nat(30), (list, untilMs, budget) => {
      const world = new World().plan(list);
      world.timeline.advance(untilMs, budget);
      const restored = new World(world.save());
      world.timeline.advance(500, Number.POSITIVE_INFINITY);
      restored.timeline.advance(500, Number.POSITIVE_INFINITY);
      expect(restored.save()).toEqual(world.save());
    }),
  );
});

test('entries run in order of due time, then of scheduling', () => {
  const world = new World();
  const plan = (delayMs: number): Plan => ({ delayMs, children: [], cancels: false });
  world.plan([plan(5), plan(3), plan(5), plan(0)]);
  world.timeline.advance(10, Number.POSITIVE_INFINITY);
  expect(world.log.map((line) => line.split(' ').slice(0, 3).join(' '))).toEqual(['0 plan k0', '3 plan k1', '5 plan k0', '5 plan k2']);
});

test('a step with too small a budget stops between entries and says so', () => {
  const world = new World().plan([1, 2, 3].map((delayMs) => ({ delayMs, children: [], cancels: false })));
  expect(world.timeline.advance(10, 2)).toBe(false);
  expect([world.timeline.nowMs, world.timeline.processed, world.timeline.pending]).toEqual([2, 2, 1]);
  expect(world.timeline.advance(10, 1)).toBe(true);
  expect([world.timeline.nowMs, world.timeline.nextDueMs()]).toEqual([10, null]);
});

test('part of a millisecond waits for the whole one', () => {
  const timeline = Timeline.start(0, 1);
  const id = timeline.schedule('a', 'x', '', 0.2);
  expect(timeline.dueMs(id)).toBe(1);
  timeline.advance(0.9, 10);
  expect(timeline.nowMs).toBe(0);
});

test('time does not go back', () => {
  const timeline = Timeline.start(0, 1);
  timeline.advance(100, 1);
  timeline.advance(50, 1);
  expect(timeline.nowMs).toBe(100);
});

test('what was cancelled is gone, and cancelling twice does nothing', () => {
  const timeline = Timeline.start(0, 1);
  const id = timeline.schedule('a', 'x', '', 5);
  timeline.cancel(id);
  timeline.cancel(id);
  timeline.cancel(99);
  expect([timeline.dueMs(id), timeline.pending]).toEqual([null, 0]);
});

test('a long entry is left between two of its steps and ended before anybody else comes', () => {
  const timeline = Timeline.start(0, 1);
  const log: string[] = [];
  timeline.handle('a', function* (_name, key) {
    for (let part = 1; part <= 3; part += 1) {
      log.push(`${key}${part}`);
      yield;
    }
  });
  timeline.schedule('a', 'x', 'one', 5);
  timeline.schedule('a', 'x', 'two', 5);
  expect([timeline.advance(10, 2), timeline.nowMs, timeline.processed, log.join()]).toEqual([false, 5, 1, 'one1,one2']);
  timeline.settle();
  expect([timeline.current, timeline.nowMs, log.join()]).toEqual([null, 5, 'one1,one2,one3']);
  timeline.settle();
  expect([timeline.advance(10, 1), timeline.step(), timeline.advance(10, 0)]).toEqual([false, false, true]);
  expect([timeline.nowMs, timeline.processed, log.slice(3).join()]).toEqual([10, 2, 'two1,two2,two3']);
});

test('a countdown is told when it begins, when it is cancelled and when it ends', () => {
  const timeline = Timeline.start(0, 1);
  const told: string[] = [];
  timeline.handle('a', () => {});
  timeline.onCountdown = (entry, begins) => told.push(`${timeline.nowMs} ${entry.countdown?.name} ${begins}`);
  const arc = (name: string) => ({ kind: 'Node', key: 'worker-1', name, fromMs: 0 });
  const first = timeline.schedule('a', 'x', '', 5, null, arc('grace'));
  timeline.schedule('a', 'x', '', 7, null, arc('toleration'));
  expect(timeline.countdowns()).toHaveLength(2);
  timeline.cancel(first);
  timeline.advance(10, 10);
  expect(told).toEqual(['0 grace true', '0 toleration true', '0 grace false', '7 toleration false']);
  expect(timeline.countdowns()).toEqual([]);
});

test('streams of chance do not disturb one another', () => {
  const alone = Timeline.start(0, 9).stream('kubelet').uint32();
  const timeline = Timeline.start(0, 9);
  timeline.stream('scheduler').uint32();
  expect(timeline.stream('kubelet').uint32()).toBe(alone);
  expect(Timeline.start(0, 10).stream('kubelet').uint32()).not.toBe(alone);
});

test('timestamps are whole seconds of virtual time', () => {
  const timeline = Timeline.start(1_748_764_800_000, 1);
  timeline.advance(1999, 1);
  expect(timeline.timestamp()).toBe('2025-06-01T08:00:01Z');
  timeline.advance(2000, 1);
  expect(timeline.timestamp()).toBe('2025-06-01T08:00:02Z');
});

test('what cannot be run stops the world', () => {
  const timeline = Timeline.start(0, 1);
  expect(() => timeline.schedule('a', 'x', '', -1)).toThrow('delay must be a number of milliseconds, not -1');
  expect(() => timeline.schedule('a', 'x', '', Number.NaN)).toThrow('not NaN');
  timeline.schedule('nobody', 'x', '', 0);
  expect(() => timeline.step()).toThrow('no handler for owner: nobody');
  timeline.handle('a', () => {});
  expect(() => timeline.handle('a', () => {})).toThrow('owner has a handler already: a');
});
