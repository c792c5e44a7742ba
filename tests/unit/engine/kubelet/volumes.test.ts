import { describe, expect, test } from 'vitest';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { persistentVolumeKind } from '../../../../src-main/engine/kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import { secretKind } from '../../../../src-main/engine/kinds/core/secret.ts';
import { volumeAttachmentKind } from '../../../../src-main/engine/kinds/storage/volume-attachment.ts';
import { KubeletLab } from './kubelet-lab.ts';

const HANDLE = 'disk-1';
const shell = (script: string, mountPath: string) => ({
  name: 'app',
  image: 'busybox:1',
  command: ['sh', '-c', script],
  volumeMounts: [{ name: 'v', mountPath }],
});

/** A bound claim `data` on a disk; attached only where the test says so. */
function lab(nodes: readonly string[] = ['n1', 'n2']): KubeletLab {
  const made = new KubeletLab(undefined, nodes);
  made.physics.set('disk', HANDLE, { backend: 'block', zone: 'zone-a', bytes: 1e9, lost: false, attachedTo: [], files: {} });
  const capacity = { storage: '1Gi' };
  const accessModes = ['ReadWriteOnce'];
  const csi = { driver: 'block.csi.orrery.dev', volumeHandle: HANDLE };
  const claimRef = { kind: 'PersistentVolumeClaim', namespace: 'default', name: 'data' };
  made.server.create(
    persistentVolumeKind,
    { metadata: { name: 'pv' }, spec: { capacity, accessModes, csi, claimRef, persistentVolumeReclaimPolicy: 'Retain' } } as never,
    'test',
  );
  made.server.create(
    persistentVolumeClaimKind,
    {
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes, resources: { requests: capacity }, volumeName: 'pv' },
    } as never,
    'test',
  );
  made.server.patch(
    persistentVolumeClaimKind,
    'default/data',
    (claim) => ({ ...claim, status: { ...claim.status, phase: 'Bound' } }),
    'test',
    'status',
  );
  return made;
}

function attach(at: KubeletLab, node: string): void {
  const spec = { attacher: 'block.csi.orrery.dev', nodeName: node, source: { persistentVolumeName: 'pv' } };
  at.server.create(volumeAttachmentKind, { metadata: { name: `on-${node}` }, spec } as never, 'test');
  at.server.patch(volumeAttachmentKind, `on-${node}`, (attachment) => ({ ...attachment, status: { attached: true } }), 'test', 'status');
  const volumesAttached = [{ name: `kubernetes.io/csi/block.csi.orrery.dev^${HANDLE}`, devicePath: '' }];
  at.server.patch(nodeKind, node, (current) => ({ ...current, status: { ...current.status, volumesAttached } }), 'test', 'status');
}

/** What is in use on a node, as its status tells. */
const inUse = (at: KubeletLab, node: string) => (at.store.table('Node').get(node) as any).status.volumesInUse ?? [];
const claimVolume = [{ name: 'v', persistentVolumeClaim: { claimName: 'data' } }];

describe('volumes', () => {
  test('a pod waits for its disk to be attached, and says nothing of it', () => {
    const at = lab();
    at.create({ name: 'p', spec: { volumes: claimVolume, containers: [shell('sleep 1000', '/data')] } });
    at.run(120);
    expect([at.summary('p'), at.events('p'), inUse(at, 'n1')]).toEqual([
      'Pending [ContainerCreating] restarts=0',
      [],
      [`kubernetes.io/csi/block.csi.orrery.dev^${HANDLE}`],
    ]);
    at.run(600);
    expect(at.events('p')).toEqual([]);
    attach(at, 'n1');
    at.run(5);
    expect(at.summary('p')).toBe('Running Ready [ready] restarts=0');
    at.delete('p');
    at.run(40);
    expect([at.summary('p'), inUse(at, 'n1')]).toEqual(['gone', []]);
  });

  test('a file on a claim moves with it; one in the container is gone after a restart', () => {
    const at = lab();
    attach(at, 'n1');
    attach(at, 'n2');
    const script = 'echo written >> /data/log; test -f /tmp/seen && touch /data/survived; touch /tmp/seen; sleep 5; exit 1';
    at.create({ name: 'a', spec: { volumes: claimVolume, containers: [shell(script, '/data')] } });
    at.run(10);
    expect(at.physics.get('disk', HANDLE)?.files).toEqual({ log: 'written\nwritten\n' });
    at.delete('a', 0);
    at.run(10);
    at.create({
      name: 'b',
      node: 'n2',
      spec: { restartPolicy: 'Never', volumes: claimVolume, containers: [shell('grep -q written /data/log', '/data')] },
    });
    at.run(10);
    expect(at.summary('b')).toBe('Succeeded [Completed:0] restarts=0');
  });

  test('a database leaves its mark on its disk; a lost disk cannot be mounted', () => {
    const at = lab();
    attach(at, 'n1');
    const mysql = { name: 'mysql', image: 'mysql:8.0', volumeMounts: [{ name: 'v', mountPath: '/var/lib/mysql' }] };
    at.create({ name: 'p', spec: { volumes: claimVolume, containers: [mysql] } });
    at.run(40);
    expect(Object.keys(at.physics.get('disk', HANDLE)?.files ?? {})).toEqual(['ibdata1']);
    at.delete('p', 0);
    at.physics.change('disk', HANDLE, { lost: true });
    at.run(10);
    at.create({ name: 'q', spec: { volumes: claimVolume, containers: [mysql] } });
    at.run(130);
    expect([at.summary('q'), at.events('q')[0]]).toEqual([
      'Pending [ContainerCreating] restarts=0',
      expect.stringMatching(/^Warning FailedMount MountVolume.MountDevice failed for volume "pv" : rpc error/),
    ]);
  });

  test('a secret that comes later lets the pod start', () => {
    const at = lab();
    at.create({
      name: 'p',
      spec: { volumes: [{ name: 'v', secret: { secretName: 's' } }], containers: [shell('test -f /s/key && sleep 1000', '/s')] },
    });
    at.run(10);
    at.server.create(secretKind, { metadata: { name: 's', namespace: 'default' }, data: { key: 'eA==' } } as never, 'test');
    at.run(10);
    expect(at.summary('p')).toBe('Running Ready [ready] restarts=0');
  });

  test('deleted again with less grace, it stops sooner', () => {
    const at = lab();
    at.create({
      name: 'p',
      spec: { terminationGracePeriodSeconds: 300, containers: [{ ...shell('sleep 1000', '/x'), volumeMounts: [] }] },
    });
    at.run(10);
    at.delete('p');
    at.run(20);
    at.delete('p', 5);
    at.run(4.5);
    expect(at.summary('p')).toBe('Running Ready [ready] restarts=0 deleting');
    at.run(2);
    expect(at.summary('p')).toBe('gone');
  });

  test('a disk that could not be reported in use is not mounted', () => {
    const summaries = [true, false].map((reported) => {
      const at = lab();
      attach(at, 'n1');
      at.run(1);
      if (!reported) at.server.delete(nodeKind, 'n1', {}, 'test');
      at.create({ name: 'p', spec: { hostNetwork: true, volumes: claimVolume, containers: [shell('sleep 1000', '/data')] } });
      at.run(60);
      return at.summary('p');
    });
    expect(summaries).toEqual(['Running Ready [ready] restarts=0', 'Pending [ContainerCreating] restarts=0']);
  });
});
