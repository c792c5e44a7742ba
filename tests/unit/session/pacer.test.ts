import { expect, test } from 'vitest';
import { Pacer, type PacerOptions, type Speed } from '../../../src-main/session/pacer.ts';

/** A real clock that moves only when told, an engine of a given strength, and a record of every slice. */
class World {
  realMs = 1000;
  virtualMs = 0;
  readonly slices: { untilMs: number; budgetMs: number; atMs: number }[] = [];
  readonly failures: unknown[] = [];
  /** Virtual milliseconds that the engine manages in one real millisecond. */
  strength = Number.POSITIVE_INFINITY;
  onSlice: () => void = () => {};
  #tasks: { atMs: number; task: () => void }[] = [];
  readonly pacer: Pacer;

  constructor(more: Partial<PacerOptions> = {}) {
    this.pacer = new Pacer({
      now: () => this.realMs,
      schedule: (task, delayMs) => {
        const entry = { atMs: this.realMs + delayMs, task };
        this.#tasks.push(entry);
        return () => {
          this.#tasks = this.#tasks.filter((other) => other !== entry);
        };
      },
      advance: (untilMs, budgetMs) => {
        this.slices.push({ untilMs, budgetMs, atMs: this.realMs });
        const neededMs = (untilMs - this.virtualMs) / this.strength;
        const tookMs = Math.min(budgetMs, neededMs);
        this.realMs += tookMs;
        this.virtualMs = neededMs <= budgetMs ? untilMs : Math.floor(this.virtualMs + tookMs * this.strength);
        this.onSlice();
        return { nowMs: this.virtualMs, idle: this.virtualMs === untilMs };
      },
      failed: (error) => this.failures.push(error),
      ...more,
    });
  }

  get waiting(): number {
    return this.#tasks.length;
  }

  run(realMs: number): void {
    const endMs = this.realMs + realMs;
    for (;;) {
      const next = this.#tasks.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#tasks = this.#tasks.filter((other) => other !== next);
      this.realMs = Math.max(this.realMs, next.atMs);
      next.task();
      if (this.realMs >= endMs) break;
    }
    this.realMs = Math.max(this.realMs, endMs);
  }
}

/** Virtual milliseconds after ten real seconds. */
function check(speed: Speed, strength: number, expected: [from: number, to: number]): void {
  const world = new World();
  world.strength = strength;
  world.pacer.setSpeed(speed);
  world.pacer.play();
  world.run(10_000);
  expect(world.virtualMs).toBeGreaterThanOrEqual(expected[0]);
  expect(world.virtualMs).toBeLessThanOrEqual(expected[1]);
  for (const slice of world.slices) expect(slice.budgetMs).toBe(8);
  expect(world.pacer.achievedSpeed).toBeGreaterThan((expected[0] / 10_000) * 0.95);
  expect(world.pacer.achievedSpeed).toBeLessThan((expected[1] / 10_000) * 1.05);
}

test.each<[Speed, number, [number, number]]>([
  [1, Number.POSITIVE_INFINITY, [9_980, 10_000]],
  [0.1, Number.POSITIVE_INFINITY, [998, 1_000]],
  [100, Number.POSITIVE_INFINITY, [998_000, 1_000_000]],
  [100, 1_000, [990_000, 1_000_000]], // the engine has to work for it
  [1_000, 50, [490_000, 500_100]], // the engine cannot keep up: it runs without pause and loses the rest
  ['max', 50, [490_000, 500_100]],
])('speed %s with an engine of strength %s', check);

test('what was not managed is forgotten, not owed', () => {
  const world = new World();
  world.strength = 10;
  world.pacer.setSpeed(100);
  world.pacer.play();
  world.run(5_000);
  const slowMs = world.virtualMs;
  world.strength = Number.POSITIVE_INFINITY;
  world.run(1_000);
  expect(world.virtualMs - slowMs).toBeLessThan(100 * 1_000 + 100 * 40);
});

