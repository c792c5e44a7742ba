// What a kubelet does about a disk that fills up: every five minutes it deletes images that nobody uses, oldest first, and says when that is not enough.
import { expect, test } from 'vitest';
import { TestCluster } from '../../../support/test-cluster.ts';

const GB = 1_000_000_000;

/** A pod that comes and goes, and leaves its image; or one that stays and writes. */
const visitor = (name: string, bytes: number): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, annotations: {orrery.dev/image-bytes: "${bytes}", orrery.dev/run-seconds: "1"}}
spec: {restartPolicy: Never, containers: [{name: app, image: "example.com/${name}:1", command: [sleep, "1"]}]}
`;
const writer = (perSecond: number): string => `
apiVersion: v1
kind: Pod
metadata: {name: writer, annotations: {orrery.dev/disk-growth-bytes-per-second: "${perSecond}"}}
spec: {containers: [{name: app, image: "busybox:1.36", command: [sleep, infinity]}]}
`;

function check(
  visitors: readonly number[],
  perSecond: number,
  time: string,
  expected: { images: readonly string[]; events: readonly string[] },
) {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  for (const [index, bytes] of visitors.entries()) {
    cluster.apply(visitor(`v${index}`, bytes)).run('12m');
    cluster.world.command({ type: 'delete', kind: 'Pod', key: `default/v${index}`, options: { gracePeriodSeconds: 0 } });
  }
  cluster.apply(writer(perSecond)).run(time);
  const worker = cluster.world.store.table('Node').get('worker-1') as unknown as { status: { images?: { names: string[] }[] } };
  const events = [...cluster.world.store.table('Event').values()] as unknown as readonly { reason: string; message: string }[];
  expect({
    images: (worker.status.images ?? [])
      .flatMap(({ names }) => names.filter((name) => name.includes('example.com') && !name.includes('@')))
      .sort(),
    events: events.filter(({ reason }) => /ImageGC|FreeDisk/.test(reason)).map(({ reason, message }) => `${reason}: ${message}`),
  }).toEqual(expected);
}

test('a disk with room keeps all', () =>
  check([4 * GB, 4 * GB], 1000, '20m', { images: ['example.com/v0:1', 'example.com/v1:1'], events: [] }));
test('the oldest images go until the lower mark is reached', () =>
  check([8 * GB, 8 * GB], 3_000_000, '7h15m', { images: ['example.com/v1:1'], events: [] }));
test('what is no image stays, and is told of', () =>
  check([], 3_000_000, '8h27m', {
    images: [],
    events: [
      expect.stringMatching(
        /^FreeDiskSpaceFailed: Failed to garbage collect required amount of images. Attempted to free \d+ bytes, but only found 0 bytes eligible to free.$/,
      ) as never,
    ],
  }));
