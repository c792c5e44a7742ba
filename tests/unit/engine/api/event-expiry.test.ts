import { expect, test } from 'vitest';
import { EventExpiry } from '../../../../src-main/engine/api/event-expiry.ts';
import { type Event, eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { ApiWorld, USER } from './api-world.ts';

const HOUR_MS = 3_600_000;

function world(): ApiWorld & { names(): readonly string[] } {
  const made = new ApiWorld();
  new EventExpiry(made.store, made.timeline);
  return Object.assign(made, { names: () => made.server.list<Event>(eventKind).map(({ metadata }) => metadata.name) });
}

const event = (at: ApiWorld, name: string) =>
  at.server.create(
    eventKind,
    { metadata: { name }, involvedObject: { kind: 'Pod', name: 'web', namespace: 'default' }, type: 'Normal', reason: 'x' },
    USER,
  );

test('an event lives an hour, and little more', () => {
  const lab = world();
  event(lab, 'a');
  expect(lab.run(HOUR_MS).names()).toEqual(['a']);
  expect(lab.run(60_000).names()).toEqual([]);
  expect(lab.deltas.at(-1)?.cause).toEqual({ actor: 'etcd', trigger: 'lease expired' });
});

test('an event that is counted up lives an hour from then', () => {
  const lab = world();
  event(lab, 'a');
  event(lab, 'b');
  lab.run(HOUR_MS / 2);
  lab.server.patch(eventKind, 'default/a', (now) => ({ ...now, count: 2 }), USER);
  expect(lab.run(HOUR_MS / 2 + 60_000).names()).toEqual(['a']);
  expect(lab.run(HOUR_MS / 2).names()).toEqual([]);
});

test('when none are left nothing is waited for', () => {
  const lab = world();
  event(lab, 'a');
  lab.run(HOUR_MS + 60_000);
  expect(lab.timeline.pending).toBe(0);
});

test('an event deleted by hand is no trouble', () => {
  const lab = world();
  event(lab, 'a');
  lab.server.delete(eventKind, 'default/a', {}, USER);
  event(lab.run(1000), 'b');
  expect(lab.run(HOUR_MS + 60_000).names()).toEqual([]);
});

test('events come and go for hours, and each lives for one', () => {
  const lab = world();
  const told: string[] = [];
  for (let minute = 0; minute < 300; minute += 1) {
    const name = `e${minute}`;
    if (minute % 97 < 80) event(lab, name);
    // Some are counted up once, the oldest one and the newest among them.
    const counted = minute % 3 === 0 ? lab.names()[0] : minute % 5 === 0 ? lab.names().at(-1) : undefined;
    if (counted !== undefined && !told.includes(counted)) {
      told.push(counted);
      lab.server.patch(eventKind, `default/${counted}`, (now) => ({ ...now, count: minute + 2 }), USER);
    }
    if (minute % 7 === 0 && lab.names()[1] !== undefined) lab.server.delete(eventKind, `default/${lab.names()[1]}`, {}, USER);
    lab.run(60_000);
    const changedMs = new Map(lab.deltas.filter(({ type }) => type !== 'DELETED').map(({ key, atMs }) => [key, atMs]));
    for (const live of lab.names())
      expect(lab.timeline.nowMs - (changedMs.get(`default/${live}`) ?? 0)).toBeLessThanOrEqual(HOUR_MS + 20_000);
  }
  const expired = lab.deltas.filter(({ cause }) => cause.trigger === 'lease expired');
  expect(expired.length).toBeGreaterThan(100);
  for (const { key, atMs, revision } of expired) {
    const change = lab.deltas.findLast((delta) => delta.key === key && delta.revision < revision);
    expect(atMs - (change?.atMs ?? 0)).toBeGreaterThanOrEqual(HOUR_MS);
  }
  lab.run(2 * HOUR_MS);
  expect(lab.names()).toEqual([]);
  expect(lab.timeline.pending).toBe(0);
});

test.each([
  ['nothing more happens', (_lab: ApiWorld) => {}],
  ['another event comes', (lab: ApiWorld) => event(lab, 'c')],
  ['an event is counted up', (lab: ApiWorld) => lab.server.patch(eventKind, 'default/a', (now) => ({ ...now, count: 3 }), USER)],
  ['an event is deleted', (lab: ApiWorld) => lab.server.delete(eventKind, 'default/b', {}, USER)],
])('a restored world expires at the same moments: %s', (_name, then) => {
  const lab = new ApiWorld();
  const expiry = new EventExpiry(lab.store, lab.timeline);
  event(lab, 'a');
  event(lab, 'b');
  lab.run(1000).server.patch(eventKind, 'default/a', (now) => ({ ...now, count: 2 }), USER);
  const saved = expiry.save();
  expect(saved).toEqual({ changedMs: [0, 1000], scheduled: true });
  const other = new ApiWorld({ store: lab.store.save(), timeline: lab.timeline.save() });
  const restored = new EventExpiry(other.store, other.timeline, saved);
  expect(restored.save()).toEqual(saved);
  for (const world of [lab, other]) {
    then(world.run(60_000));
    world.run(2 * HOUR_MS);
  }
  expect(restored.save()).toEqual(expiry.save());
  expect(other.store.save()).toEqual(lab.store.save());
  expect(other.timeline.save()).toEqual(lab.timeline.save());
});

test('times that are not those of the events are refused', () => {
  const lab = new ApiWorld();
  expect(() => new EventExpiry(lab.store, lab.timeline, { changedMs: [0], scheduled: true })).toThrow('1 times for 0 events');
});