test('a laptop that slept does not leap', () => {
  const world = new World();
  world.pacer.play();
  world.run(1_000);
  const beforeMs = world.virtualMs;
  world.realMs += 3_600_000;
  world.run(100);
  expect(world.virtualMs - beforeMs).toBeLessThan(500);
});

test('paused, there is no timer and no slice; playing goes on from the same instant', () => {
  const world = new World();
  expect(world.waiting).toBe(0);
  world.pacer.play();
  world.pacer.play();
  expect(world.waiting).toBe(1);
  world.run(1_000);
  world.pacer.pause();
  expect([world.waiting, world.pacer.playing, world.pacer.achievedSpeed]).toEqual([0, false, 0]);
  const { length } = world.slices;
  const pausedMs = world.virtualMs;
  world.run(60_000);
  expect(world.slices.length).toBe(length);
  world.pacer.play();
  world.run(1_000);
  expect(world.virtualMs - pausedMs).toBeLessThanOrEqual(1_000);
  expect(world.virtualMs - pausedMs).toBeGreaterThan(950);
});

test('a pause from inside a slice holds', () => {
  const world = new World();
  world.onSlice = () => world.pacer.pause();
  world.pacer.play();
  world.run(1_000);
  expect([world.slices.length, world.waiting, world.pacer.playing]).toEqual([1, 0, false]);
});

test('after a jump or a restored snapshot time goes on from there', () => {
  const world = new World();
  world.pacer.play();
  world.run(1_000);
  world.virtualMs = 500_000;
  world.pacer.resync(500_000);
  world.run(1_000);
  expect(world.virtualMs).toBeGreaterThan(500_900);
  expect(world.virtualMs).toBeLessThanOrEqual(501_000);
  expect(world.waiting).toBe(1);
});

test('a quiet cluster at full speed costs one slice a frame', () => {
  const world = new World();
  world.pacer.setSpeed('max');
  world.pacer.play();
  world.run(1_600);
  expect(world.slices.length).toBeLessThanOrEqual(102);
  expect(world.virtualMs).toBeGreaterThan(3_600_000);
});

test('an engine that throws stops the clock and is reported', () => {
  const broken = new Error('assertion failed');
  const world = new World({
    advance: () => {
      throw broken;
    },
  });
  world.pacer.play();
  world.run(1_000);
  expect([world.failures, world.pacer.playing, world.waiting]).toEqual([[broken], false, 0]);
});

test.each([0, 0.05, -1, Number.NaN, Number.POSITIVE_INFINITY])('speed %s is refused', (speed) => {
  expect(() => new World().pacer.setSpeed(speed)).toThrow("speed must be 'max' or at least 0.1");
});

test.each<[Speed]>([[60], ['max']])('at speed %s time that is held back goes as fast as real time until it is released', (speed) => {
  const world = new World();
  world.pacer.setSpeed(speed);
  world.pacer.play();
  world.run(1000);
  const heldAtMs = world.virtualMs;
  world.pacer.hold('kubectl');
  world.run(100);
  expect(world.virtualMs - heldAtMs).toBeGreaterThan(80);
  expect(world.virtualMs - heldAtMs).toBeLessThanOrEqual(100);
  world.pacer.release('kubectl');
  world.run(100);
  expect(world.virtualMs - heldAtMs).toBeGreaterThan(5000);
});

test('who holds time back and forgets it holds it for a moment only, and slow time is not held', () => {
  const world = new World();
  world.pacer.setSpeed(60);
  world.pacer.play();
  world.pacer.hold('a');
  world.pacer.hold('b');
  world.pacer.release('b');
  world.run(1250);
  expect(world.virtualMs).toBeGreaterThan(58_000);
  const slow = new World();
  slow.pacer.setSpeed(0.5);
  slow.pacer.play();
  slow.pacer.hold('a');
  slow.run(1000);
  expect(slow.virtualMs).toBeGreaterThan(480);
});
