// The story of a database on a lost node, told by the whole cluster: the volume stays roped to the dead machine, and its data moves with it afterwards.
import { expect, test } from 'vitest';
import { Cluster } from '../../../../src-main/engine/cluster.ts';
import { eventKind } from '../../../../src-main/engine/kinds/core/event.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { volumeAttachmentKind } from '../../../../src-main/engine/kinds/storage/volume-attachment.ts';
import { planMachines } from '../../../../src-main/engine/scenario.ts';

const labels = { app: 'db' };
const container = { name: 'app', image: 'postgres:16', volumeMounts: [{ name: 'data', mountPath: '/var/lib/postgresql/data' }] };
const volume = { name: 'data', persistentVolumeClaim: { claimName: 'data' } };
const objects = [
  {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', namespace: 'default' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '5Gi' } } },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'db', namespace: 'default' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container], volumes: [volume] } },
    },
  },
];

function run(cluster: Cluster, seconds: number): void {
  cluster.advance(cluster.timeline.nowMs + seconds * 1000);
}

/** Nodes of the attachments, nodes of the running pods, nodes the disk is on. */
function picture(cluster: Cluster): Readonly<Record<string, readonly unknown[]>> {
  const running = cluster.server.list(podKind).filter(({ status, metadata }) => status.phase === 'Running' && !metadata.deletionTimestamp);
  return {
    attached: cluster.server.list(volumeAttachmentKind).map(({ spec, status }) => [spec.nodeName, status.attached]),
    running: running.map(({ spec }) => spec.nodeName),
    disks: [...cluster.physics.all('disk').values()].map((disk) => disk.attachedTo),
  };
}

test('a volume of a lost node is refused to the next one until the node is back', () => {
  const machines = planMachines(3, 9);
  const plan = { name: 'lost node', seed: 7, epochMs: 1_748_764_800_000, region: 'region', machines, objects };
  const cluster = Cluster.start(plan, { freezes: true });
  run(cluster, 60);
  const [first = ''] = cluster.server.list(podKind).map(({ spec }) => spec.nodeName);
  expect(picture(cluster)).toEqual({ attached: [[first, true]], running: [first], disks: [[first]] });
  const files = [...cluster.physics.all('disk').values()].map((disk) => disk.files);

  cluster.command({ type: 'fail', failure: 'node-power-off', target: first });
  run(cluster, 500);
  expect(picture(cluster)).toEqual({ attached: [[first, true]], running: [], disks: [[first]] });
  const messages = cluster.server.list(eventKind).map(({ message = '' }) => message);
  expect(messages.filter((message) => message.startsWith('Multi-Attach error for volume'))).toHaveLength(1);

  cluster.command({ type: 'heal', id: `node-power-off:${first}` });
  run(cluster, 120);
  const [second] = cluster.server.list(podKind).map(({ spec }) => spec.nodeName);
  expect(second).not.toBe(first);
  expect(picture(cluster)).toEqual({ attached: [[second, true]], running: [second], disks: [[second]] });
  expect([...cluster.physics.all('disk').values()].map((disk) => disk.files)).toEqual(files);
  expect(Object.keys(files[0] ?? {})).not.toEqual([]);
});
