// Classes, drivers, nodes' drivers and attachments that the server refuses, in upstream's words.
import { expect, test } from 'vitest';
import { kindKey } from '../../../../../src-main/engine/kinds/kind.ts';
import { kinds } from '../../../../../src-main/engine/kinds/registry.ts';
import type { ApiObject } from '../../../../../src-main/engine/meta/object.ts';

const kindOf = (name: string) => kinds.find((kind) => kindKey(kind) === `${name}.storage.k8s.io`)!;
const make = (name: string, body: object) =>
  ({ apiVersion: 'storage.k8s.io/v1', kind: name, metadata: { name: 'x' }, ...body }) as unknown as ApiObject;

function check(name: string, body: object, ...expected: readonly string[]): void {
  const kind = kindOf(name);
  expect(kind.validate(kind.defaults(make(name, body))).map(String)).toEqual(expected);
}

const driver = { name: 'disk.example.com', nodeID: 'w1' };
const zone = { matchLabelExpressions: [{ key: 'zone', values: ['b', 'a'] }] };

test('a class says nothing without a name', () =>
  check('StorageClass', { provisioner: 'p', parameters: { '': 'x' } }, 'parameters: Invalid value: "": field can not be empty.'));
test('terms of a class differ, and each has values', () => {
  check(
    'StorageClass',
    { provisioner: 'p', allowedTopologies: [zone, { matchLabelExpressions: [{ key: 'zone', values: ['a', 'b'] }] }] },
    'allowedTopologies[1].matchLabelExpressions: Duplicate value: ""',
  );
  check(
    'StorageClass',
    { provisioner: 'p', allowedTopologies: [{ matchLabelExpressions: [{ key: 'zone', values: [] }] }] },
    'allowedTopologies[0].matchLabelExpressions[0].values: Required value',
  );
});
test('a driver is on a node once, under a name and an id', () => {
  check('CSINode', { spec: { drivers: [driver, driver] } }, 'spec.drivers[1].name: Duplicate value: "disk.example.com"');
  check(
    'CSINode',
    { spec: { drivers: [{ ...driver, nodeID: 'n'.repeat(257), allocatable: { count: -1 } }] } },
    `spec.drivers[0].nodeID: Invalid value: "${'n'.repeat(257)}": must be 256 characters or less`,
    'spec.drivers[0].allocatable.count: Invalid value: -1: must be greater than or equal to 0',
  );
  check('CSINode', { spec: { drivers: [{ ...driver, topologyKeys: ['zone', 'zone'] }] } }, 'spec.drivers[0]: Duplicate value: "zone"');
});
test('what a driver has said of a node stays', () => {
  const kind = kindOf('CSINode');
  const before = make('CSINode', { spec: { drivers: [driver] } });
  const after = make('CSINode', { spec: { drivers: [{ ...driver, allocatable: { count: 3 } }] } });
  expect(kind.validateUpdate(after, before).map(({ field, detail }) => `${field}: ${detail}`)).toEqual([
    'CSINodeDriver: field is immutable',
  ]);
  expect(kind.validateUpdate(make('CSINode', { spec: { drivers: [] } }), before)).toEqual([]);
});
test('tokens of a driver are for different audiences, and last', () =>
  check(
    'CSIDriver',
    { spec: { tokenRequests: [{ audience: 'a', expirationSeconds: 60 }, { audience: 'a' }] } },
    'spec.tokenRequests[0].expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes',
    'spec.tokenRequests[1].audience: Duplicate value: "a"',
  ));
test('an attachment is of one volume by a driver', () => {
  check(
    'VolumeAttachment',
    { spec: { attacher: 'disk.example.com', nodeName: 'w1', source: {} } },
    'spec.source: Required value: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  );
  check(
    'VolumeAttachment',
    { spec: { attacher: 'disk.example.com', nodeName: 'w1', source: { persistentVolumeName: 'v', inlineVolumeSpec: {} } } },
    'spec.source: Forbidden: must specify exactly one of inlineVolumeSpec and persistentVolumeName',
  );
  check('VolumeAttachment', { spec: { attacher: 'disk.example.com', nodeName: 'w1', source: { persistentVolumeName: 'v' } } });
});
