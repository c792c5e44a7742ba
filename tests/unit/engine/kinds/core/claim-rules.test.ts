// What may change of claims and volumes, and what they may be filled from, in upstream's words.
import { expect, test } from 'vitest';
import { type PersistentVolume, persistentVolumeKind } from '../../../../../src-main/engine/kinds/core/persistent-volume.ts';
import {
  type PersistentVolumeClaim,
  persistentVolumeClaimKind,
} from '../../../../../src-main/engine/kinds/core/persistent-volume-claim.ts';

const OLD_CLASS = 'volume.beta.kubernetes.io/storage-class';

function claim(spec: object, annotations = {}, status = {}): PersistentVolumeClaim {
  const asked = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '3Gi' } }, volumeMode: 'Filesystem', ...spec };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'c', namespace: 'n', annotations },
    spec: asked,
    status,
  } as unknown as PersistentVolumeClaim;
}

function volume(spec: object): PersistentVolume {
  const made = {
    accessModes: ['ReadWriteOnce'],
    capacity: { storage: '3Gi' },
    csi: { driver: 'd.example.com', volumeHandle: 'h' },
    ...spec,
  };
  return { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'v' }, spec: made, status: {} } as unknown as PersistentVolume;
}

const at = (label: string) => ({
  nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: label, operator: 'In', values: ['a'] }] }] } },
});
const check = (errors: readonly unknown[], ...expected: readonly string[]): void => expect(errors.map(String)).toEqual(expected);

test('a claim is filled from one thing, whichever field says it', () => {
  check(
    persistentVolumeClaimKind.validate(claim({ dataSource: { kind: 'Secret', name: 's' } })),
    `spec.dataSource: Invalid value: "Secret": must be 'PersistentVolumeClaim' when referencing the default apiGroup`,
  );
  const source = { kind: 'PersistentVolumeClaim', name: 'a' };
  check(
    persistentVolumeClaimKind.validate(claim({ dataSource: source, dataSourceRef: { ...source, name: 'b' } })),
    'spec: Invalid value: spec.dataSource: must match dataSourceRef',
  );
  check(persistentVolumeClaimKind.validate(claim({ dataSource: source, dataSourceRef: source })));
});
test('a class moves from the annotation to the field, and nowhere else', () => {
  const before = claim({}, { [OLD_CLASS]: 'fast' });
  check(persistentVolumeClaimKind.validateUpdate(claim({ storageClassName: 'fast' }), before));
  check(
    persistentVolumeClaimKind.validateUpdate(claim({}, { [OLD_CLASS]: 'slow' }), before),
    `metadata.annotations[${OLD_CLASS}]: Invalid value: "slow": field is immutable`,
  );
  check(persistentVolumeClaimKind.validateUpdate(claim({ storageClassName: 'fast' }), claim({})));
});
test('nobody names classes of attributes while their gate is shut', () => {
  const asked = claim({ volumeAttributesClassName: 'gold' });
  expect(persistentVolumeClaimKind.prepareForCreate(asked).spec.volumeAttributesClassName).toBeUndefined();
  expect(
    persistentVolumeKind.prepareForUpdate(volume({ volumeAttributesClassName: 'gold' }), volume({})).spec.volumeAttributesClassName,
  ).toBeUndefined();
  check(
    persistentVolumeClaimKind.validateUpdate(claim({}), asked),
    'spec.volumeAttributesClassName: Forbidden: update is forbidden when the VolumeAttributesClass feature gate is disabled',
    'spec.volumeAttributesClassName: Forbidden: update from non-nil value to nil is forbidden',
  );
});
test('the status of a claim tells of storage only, in known states', () => {
  const told = (status: object) => persistentVolumeClaimKind.validateStatus?.(claim({}, {}, status), claim({})) ?? [];
  check(told({ allocatedResources: { cpu: '1' } }), 'status.allocatedResources: Unsupported value: "cpu": supported values: "storage"');
  check(told({ allocatedResourceStatuses: { storage: 'NodeResizePending' }, capacity: { storage: '1Gi' } }));
});
test('a volume stays where it can be used, but for labels that got their final names', () => {
  const before = volume(at('failure-domain.beta.kubernetes.io/zone'));
  check(persistentVolumeKind.validateUpdate(volume(at('topology.kubernetes.io/zone')), before));
  expect(
    persistentVolumeKind.validateUpdate(volume(at('kubernetes.io/hostname')), before).map(({ field, detail }) => `${field}: ${detail}`),
  ).toEqual(['nodeAffinity: field is immutable, except for updating from beta label to GA']);
});
test('a volume may be given the secret for growing, once', () => {
  const csi = { driver: 'd.example.com', volumeHandle: 'h' };
  const secret = (name: string) => volume({ csi: { ...csi, controllerExpandSecretRef: { name, namespace: 'n' } } });
  check(persistentVolumeKind.validateUpdate(secret('a'), volume({ csi })));
  expect(persistentVolumeKind.validateUpdate(secret('b'), secret('a'))).toHaveLength(1);
});
