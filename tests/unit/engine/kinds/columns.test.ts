// Cells that differ only in rare objects: what is left out, shortened, or written in another unit.
import { expect, test } from 'vitest';
import { KindRegistry } from '../../../../src-main/engine/api/kind-registry.ts';
import { kindKey, splitApiVersion } from '../../../../src-main/engine/kinds/kind.ts';
import { storedKind } from '../../../../src-main/engine/kinds/stored-kind.ts';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';

function check([apiVersion, kind, body]: readonly [string, string, object], expected: Readonly<Record<string, unknown>>): void {
  const object = { apiVersion, kind, metadata: { name: 'one' }, ...body } as unknown as ApiObject;
  const { columns } = new KindRegistry().byKey(kindKey({ group: splitApiVersion(apiVersion).group, kind })) ?? storedKind(apiVersion, kind);
  const cells = Object.fromEntries(columns.map(({ name, value }) => [name, value(object, 0)]));
  expect(Object.fromEntries(Object.keys(expected).map((name) => [name, cells[name]]))).toEqual(expected);
}

const rules = (...hosts: readonly string[]): object => ({ spec: { rules: hosts.map((host) => (host === '' ? {} : { host })) } });
const slice = (...ports: readonly object[]) =>
  ['discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [], ports }] as const;

test.each<[readonly [string, string, object], Readonly<Record<string, unknown>>]>([
  [['networking.k8s.io/v1', 'Ingress', rules('a', 'b', 'c')], { Hosts: 'a,b,c' }],
  [['networking.k8s.io/v1', 'Ingress', rules('a', '', 'b')], { Hosts: 'a,b' }],
  [['networking.k8s.io/v1', 'Ingress', rules('a', 'b', 'c', '')], { Hosts: 'a,b,c + 1 more...' }],
  [['networking.k8s.io/v1', 'Ingress', rules('', '')], { Hosts: '*' }],
  [slice({}), { Ports: '*' }],
  [slice({ name: 'web' }, { name: 'dns', port: 53 }), { Ports: 'web,53' }],
  [slice({ name: '' }), { Ports: '<unset>' }],
  [['storage.k8s.io/v1', 'CSIDriver', { spec: { tokenRequests: [{ audience: 'a' }, { audience: '' }] } }], { TokenRequests: 'a,' }],
  [['storage.k8s.io/v1', 'CSIDriver', { spec: {} }], { TokenRequests: '<unset>', Modes: '<none>', AttachRequired: true }],
  [['storage.k8s.io/v1', 'CSIStorageCapacity', { storageClassName: 'fast', capacity: '2048Mi' }], { Capacity: '2Gi', Age: undefined }],
  [['storage.k8s.io/v1', 'CSIStorageCapacity', { storageClassName: 'fast' }], { Capacity: '<unset>' }],
  [['v1', 'PersistentVolume', { spec: { capacity: { storage: '1024Mi' } } }], { Capacity: '1Gi' }],
  [['v1', 'PersistentVolumeClaim', { spec: { volumeName: 'v' }, status: { capacity: { storage: '3072Ki' } } }], { Capacity: '3Mi' }],
  [['v1', 'Event', { involvedObject: {}, source: { host: 'node-1' } }], { Source: ', node-1' }],
  [['v1', 'Event', { involvedObject: {}, reportingComponent: 'kubelet' }], { Source: 'kubelet' }],
  [
    ['v1', 'Service', { spec: { type: 'LoadBalancer' }, status: { loadBalancer: { ingress: [{ ip: '', hostname: 'lb' }] } } }],
    { 'External-IP': 'lb' },
  ],
  [
    ['v1', 'ResourceQuota', { spec: { hard: { pods: '9' } }, status: { hard: { 'limits.cpu': '1000m', pods: '5' }, used: { pods: '2' } } }],
    { Request: 'pods: 2/5', Limit: 'limits.cpu: 0/1' },
  ],
  [['v1', 'ResourceQuota', { spec: { hard: { pods: '9' } } }], { Request: '', Limit: '' }],
  [['apps/v1', 'Deployment', { spec: { selector: {} } }], { Selector: '' }],
  [['apps/v1', 'Deployment', { spec: { selector: { matchExpressions: [{ key: 'a', operator: 'Near' }] } } }], { Selector: '<invalid>' }],
  [['apps/v1', 'ReplicaSet', { spec: { selector: {} } }], { Selector: '<none>' }],
  [
    [
      'flowcontrol.apiserver.k8s.io/v1',
      'PriorityLevelConfiguration',
      { spec: { type: 'Exempt', exempt: { nominalConcurrencyShares: 5 } } },
    ],
    { NominalConcurrencyShares: '<none>', Queues: '<none>' },
  ],
  [
    [
      'networking.k8s.io/v1',
      'IPAddress',
      { spec: { parentRef: { group: 'Example.com', resource: 'Things', namespace: 'shop', name: 'it' } } },
    ],
    { ParentRef: 'things.example.com/shop/it', Age: undefined },
  ],
  [['networking.k8s.io/v1', 'IPAddress', {}], { ParentRef: '<none>' }],
  [['certificates.k8s.io/v1beta1', 'ClusterTrustBundle', {}], { SignerName: '<none>', Age: undefined }],
  [['resource.k8s.io/v1beta1', 'ResourceClaim', {}], { State: 'pending' }],
  [
    ['resource.k8s.io/v1beta1', 'ResourceClaim', { status: { allocation: {}, reservedFor: [{ name: 'pod' }] } }],
    { State: 'allocated,reserved' },
  ],
  [
    ['resource.k8s.io/v1beta1', 'ResourceClaim', { metadata: { name: 'one', deletionTimestamp: '2025-06-01T08:00:00Z' } }],
    { State: 'deleted' },
  ],
  [
    [
      'storage.k8s.io/v1beta1',
      'VolumeAttributesClass',
      { metadata: { name: 'gold', annotations: { 'volumeattributesclass.alpha.kubernetes.io/is-default-class': 'true' } } },
    ],
    { Name: 'gold (default)' },
  ],
  [
    ['admissionregistration.k8s.io/v1alpha1', 'MutatingAdmissionPolicy', { spec: { mutations: [{}, {}] } }],
    { Mutations: 2, ParamKind: '<unset>' },
  ],
  [['autoscaling/v1', 'Scale', { spec: { replicas: 3 }, status: { replicas: 2 } }], { Desired: 3, Available: 2, Age: '<unknown>' }],
])('%j', check);
