import { describe, expect, test } from 'vitest';
import { withClaimMigration, withVolumeMigration } from '../../../../../src-main/engine/controllers/persistent-volume-binder/migration.ts';
import type { PersistentVolume } from '../../../../../src-main/engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';

const provisionedBy = 'pv.kubernetes.io/provisioned-by';
const migratedTo = 'pv.kubernetes.io/migrated-to';
const finalizer = 'kubernetes.io/pv-controller';

function check(metadata: object, policy: string, expected: object): void {
  const volume = { metadata: { name: 'v', ...metadata }, spec: { persistentVolumeReclaimPolicy: policy } } as unknown as PersistentVolume;
  expect(withVolumeMigration(volume).metadata).toEqual({ name: 'v', ...expected });
}

describe('a volume', () => {
  test('of a migrated plugin is marked with the driver and loses the in-tree finalizer', () => {
    const annotations = { [provisionedBy]: 'kubernetes.io/aws-ebs' };
    check({ annotations, finalizers: [finalizer, 'other'] }, 'Delete', {
      annotations: { ...annotations, [migratedTo]: 'ebs.csi.aws.com' },
      finalizers: ['other'],
    });
  });

  test('of an in-tree plugin keeps its deletion finalizer as long as the policy is Delete', () => {
    const annotations = { [provisionedBy]: 'kubernetes.io/mock-volume' };
    check({ annotations }, 'Delete', { annotations, finalizers: [finalizer] });
    check({ annotations, finalizers: [finalizer] }, 'Retain', { annotations });
    check({ annotations, deletionTimestamp: 'now' }, 'Delete', { annotations, deletionTimestamp: 'now' });
    check({ annotations: { ...annotations, [migratedTo]: 'gone.csi' } }, 'Retain', { annotations });
  });

  test('made by hand or by an external provisioner is left alone', () => {
    check({}, 'Delete', {});
    check({ annotations: { [provisionedBy]: 'block.csi.orrery.dev' } }, 'Delete', {
      annotations: { [provisionedBy]: 'block.csi.orrery.dev' },
    });
  });
});

test('a claim is marked by its provisioner annotation, the beta one too', () => {
  for (const name of ['volume.kubernetes.io/storage-provisioner', 'volume.beta.kubernetes.io/storage-provisioner']) {
    const claim = { metadata: { name: 'c', annotations: { [name]: 'kubernetes.io/gce-pd' } } } as unknown as PersistentVolumeClaim;
    expect(withClaimMigration(claim).metadata.annotations?.[migratedTo]).toBe('pd.csi.storage.gke.io');
  }
});
