// CSINode: its type and all of its API rules. upstream: pkg/registry/storage/csinode/strategy.go, pkg/apis/storage/validation
import type { CSINode as OpenApiCSINode } from 'kubernetes-types/storage/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldDuplicate, fieldInvalid } from '../../meta/field-error.ts';
import { qualifiedName } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { validateDriverName } from '../core/volume-source-rules.ts';
import { defineKind } from '../define-kind.ts';
import { each, invalidBy, notNegative, required } from '../rules.ts';

export type CSINode = Stored<OpenApiCSINode, 'spec'>;

export const csiNodeKind = defineKind<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  namespaced: false,
  defaults: (node) => (node.spec === undefined ? { ...node, spec: { drivers: [] } } : node),
  validate: ({ spec }) => {
    const seen = new Set<string>();
    return each(new FieldPath('spec', 'drivers'), spec.drivers, (driver, at) => {
      const { name = '' } = driver;
      const errors = [...validateDriver(driver, at)];
      if (seen.has(name)) errors.push(fieldDuplicate(at.child('name'), name));
      seen.add(name);
      return [...errors, ...validateTopologyKeys(driver.topologyKeys ?? [], at)];
    });
  },
  // What a driver has said of the node stays. upstream: ValidateCSINodeUpdate
  validateUpdate: ({ spec }, { spec: previous }) =>
    (previous.drivers ?? []).flatMap((old) =>
      (spec.drivers ?? [])
        .filter((driver) => driver.name === old.name && !equal(driver, old))
        .map((driver) => fieldInvalid(new FieldPath('CSINodeDriver'), driver, 'field is immutable')),
    ),
  columns: [nameColumn, { name: 'Drivers', type: 'integer', value: ({ spec }) => spec.drivers?.length ?? 0 }, ageColumn],
});

type Driver = NonNullable<CSINode['spec']['drivers']>[number];

const NODE_ID_MAX = 256;

function validateDriver({ name, nodeID = '', allocatable }: Driver, path: FieldPath): readonly FieldError[] {
  const at = path.child('nodeID');
  return [
    ...validateDriverName(name, path.child('name')),
    ...required(at, nodeID),
    ...(nodeID.length > NODE_ID_MAX ? [fieldInvalid(at, nodeID, `must be ${NODE_ID_MAX} characters or less`)] : []),
    ...notNegative(path.child('allocatable', 'count'), allocatable?.count),
  ];
}

/** Upstream blames the driver for them. */
function validateTopologyKeys(keys: readonly string[], path: FieldPath): readonly FieldError[] {
  return keys.flatMap((key, index) => [
    ...required(path, key),
    ...(keys.indexOf(key) < index ? [fieldDuplicate(path, key)] : []),
    ...invalidBy(path, key, qualifiedName(key)),
  ]);
}
