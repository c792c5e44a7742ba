import { expect, test } from 'vitest';
import type { ApiObject } from '../../../src-main/engine/meta/object.ts';
import { EventWriter, isWrittenEvent, readEvent } from '../../../src-main/persistence/event-parts.ts';

const event = (name: string, more: object = {}, metadata: object = {}): ApiObject =>
  ({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: {
      name,
      namespace: 'default',
      uid: `u-${name}`,
      resourceVersion: '7',
      creationTimestamp: '2025-06-02T08:00:13Z',
      ...metadata,
    },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name: `p-${name}`, uid: `pu-${name}`, resourceVersion: '3', namespace: 'default' },
    reason: 'Pulled',
    message: `Pulled for ${name}`,
    source: { component: 'kubelet', host: 'worker-1' },
    firstTimestamp: '2025-06-02T08:00:13Z',
    lastTimestamp: '2025-06-02T08:00:14Z',
    count: 1,
    type: 'Normal',
    ...more,
  }) as unknown as ApiObject;

/** Through text, each object is what it was, its members in the same order; `shared` of them is written. */
function check(objects: readonly ApiObject[], shared: number): void {
  const writer = new EventWriter();
  const written = JSON.parse(JSON.stringify({ objects: objects.map((one) => writer.write(one)), shared: writer.shared })) as {
    objects: unknown[];
    shared: unknown[];
  };
  const read = written.objects.map((one) => (isWrittenEvent(one) ? readEvent(one, written.shared) : one));
  expect(JSON.stringify(read)).toBe(JSON.stringify(objects));
  expect(written.shared).toHaveLength(shared);
}

test.each<[string, readonly ApiObject[], number]>([
  ['events of one sort share the rest', [event('a'), event('b')], 1],
  ['another reason, count or host is another sort', [event('a'), event('b', { count: 2 }), event('c', { reason: 'Created' })], 3],
  ['owners are their own', [event('a', {}, { managedFields: 4 }), event('b', {}, { managedFields: 5 }), event('c')], 2],
  [
    'an event without one of its texts stays as it is',
    [event('a', { firstTimestamp: null }), event('b', { involvedObject: undefined })],
    0,
  ],
  ['other kinds are left alone', [{ ...event('a'), kind: 'Pod' }], 0],
])('%s', (_what, objects, shared) => check(objects, shared));

test.each([[[]], [[0, null]], [['0', null, ...Array(10).fill('')]], [[0, null, ...Array(10).fill(1)]]])(
  '%j was not written so',
  (value) => {
    expect(isWrittenEvent(value)).toBe(false);
  },
);

test('what is shared must be there', () => {
  const [written] = [new EventWriter().write(event('a'))];
  expect(() => isWrittenEvent(written) && readEvent(written, [])).toThrow('there is no part 0 of events');
});
