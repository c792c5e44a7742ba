import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ApiServer, noAdmission } from '../../../../src-main/engine/api/server.ts';
import { ServiceAddresses } from '../../../../src-main/engine/api/service-addresses.ts';
import { Store, type StoreState } from '../../../../src-main/engine/api/store.ts';
import { type CacheState, InformerCache, type LaneRules, WATCH } from '../../../../src-main/engine/client/cache.ts';
import { type ConfigMap, configMapKind } from '../../../../src-main/engine/kinds/core/config-map.ts';
import { Timeline, type TimelineState } from '../../../../src-main/engine/time/timeline.ts';

interface Saved {
  readonly timeline: TimelineState;
  readonly store: StoreState;
  readonly cache: CacheState;
}

/** A store and one cache of config maps; `data.node` is the lane. */
class World {
  readonly timeline: Timeline;
  readonly server: ApiServer;
  readonly cache: InformerCache<ConfigMap>;
  readonly heard: string[] = [];
  readonly closed = new Set<string>();

  constructor(lanes = false, saved: Saved | null = null) {
    this.timeline = saved === null ? Timeline.start(0, 7) : new Timeline(saved.timeline);
    const store = new Store(saved?.store, true);
    this.server = new ApiServer(store, this.timeline, noAdmission, new ServiceAddresses(store, this.timeline.stream('x')));
    const rules: LaneRules<ConfigMap> = { of: ({ data }) => data?.['node'] ?? '', open: (node) => !this.closed.has(node) };
    this.cache = new InformerCache('test', 'ConfigMap', store, this.timeline, lanes ? rules : null, saved?.cache ?? null);
    this.timeline.handle(WATCH, (_id, lane) => this.cache.deliver(lane));
    this.timeline.handle('writer', (_name, key) => {
      this.put(key);
    });
    if (saved !== null) this.cache.resume(new Set(this.timeline.entriesOf(WATCH).map(({ key }) => key)));
    this.cache.onChange((next, previous) => {
      const text = (object: ConfigMap | undefined) => (object === undefined ? '-' : `${object.metadata.name}${object.data?.['v'] ?? ''}`);
      this.heard.push(`${text(previous)}>${text(next)}`);
    });
  }

  put(name: string, data: Record<string, string> = {}): this {
    if (this.server.find(configMapKind, `default/${name}`) === undefined)
      this.server.create(configMapKind, { metadata: { name }, data }, 'test');
    else this.server.patch(configMapKind, `default/${name}`, (now) => ({ ...now, data }), 'test');
    return this;
  }

  remove(name: string): this {
    this.server.delete(configMapKind, `default/${name}`, {}, 'test');
    return this;
  }

  run(ms = 100): this {
    this.timeline.advance(this.timeline.nowMs + ms, 10_000);
    return this;
  }

  names(): readonly string[] {
    return [...this.cache.values()].map(({ metadata }) => metadata.name);
  }

  save(): Saved {
    return JSON.parse(JSON.stringify({ timeline: this.timeline.save(), store: this.server.store.save(), cache: this.cache.save() }));
  }
}

describe('news', () => {
  test('travels one to eight milliseconds', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const world = new World().run(seed).put('a');
      expect(world.names()).toEqual([]);
      const due = (world.timeline.nextDueMs() as number) - world.timeline.nowMs;
      expect(due >= 1 && due <= 8).toBe(true);
      expect(world.run(8).names()).toEqual(['a']);
    }
  });

  test('comes in order, each change once', () => {
    const world = new World().put('a', { v: '1' }).put('a', { v: '2' }).put('b').remove('a').put('a', { v: '3' }).run();
    expect(world.heard).toEqual(['->a1', 'a1>a2', '->b', 'a2>-', '->a3']);
  });

  test('of what was there at the start is not told again', () => {
    const world = new World().put('a').run();
    const restored = new World(false, world.save());
    expect([restored.names(), restored.run().heard]).toEqual([['a'], []]);
  });
});

test('what is committed in the millisecond of a delivery travels on, together with what its handlers write', () => {
  for (let delayMs = 1; delayMs <= 8; delayMs += 1) {
    const world = new World();
    world.cache.onChange((next) => {
      if (next?.metadata.name === 'a') world.put('made-by-handler');
    });
    // Scheduled first, so that it runs before a delivery that is due in the same millisecond.
    world.timeline.schedule('writer', 'write', 'b', delayMs);
    world.put('a').run();
    expect([...world.names()].sort()).toEqual(['a', 'b', 'made-by-handler']);
  }
});

