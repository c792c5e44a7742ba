import { describe, expect, test } from 'vitest';
import { nodeKind } from '../../../../src-main/engine/kinds/core/node.ts';
import { persistentVolumeKind } from '../../../../src-main/engine/kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';
import { podKind } from '../../../../src-main/engine/kinds/core/pod.ts';
import { volumeProtectionFinalizer, withoutFinalizer } from '../../../../src-main/engine/kinds/core/volume-annotations.ts';
import { storageClassKind } from '../../../../src-main/engine/kinds/storage/storage-class.ts';
import { StorageLab } from './storage-lab.ts';

function check(lab: StorageLab, expected: Readonly<Record<string, unknown>>): void {
  expect(lab.picture()).toMatchObject(expected);
}

describe('a claim', () => {
  test('of the default class waits for a pod, then gets a disk in the zone of its node', () => {
    const lab = new StorageLab().claim('db').run(100);
    check(lab, { claims: { db: 'Pending' }, volumes: {}, disks: [] });
    lab.select('db', 'worker-3').run(5000);
    check(lab, { claims: { db: 'Bound' }, volumes: { db: 'Bound' }, disks: ['zone-b: '] });
    expect(lab.events()).toEqual([
      'Normal WaitForFirstConsumer waiting for first consumer to be created before binding',
      "Normal ExternalProvisioning Waiting for a volume to be created either by the external provisioner 'block.csi.orrery.dev' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.",
      'Normal Provisioning External provisioner is provisioning volume for claim "default/db"',
      'Normal ProvisioningSucceeded Successfully provisioned volume pvc-1',
    ]);
  });

  test('without a class finds a volume made later at the next resync', () => {
    const lab = new StorageLab().claim('db', { storageClassName: '' }).run(100).volume('v');
    lab.run(1000);
    check(lab, { claims: { db: 'Pending' }, volumes: { v: 'Available' } });
    lab.run(15_000);
    check(lab, { claims: { db: 'Bound' }, volumes: { db: 'Bound' } });
  });

  test('deleted takes its disk with it when the policy is Delete', () => {
    const lab = new StorageLab().claim('db').select('db', 'worker-1').run(10_000);
    lab.deleteClaim('db').run(10_000);
    expect(lab.picture()).toEqual({ claims: {}, volumes: {}, attachments: [], disks: [] });
  });

  test('deleted leaves its volume Released when the policy is Retain; freed by hand it is Available', () => {
    const lab = new StorageLab().volume('v').claim('db', { storageClassName: '' }).run(16_000);
    lab.deleteClaim('db').run(1000);
    check(lab, { claims: {}, volumes: { v: 'Released' } });
    lab.claim('db', { storageClassName: '' }).run(60_000);
    check(lab, { claims: { db: 'Pending' }, volumes: { v: 'Released' } });
    const { claimRef: _, ...spec } = lab.server.get(persistentVolumeKind, 'v').spec;
    lab.server.update(persistentVolumeKind, { ...lab.server.get(persistentVolumeKind, 'v'), spec }, 'me');
    lab.run(16_000);
    check(lab, { claims: { db: 'Bound' }, volumes: { db: 'Bound' } });
  });

  test('is kept while a scheduled pod uses it', () => {
    const lab = new StorageLab().claim('db').select('db', 'worker-1').run(10_000).pod('p', 'worker-1', 'db').run(10_000);
    lab.deleteClaim('db').run(10_000);
    expect(lab.server.get(persistentVolumeClaimKind, 'default/db').metadata.deletionTimestamp).toBeDefined();
    lab.deletePod('p').run(60_000);
    expect(lab.picture()).toEqual({ claims: {}, volumes: {}, attachments: [], disks: [] });
  });

  test('is lost when its volume is gone', () => {
    const lab = new StorageLab().volume('v').claim('db', { storageClassName: '' }).run(16_000);
    lab.server.delete(persistentVolumeKind, 'v', {}, 'me');
    const terminating = lab.server.get(persistentVolumeKind, 'v');
    lab.server.update(persistentVolumeKind, withoutFinalizer(terminating, volumeProtectionFinalizer), 'me');
    lab.run(1000);
    check(lab, { claims: { db: 'Lost' } });
    expect(lab.events()).toContain('Warning ClaimLost Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  });

  test('of an immediate class gets a disk at once, in a zone the class allows', () => {
    const lab = new StorageLab();
    const allowed = [{ matchLabelExpressions: [{ key: 'topology.kubernetes.io/zone', values: ['zone-b'] }] }];
    lab.server.create(
      storageClassKind,
      { metadata: { name: 'now' }, provisioner: 'block.csi.orrery.dev', volumeBindingMode: 'Immediate', allowedTopologies: allowed },
      'me',
    );
    lab.run(100).claim('db', { storageClassName: 'now' }).run(5000);
    check(lab, { claims: { db: 'Bound' }, disks: ['zone-b: '] });
  });

  test('whose node vanished before its disk was made goes back to the scheduler', () => {
    const lab = new StorageLab().claim('db').select('db', 'worker-1');
    lab.server.delete(nodeKind, 'worker-1', {}, 'me');
    lab.run(10_000);
    check(lab, { claims: { db: 'Pending' }, disks: [] });
    const { annotations = {} } = lab.server.get(persistentVolumeClaimKind, 'default/db').metadata;
    expect(annotations['volume.kubernetes.io/selected-node']).toBeUndefined();
  });

  test('of a recycled volume leaves it to a pod that scrubs it, then it is Available again', () => {
    const lab = new StorageLab()
      .volume('v', { persistentVolumeReclaimPolicy: 'Recycle' })
      .claim('db', { storageClassName: '' })
      .run(16_000);
    lab.deleteClaim('db').run(1000);
    check(lab, { volumes: { v: 'Released' } });
    const scrubber = lab.server.get(podKind, 'default/recycler-for-v');
    lab.server.update(podKind, { ...scrubber, status: { ...scrubber.status, phase: 'Succeeded' } }, 'me', 'status');
    lab.run(1000);
    check(lab, { volumes: { v: 'Available' } });
    expect(lab.events()).toContain('Normal VolumeRecycled Volume recycled');
  });

  test('asking for what a block disk cannot do says why, again and again', () => {
    const lab = new StorageLab()
      .claim('db', { accessModes: ['ReadWriteMany'] })
      .select('db', 'worker-1')
      .run(60_000);
    check(lab, { claims: { db: 'Pending' }, disks: [] });
    expect(lab.events()).toContain(
      'Warning ProvisioningFailed failed to provision volume with StorageClass "standard": rpc error: code = InvalidArgument desc = Volume capabilities not supported. Only AccessModes[ReadWriteOnce] supported.',
    );
  });
});

test('a settled world has nothing left to do', () => {
  const lab = new StorageLab().claim('db').select('db', 'worker-1').run(10_000).pod('p', 'worker-1', 'db').run(60_000);
  check(lab, { claims: { db: 'Bound' }, attachments: ['db worker-1 true'] });
  expect(lab.timeline.pending).toBe(0);
});
