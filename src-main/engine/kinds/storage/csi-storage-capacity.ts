// CSIStorageCapacity: its type and all of its API rules. upstream: pkg/registry/storage/csistoragecapacity/strategy.go, pkg/apis/storage/validation
import type { CSIStorageCapacity as OpenApiCSIStorageCapacity } from 'kubernetes-types/storage/v1.d.ts';
import { FieldPath } from '../../meta/field-error.ts';
import { validateLabelSelector } from '../../meta/label-selector.ts';
import { dns1123Subdomain } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { canonicalQuantity } from '../../meta/quantity.ts';
import { nameColumn } from '../columns.ts';
import { resourceAmount } from '../core/resource-validation.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy } from '../rules.ts';

export type CSIStorageCapacity = StoredInNamespace<OpenApiCSIStorageCapacity>;

const classPath = new FieldPath('storageClassName');
const topologyPath = new FieldPath('nodeTopology');

export const csiStorageCapacityKind = defineKind<CSIStorageCapacity>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  namespaced: true,
  validate: ({ storageClassName, nodeTopology, capacity, maximumVolumeSize }) => [
    ...invalidBy(classPath, storageClassName ?? '', dns1123Subdomain(storageClassName ?? '')),
    ...validateLabelSelector(nodeTopology, topologyPath),
    ...(capacity === undefined ? [] : resourceAmount('storage', capacity, new FieldPath('capacity'))),
    ...(maximumVolumeSize === undefined ? [] : resourceAmount('storage', maximumVolumeSize, new FieldPath('maximumVolumeSize'))),
  ],
  validateUpdate: (next, previous) => [
    ...immutable(topologyPath, next.nodeTopology, previous.nodeTopology),
    ...immutable(classPath, next.storageClassName, previous.storageClassName),
  ],
  columns: [
    nameColumn,
    { name: 'StorageClassName', type: 'string', value: ({ storageClassName }) => storageClassName },
    { name: 'Capacity', type: 'string', value: ({ capacity }) => (capacity === undefined ? '<unset>' : canonicalQuantity(capacity)) },
  ],
});
