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

test('a restored world expires at the same moments', () => {
  const lab = new ApiWorld();
  const expiry = new EventExpiry(lab.store, lab.timeline);
  event(lab, 'a');
  lab.run(1000);
  const saved = expiry.save();
  expect(saved).toEqual({ keys: ['default/a'], changedMs: [0], revisions: [lab.store.revision] });
  expect(lab.timeline.entriesOf('event-expiry')).toHaveLength(1);
});
