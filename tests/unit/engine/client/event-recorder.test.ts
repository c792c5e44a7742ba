import { expect, test } from 'vitest';
import { EventSink, initialEventRecorderState } from '../../../../src-main/engine/client/event-recorder.ts';
import { type Event, eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';
import { ApiWorld, USER } from '../api/api-world.ts';

const source = { component: 'kubelet', host: 'worker-1' };

class World extends ApiWorld {
  sink = new EventSink(this.server, this.timeline, initialEventRecorderState());
  readonly pod: ApiObject = this.server.create(
    podKind,
    { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx' }] } },
    USER,
  );

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
  const world = new World().say('a');
  world.sink = new EventSink(world.server, world.timeline, JSON.parse(JSON.stringify(world.sink.save())));
  expect(world.say('a').lines()).toEqual(['BackOff x2 a']);
});

test('names stay apart within a millisecond', () => {
  const world = new World();
  for (let index = 0; index < 9; index += 1) world.say(`message ${index}`);
  expect(new Set(world.events().map(({ metadata }) => metadata.name)).size).toBe(9);
});
