import { expect, test } from 'vitest';
import { Unreachable } from '../../../../src-main/engine/client/component.ts';
import { initialReconcileLoopState, ReconcileLoop, type ReconcileLoopState } from '../../../../src-main/engine/client/reconcile-loop.ts';
import { conflict } from '../../../../src-main/engine/meta/status-error.ts';
import { Timeline, type TimelineState } from '../../../../src-main/engine/time/timeline.ts';

type Saved = { readonly timeline: TimelineState; readonly loop: ReconcileLoopState };

/** A loop whose reconciler costs `costMs` and does what `work` says. */
class World {
  readonly timeline: Timeline;
  readonly loop: ReconcileLoop;
  readonly log: string[] = [];
  costMs = 0;
  work: (key: string) => void = () => {};
  spentMs = 0;

  constructor(workers = 1, saved: Saved | null = null) {
    this.timeline = saved === null ? Timeline.start(0, 1) : new Timeline(saved.timeline);
    this.loop = new ReconcileLoop(this.timeline, saved?.loop ?? initialReconcileLoopState(), {
      owner: 'controller',
      workers,
      reconcile: (key) => {
        this.log.push(`${this.timeline.nowMs} ${key}`);
        this.spentMs += this.costMs;
        this.work(key);
      },
      takeCostMs: () => {
        const spentMs = this.spentMs;
        this.spentMs = 0;
        return spentMs;
      },
    });
    this.timeline.handle('controller', (name, key) => this.loop.onTimer(name, key));
  }

  add(...keys: string[]): this {
    for (const key of keys) this.loop.add(key);
    return this;
  }

  run(ms = 1000): readonly string[] {
    this.timeline.advance(this.timeline.nowMs + ms, 100_000);
    return this.log;
  }

  save(): Saved {
    return JSON.parse(JSON.stringify({ timeline: this.timeline.save(), loop: this.loop.save() }));
  }
}

test('a key that is added often is worked on once', () => expect(new World().add('a', 'b', 'a', 'a').run()).toEqual(['0 a', '0 b']));

test('a worker is busy for what its calls cost, the others wait their turn', () => {
  const world = new World(2).add('a', 'b', 'c', 'd', 'e');
  world.costMs = 10;
  expect(world.run()).toEqual(['0 a', '0 b', '10 c', '10 d', '20 e']);
});

test('calls that no worker made keep none busy', () => {
  const world = new World(1).add('a', 'b');
  world.spentMs = 50;
  world.costMs = 10;
  expect(world.run()).toEqual(['0 a', '10 b']);
});

test('a key that changes while it is worked on is looked at again afterwards, once', () => {
  const world = new World(4).add('a');
  world.costMs = 10;
  world.run(5);
  world.add('a', 'a');
  expect(world.run()).toEqual(['0 a', '10 a']);
});

test('a reconciler that adds its own key comes back', () => {
  const world = new World().add('a');
  world.work = (key) => {
    if (world.log.length < 3) world.add(key);
  };
  expect(world.run()).toEqual(['0 a', '0 a', '0 a']);
});

test('failures wait 5 ms, then twice as long each time, and success forgets them', () => {
  const world = new World().add('a');
  world.work = (key) => {
    if (world.log.length % 5 !== 0) throw conflict({ group: '', resource: 'pods' }, key);
  };
  expect(world.run()).toEqual(['0 a', '5 a', '15 a', '35 a', '75 a']);
  world.add('a');
  expect(world.run().slice(5)).toEqual(['1000 a', '1005 a', '1015 a', '1035 a', '1075 a']);
});

test('the wait ends growing at 1000 seconds', () => {
  const world = new World().add('a');
  world.work = () => {
    throw new Unreachable('cut off');
  };
  const times = world.run(10_000_000).map((line) => Number(line.split(' ')[0]));
  const waits = times.slice(1).map((time, index) => time - (times[index] as number));
  expect(waits.slice(0, 4)).toEqual([5, 10, 20, 40]);
  expect(Math.max(...waits)).toBe(1_000_000);
});

test('a programmer error is not tried again', () => {
  const world = new World().add('a');
  world.work = () => {
    throw new TypeError('oops');
  };
  expect(() => world.run()).toThrow('oops');
});

test('later is later, and a key that waits already is not doubled', () => {
  const world = new World();
  world.loop.addAfter('a', 50);
  world.loop.addAfter('b', 0);
  world.loop.addAfter('a', 50);
  expect(world.run()).toEqual(['0 b', '50 a']);
});

test('a key may have the name of something that every object inherits', () => {
  const world = new World().add('constructor');
  world.work = (key) => {
    if (world.log.length < 3) throw conflict({ group: '', resource: 'pods' }, key);
    world.loop.addAfter('valueOf', 10);
  };
  expect(world.run(20)).toEqual(['0 constructor', '5 constructor', '15 constructor']);
  expect(world.run(20).slice(3)).toEqual(['25 valueOf', '35 valueOf']);
});

test('restored in the middle of work it goes on the same', () => {
  const begin = () => {
    const world = new World(2);
    world.costMs = 10;
    world.work = (key) => {
      if (key === 'b') throw new Unreachable('cut off');
    };
    world.add('a', 'b', 'c', 'd').run(15);
    world.add('c', 'e');
    return world;
  };
  const world = begin();
  const restored = new World(2, world.save());
  restored.costMs = 10;
  restored.work = world.work;
  const before = world.log.length;
  world.run();
  expect(restored.run()).toEqual(world.log.slice(before));
  expect(restored.save()).toEqual(world.save());
});

test('an unknown timer stops the world', () => expect(() => new World().loop.onTimer('queue/x', 'a')).toThrow('unknown timer: queue/x'));

test('a reconciler that asks to come back at the limited rate waits longer each time', () => {
  const world = new World().add('a');
  world.work = (key) => {
    if (world.log.length < 5) world.loop.addRateLimited(key);
  };
  expect(world.run()).toEqual(['0 a', '5 a', '15 a', '35 a', '75 a']);
});

test('a key that comes later comes once, at the soonest of the times it was given', () => {
  const world = new World();
  for (const delayMs of [500, 300, 400, 300]) world.loop.addAfter('a', delayMs);
  world.loop.addAfter('b', 200);
  expect(world.run()).toEqual(['200 b', '300 a']);
  world.loop.addAfter('a', 100);
  expect(world.run()).toEqual(['200 b', '300 a', '1100 a']);
});

test('a world that is opened again knows what comes later', () => {
  const world = new World();
  world.loop.addAfter('a', 500);
  const again = new World(1, world.save());
  again.loop.addAfter('a', 700);
  again.loop.addAfter('a', 100);
  expect(again.run()).toEqual(['100 a']);
});