describe('indexes', () => {
  const byTeam = (world: World, team: string): readonly string[] => [...world.cache.by('team', team)].map(({ metadata }) => metadata.name);

  test('find by any value, and follow changes', () => {
    const world = new World();
    world.cache.index('team', ({ data }) => (data?.['team'] ?? '').split(',').filter((team) => team !== ''));
    world.put('a', { team: 'x,y' }).put('b', { team: 'y' }).run();
    expect([byTeam(world, 'x'), byTeam(world, 'y'), byTeam(world, 'z')]).toEqual([['a'], ['a', 'b'], []]);
    world.put('a', { team: 'z' }).remove('b').run();
    expect([byTeam(world, 'x'), byTeam(world, 'y'), byTeam(world, 'z')]).toEqual([[], [], ['a']]);
  });

  test('tell objects in the order of all, whenever they got the value: a world that was opened again tells the same', () => {
    const world = new World().put('a').put('b', { team: 'x' }).put('c', { team: 'x' });
    world.cache.index('team', ({ data }) => (data?.['team'] ?? '').split(','));
    world.run();
    expect(byTeam(world, 'x')).toEqual(['b', 'c']);
    world.put('a', { team: 'x' }).put('c', { team: 'x', v: '2' }).run();
    expect(byTeam(world, 'x')).toEqual(['a', 'b', 'c']);
    world.remove('b').put('a', { team: '' }).run();
    expect(byTeam(world, 'x')).toEqual(['c']);
    expect(world.put('a', { team: 'x' }).put('d', { team: 'x' }).run().names()).toEqual(['a', 'c', 'd']);
    expect(byTeam(world, 'x')).toEqual(['a', 'c', 'd']);
  });

  test('declared late they hold what is there', () => {
    const world = new World().put('a').run();
    expect([...world.cache.inNamespace('default')]).toHaveLength(1);
    expect([...world.cache.inNamespace('other')]).toEqual([]);
  });
});

describe('lanes', () => {
  test('an object of no lane is heard of by nobody', () => {
    const world = new World(true).put('a').run();
    expect(world.names()).toEqual([]);
    expect(world.put('a', { node: 'n1' }).run().heard).toEqual(['->a']);
  });

  test('a closed lane waits until it is opened again, others do not', () => {
    const world = new World(true);
    world.closed.add('n1');
    world.put('a', { node: 'n1' }).put('b', { node: 'n2' }).run();
    expect(world.names()).toEqual(['b']);
    world.closed.delete('n1');
    world.cache.reopen('n1');
    expect(world.run().names()).toEqual(['b', 'a']);
  });

  test('a lane that closes with news on its way hears it afterwards', () => {
    const world = new World(true).put('a', { node: 'n1' });
    world.closed.add('n1');
    expect(world.run().names()).toEqual([]);
    world.closed.delete('n1');
    world.cache.reopen('n1');
    expect(world.run().names()).toEqual(['a']);
  });

  test('a name that was made anew on another node: the old node hears of the end of its own', () => {
    const world = new World(true).put('a', { node: 'n1', v: '1' }).run();
    world.closed.add('n1');
    world.remove('a').put('a', { node: 'n2', v: '2' }).run();
    expect(world.heard).toEqual(['->a1', '->a2']);
    expect(world.cache.get('default/a')?.data?.['v']).toBe('2');
    world.closed.delete('n1');
    world.cache.reopen('n1');
    world.run();
    expect(world.heard).toEqual(['->a1', '->a2', 'a1>-']);
    expect(world.cache.get('default/a')?.data?.['v']).toBe('2');
  });

  test('a change of the old one that arrives late does not hide the new one', () => {
    const world = new World(true).put('a', { node: 'n1', v: '1' }).run();
    world.closed.add('n1');
    world.put('a', { node: 'n1', v: '1b' }).remove('a').put('a', { node: 'n2', v: '2' }).run();
    world.closed.delete('n1');
    world.cache.reopen('n1');
    world.run();
    expect(world.heard.at(-1)).toBe('a1b>-');
    expect(world.cache.get('default/a')?.data?.['v']).toBe('2');
    expect(world.names()).toEqual(['a']);
  });
});

type Step = readonly [what: 'put' | 'remove' | 'run' | 'close' | 'open' | 'save', name: number, lane: number];
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('put', 'put', 'remove', 'run', 'run', 'close', 'open', 'save'),
  fc.nat(3),
  fc.nat(2),
);

function perform(world: World, [what, name, lane]: Step, lanes: boolean, serial: number): World {
  const node = `n${lane}`;
  if (what === 'put') {
    const current = world.server.find<ConfigMap>(configMapKind, `default/c${name}`)?.data?.['node'];
    world.put(`c${name}`, { node: current ?? node, v: String(serial) });
  } else if (what === 'remove') {
    if (world.server.find(configMapKind, `default/c${name}`) !== undefined) world.remove(`c${name}`);
  } else if (what === 'run') world.run(name * 2 + 1);
  else if (what === 'close') world.closed.add(node);
  else if (what === 'open') {
    world.closed.delete(node);
    world.cache.reopen(node);
  } else {
    const restored = new World(lanes, world.save());
    for (const closed of world.closed) restored.closed.add(closed);
    return restored;
  }
  return world;
}

for (const lanes of [false, true])
  test(`whatever happens, a cache${lanes ? ' with lanes' : ''} ends up as the store is`, () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let world = new World(lanes);
        steps.forEach((one, serial) => {
          world = perform(world, one, lanes, serial);
        });
        world.closed.clear();
        for (const lane of ['n0', 'n1', 'n2']) world.cache.reopen(lane);
        world.run(1000);
        expect(new Map([...world.cache.values()].map((object) => [object.metadata.name, object]))).toEqual(
          new Map(world.server.list<ConfigMap>(configMapKind).map((object) => [object.metadata.name, object])),
        );
      }),
      { numRuns: 300 },
    );
  });
