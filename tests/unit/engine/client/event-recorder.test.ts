import { describe, expect, test } from 'vitest';
import { EVENTS, EventSink, initialEventRecorderState } from '../../../../src-main/engine/client/event-recorder.ts';
import { type Event, eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';
import { ApiWorld, USER } from '../api/api-world.ts';

const source = { component: 'kubelet', host: 'worker-1' };

class World extends ApiWorld {
  isCut = false;
  sink = new EventSink(this.server, this.timeline, initialEventRecorderState(), () => !this.isCut);
  readonly pod: ApiObject = this.server.create(
    podKind,
    { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    USER,
  );

  constructor() {
    super();
    this.timeline.handle(EVENTS, (_retry, key) => this.sink.onTimer(key));
  }

  /** Through JSON and back. */
  reopen(): this {
    this.sink = new EventSink(this.server, this.timeline, JSON.parse(JSON.stringify(this.sink.save())), () => !this.isCut);
    return this;
  }

  cut(isCut = true): this {
    this.isCut = isCut;
    return this;
  }

  say(message: string, reason = 'BackOff', from = source): this {
    this.sink.record(from, this.pod, 'Warning', reason, message);
    return this;
  }

  events(): readonly Event[] {
    return this.server.list<Event>(eventKind);
  }

  lines(): readonly string[] {
    return this.events().map(({ reason, message, count }) => `${reason} x${count} ${message}`);
  }
}

test('an event names its object, its source and its time', () => {
  const world = new World();
  const [event] = world.run(1500).say('Back-off').events();
  expect(event).toMatchObject({
    metadata: { namespace: 'default', name: expect.stringMatching(/^web\.[0-9a-f]{16}$/) },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'web', uid: world.pod.metadata.uid },
    reason: 'BackOff',
    message: 'Back-off',
    type: 'Warning',
    count: 1,
    source: { component: 'kubelet', host: 'worker-1' },
    firstTimestamp: '2025-06-01T08:00:01Z',
    lastTimestamp: '2025-06-01T08:00:01Z',
    reportingComponent: 'kubelet',
    reportingInstance: 'worker-1',
  });
});

test('the same again is counted', () => {
  const world = new World().say('a').run(10_000) as World;
  world.say('a').say('b');
  expect(world.lines()).toEqual(['BackOff x2 a', 'BackOff x1 b']);
  expect(world.events()[0]).toMatchObject({ firstTimestamp: '2025-06-01T08:00:00Z', lastTimestamp: '2025-06-01T08:00:10Z' });
});

test('two containers of a pod are counted apart', () => {
  const world = new World();
  for (const path of ['spec.containers{a}', 'spec.containers{b}', 'spec.containers{a}'])
    world.sink.record(source, world.pod, 'Normal', 'Pulled', 'Container image "nginx" already present on machine', path);
  expect(world.events().map(({ involvedObject, count }) => [involvedObject.fieldPath, count])).toEqual([
    ['spec.containers{a}', 2],
    ['spec.containers{b}', 1],
  ]);
});

test('the tenth message of one reason within ten minutes is combined with those that follow', () => {
  const world = new World();
  for (let index = 1; index <= 12; index += 1) world.say(`message ${index}`);
  expect(world.lines().slice(8)).toEqual(['BackOff x1 message 9', 'BackOff x3 (combined from similar events): message 12']);
});

test('after ten quiet minutes messages stand for themselves again', () => {
  const world = new World();
  for (let index = 1; index <= 9; index += 1) world.say(`message ${index}`);
  world.run(601_000);
  world.say('message 10');
  expect(world.lines().at(-1)).toBe('BackOff x1 message 10');
});

test('an object that talks too much is heard once in five minutes, but every time is counted', () => {
  const world = new World();
  for (let index = 0; index < 40; index += 1) world.say('a');
  expect(world.lines()).toEqual(['BackOff x25 a']);
  world.run(300_000);
  world.say('a');
  expect(world.lines()).toEqual(['BackOff x41 a']);
});

test('another source has a budget of its own', () => {
  const world = new World();
  for (let index = 0; index < 30; index += 1) world.say('a');
  world.say('b', 'FailedScheduling', { component: 'default-scheduler', host: '' });
  expect(world.lines()).toEqual(['BackOff x25 a', 'FailedScheduling x1 b']);
  expect(world.events()[1]?.source).toEqual({ component: 'default-scheduler' });
});

test('an event that has expired meanwhile is made again and goes on counting', () => {
  const world = new World().say('a');
  world.server.delete(eventKind, `default/${world.events()[0]?.metadata.name}`, {}, USER);
  world.run(5000);
  world.say('a');
  expect(world.lines()).toEqual(['BackOff x2 a']);
  expect(world.events()[0]).toMatchObject({ firstTimestamp: '2025-06-01T08:00:00Z', lastTimestamp: '2025-06-01T08:00:05Z' });
});

test('a restored recorder goes on counting', () => {
  expect(new World().say('a').reopen().say('a').lines()).toEqual(['BackOff x2 a']);
});

test('names stay apart within a millisecond', () => {
  const world = new World();
  for (let index = 0; index < 9; index += 1) world.say(`message ${index}`);
  expect(new Set(world.events().map(({ metadata }) => metadata.name)).size).toBe(9);
});

describe('a source that cannot reach the API server', () => {
  /** Events as they stand after the source was cut off at 10 s, spoke, and was joined again `afterMs` later. */
  function check(afterMs: number, expected: readonly string[], act: (world: World) => void = (world) => world.say('a')): World {
    const world = new World().run(10_000).cut() as World;
    act(world);
    world.run(afterMs);
    expect(world.lines()).toEqual([]);
    world.cut(false).run(10_000);
    expect(world.events().map((event) => `${event.lastTimestamp?.slice(14, 19)} ${event.reason} x${event.count} ${event.message}`)).toEqual(
      expected,
    );
    return world;
  }

  test('writes what it had to tell when it can again, as of when it happened', () => check(60_000, ['00:10 BackOff x1 a']));

  test('gives an event up after twelve tries', () => check(115_000, []));

  test('counts and combines what waits, in its order', () =>
    check(30_000, ['00:25 BackOff x2 a', '00:25 Killing x1 b', '00:40 BackOff x1 c'], (world) => {
      world.say('a').run(15_000);
      world.say('b', 'Killing').say('a').run(15_000);
      world.say('c');
    }));

  test('gives what waits behind a lost event tries of its own', () =>
    check(115_000, ['00:10 BackOff x1 b'], (world) => {
      world.say('a').say('b');
    }));

  test('keeps a thousand', () => {
    const world = check(1000, ['00:10 BackOff x25 a'], (at) => {
      for (let index = 0; index < 1200; index += 1) at.say('a');
    });
    world.run(300_000);
    expect(world.say('a').lines()).toEqual(['BackOff x1002 a']);
  });

  test('goes on waiting in a world that was opened again', () => check(60_000, ['00:10 BackOff x1 a'], (world) => world.say('a').reopen()));

  test('forgets with its process what waited', () => check(20_000, [], (world) => world.say('a').sink.forget('kubelet', 'worker-1')));
});

test('a process that has ended no longer knows what it had counted', () => {
  const world = new World().say('a').say('b', 'FailedScheduling', { component: 'default-scheduler', host: '' });
  world.sink.forget('kubelet');
  world.say('a').say('b', 'FailedScheduling', { component: 'default-scheduler', host: '' });
  expect(world.lines()).toEqual(['BackOff x1 a', 'FailedScheduling x2 b', 'BackOff x1 a']);
});
