// The scheduler's Events: new ones with the time in microseconds, and series for what is said again of the same version of a pod.
import { expect, test } from 'vitest';
import type { Event } from '../../../../src-main/engine/kinds/core/event.ts';
import { TestCluster } from '../../../support/test-cluster.ts';

const large = `
apiVersion: v1
kind: Pod
metadata: {name: large}
spec: {containers: [{name: a, image: nginx, resources: {requests: {cpu: "50"}}}]}
`;

function told(cluster: TestCluster): readonly Event[] {
  const events = [...(cluster.world.store.table('Event').values() as Iterable<Event>)];
  return events.filter(({ reason }) => reason === 'FailedScheduling');
}

const counts = (cluster: TestCluster): readonly (number | undefined)[] => told(cluster).map(({ series }) => series?.count);

test('who says what of which version, and when', () => {
  const [event] = told(new TestCluster({ workers: 1, zones: 1 }).apply(large).run('1s'));
  expect(event).toMatchObject({
    type: 'Warning',
    reason: 'FailedScheduling',
    action: 'Scheduling',
    eventTime: expect.stringMatching(/\.\d{6}Z$/),
    reportingComponent: 'default-scheduler',
    reportingInstance: 'default-scheduler-control-plane',
  });
  for (const field of ['source', 'count', 'firstTimestamp', 'lastTimestamp', 'series']) expect(event).not.toHaveProperty(field);
});
test('the first time the pod was another: its condition came after', () =>
  expect(counts(new TestCluster({ workers: 1, zones: 1 }).apply(large).run('6m'))).toEqual([undefined, undefined]));
test('the second time is told, the next ones are counted, and written every half hour', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(large);
  const seen = ['11m', '5m', '10m', '6m'].map((time) => counts(cluster.run(time)));
  expect(seen).toEqual([
    [undefined, 2],
    [undefined, 2],
    [undefined, 2],
    [undefined, 5],
  ]);
});
test('a series that goes on is the same after the world was opened again', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(large).run('16m').reopen();
  expect(counts(cluster.run('16m'))).toEqual([undefined, 5]);
});
test('it ends when nothing was said for six minutes', () => {
  const cluster = new TestCluster({ workers: 1, zones: 1 }).apply(large).run('17m');
  expect(counts(cluster)).toEqual([undefined, 2]);
  cluster.world.server.delete(cluster.kind('pod'), 'default/large', { gracePeriodSeconds: 0 }, 'test');
  expect(counts(cluster.run('12m'))).toEqual([undefined, 3]);
});
