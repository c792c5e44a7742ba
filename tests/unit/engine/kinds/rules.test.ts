// Kinds other than pods: what the server fills in, what it refuses at creation, and what may not change later, in upstream's words.
import { describe, expect, test } from 'vitest';
import type { Kind } from '../../../../src-main/engine/kinds/kind.ts';
import { kindKey } from '../../../../src-main/engine/kinds/kind.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../../../../src-main/engine/kinds/object-meta.ts';
import { kinds } from '../../../../src-main/engine/kinds/registry.ts';
import type { ApiObject } from '../../../../src-main/engine/meta/object.ts';

const kindOf = (key: string): Kind => kinds.find((candidate) => kindKey(candidate) === key)!;
const metadata = { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '2025-06-01T08:00:00Z' };
const make = (key: string, body: object) => ({ apiVersion: 'v1', kind: key, metadata, ...body }) as unknown as ApiObject;
const filled = (key: string, body: object) => kindOf(key).defaults(make(key, body));

const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'a', image: 'a' }] } };
const selector = { matchLabels: { app: 'x' } };
const claim = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
const volume = { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/x' } };

describe('defaults', () => {
  test.each<[string, object, object]>([
    [
      'Deployment.apps',
      { spec: { selector, template } },
      {
        spec: {
          replicas: 1,
          revisionHistoryLimit: 10,
          progressDeadlineSeconds: 600,
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
          template: { spec: { restartPolicy: 'Always', containers: [{ imagePullPolicy: 'Always' }] } },
        },
      },
    ],
    ['Deployment.apps', { spec: { selector, template, strategy: { type: 'Recreate' } } }, { spec: { strategy: { type: 'Recreate' } } }],
    [
      'ReplicationController',
      { spec: { template } },
      { metadata: { labels: { app: 'x' } }, spec: { replicas: 1, selector: { app: 'x' } } },
    ],
    [
      'Service',
      { spec: { ports: [{ port: 80 }] } },
      {
        spec: {
          type: 'ClusterIP',
          sessionAffinity: 'None',
          internalTrafficPolicy: 'Cluster',
          ipFamilies: ['IPv4'],
          ipFamilyPolicy: 'SingleStack',
          ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
        },
      },
    ],
    ['Service', { spec: { type: 'NodePort', ports: [] } }, { spec: { externalTrafficPolicy: 'Cluster' } }],
    ['PersistentVolume', { spec: volume }, { spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' } }],
    ['PersistentVolumeClaim', { spec: claim }, { spec: { volumeMode: 'Filesystem' } }],
    ['StorageClass.storage.k8s.io', { provisioner: 'p' }, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }],
    ['Secret', { stringData: { a: 'héllo' } }, { type: 'Opaque', data: { a: 'aMOpbGxv' } }],
    ['Namespace', {}, { metadata: { labels: { 'kubernetes.io/metadata.name': 'x' } } }],
    ['PriorityClass.scheduling.k8s.io', { value: 1 }, { preemptionPolicy: 'PreemptLowerPriority' }],
    ['CSIDriver.storage.k8s.io', { spec: {} }, { spec: { attachRequired: true, volumeLifecycleModes: ['Persistent'] } }],
  ])('%s %j', (key, body, expected) => expect(filled(key, body)).toMatchObject(expected));
  test.each([
    'Deployment.apps',
    'Service',
    'PersistentVolume',
    'PersistentVolumeClaim',
    'StorageClass.storage.k8s.io',
    'CSIDriver.storage.k8s.io',
  ])('of %s are filled in once', (key) => {
    const object = filled(key, { spec: { template, selector, ports: [{ port: 80 }] } });
    expect(kindOf(key).defaults(object)).toBe(object);
  });
});

describe('creation', () => {
  const errors = (key: string, body: object) => kindOf(key).validate(filled(key, body)).map(String);
  test.each<[string, object, readonly string[]]>([
    ['Deployment.apps', { spec: { selector, template } }, []],
    [
      'Deployment.apps',
      { spec: { selector: { matchLabels: { app: 'y' } }, template } },
      ['spec.template.metadata.labels: Invalid value: map[string]string{"app":"x"}: `selector` does not match template `labels`'],
    ],
    [
      'Deployment.apps',
      { spec: { selector, template, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } } },
      [
        'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:""}: may not be 0 when `maxSurge` is 0',
      ],
    ],
    [
      'PersistentVolumeClaim',
      { spec: {} },
      ['spec.accessModes: Required value: at least 1 access mode is required', 'spec.resources[storage]: Required value'],
    ],
    ['PersistentVolumeClaim', { spec: claim }, []],
    [
      'StatefulSet.apps',
      { spec: { selector, template, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '101%' } } } },
      [
        'spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:1, IntVal:0, StrVal:"101%"}: must not be greater than 100%',
      ],
    ],
    [
      'StatefulSet.apps',
      { spec: { selector, template, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0 } } } },
      ['spec.updateStrategy.rollingUpdate.maxUnavailable: Invalid value: intstr.IntOrString{Type:0, IntVal:0, StrVal:""}: cannot be 0'],
    ],
    ['PersistentVolume', { spec: volume }, []],
    [
      'PersistentVolume',
      { spec: { ...volume, hostPath: undefined, local: { path: '/d' } } },
      ['spec.nodeAffinity: Required value: Local volume requires node affinity'],
    ],
    [
      'PersistentVolume',
      { spec: { accessModes: ['RWO'], capacity: { storage: '0' }, nfs: { server: 's', path: '/p' } } },
      [
        'spec.accessModes: Unsupported value: "RWO": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"',
        'spec.capacity[storage]: Invalid value: "0": must be greater than zero',
      ],
    ],
    [
      'StorageClass.storage.k8s.io',
      { provisioner: 'p', reclaimPolicy: 'Recycle' },
      ['reclaimPolicy: Unsupported value: "Recycle": supported values: "Delete", "Retain"'],
    ],
    [
      'PriorityClass.scheduling.k8s.io',
      { value: 2_000_000_000 },
      ['value: Forbidden: maximum allowed value of a user defined priority is 1000000000'],
    ],
    ['Secret', { type: 'kubernetes.io/tls', data: {} }, ['data[tls.crt]: Required value', 'data[tls.key]: Required value']],
    [
      'ConfigMap',
      { data: { 'a b': 'x' } },
      [
        `data[a b]: Invalid value: "a b": a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')`,
      ],
    ],
    [
      'Lease.coordination.k8s.io',
      { spec: { leaseDurationSeconds: 0 } },
      ['spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0'],
    ],
    [
      'Node',
      { spec: { taints: [{ key: 'a', effect: 'Never' }] } },
      ['metadata.taints[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"'],
    ],
  ])('%s %j', (key, body, expected) => expect(errors(key, body)).toEqual(expected));
});

describe('updates', () => {
  const errors = (key: string, next: object, previous: object) =>
    kindOf(key).validateUpdate(make(key, next), make(key, previous)).map(String);
  const stored = { ...claim, storageClassName: 's', volumeName: 'v' };
  test.each<[string, object, object, readonly string[]]>([
    [
      'Deployment.apps',
      { spec: { selector: { matchLabels: { app: 'y' } } } },
      { spec: { selector } },
      [
        'spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{"app":"y"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable',
      ],
    ],
    [
      'Service',
      { spec: { type: 'ClusterIP', clusterIPs: ['10.0.0.2'] } },
      { spec: { type: 'ClusterIP', clusterIPs: ['10.0.0.1'] } },
      ['spec.clusterIPs[0]: Invalid value: []string{"10.0.0.2"}: may not change once set'],
    ],
    [
      'StorageClass.storage.k8s.io',
      { provisioner: 'b', parameters: { a: 'b' } },
      { provisioner: 'a' },
      ['parameters: Forbidden: updates to parameters are forbidden.', 'provisioner: Forbidden: updates to provisioner are forbidden.'],
    ],
    ['PersistentVolumeClaim', { spec: { ...claim, volumeName: 'v' } }, { spec: claim }, []],
    ['PersistentVolumeClaim', { spec: { ...claim, storageClassName: 's' } }, { spec: claim }, []],
    [
      'PersistentVolumeClaim',
      { spec: { ...stored, storageClassName: 't' } },
      { spec: stored },
      [
        'spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\nspec.storageClassName',
      ],
    ],
    [
      'PersistentVolumeClaim',
      { spec: { ...stored, resources: { requests: { storage: '2Gi' } } }, status: { phase: 'Bound' } },
      { spec: stored },
      [],
    ],
    [
      'PersistentVolumeClaim',
      { spec: { ...stored, resources: { requests: { storage: '1Mi' } } }, status: { phase: 'Bound' } },
      { spec: stored, status: { phase: 'Bound', capacity: { storage: '1Gi' } } },
      ['spec.resources.requests.storage: Forbidden: field can not be less than status.capacity'],
    ],
    [
      'PersistentVolume',
      { spec: { ...volume, hostPath: { path: '/y' } } },
      { spec: volume },
      ['spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation\nspec.hostPath'],
    ],
    ['PriorityClass.scheduling.k8s.io', { value: 2 }, { value: 1 }, ['value: Forbidden: may not be changed in an update.']],
    [
      'ConfigMap',
      { data: { a: 'b' } },
      { immutable: true, data: { a: 'c' } },
      ['immutable: Forbidden: field is immutable when `immutable` is set', 'data: Forbidden: field is immutable when `immutable` is set'],
    ],
    ['Secret', { type: 'a' }, { type: 'b' }, ['type: Invalid value: "a": field is immutable']],
  ])('%s %j', (key, next, previous, expected) => expect(errors(key, next, previous)).toEqual(expected));
  test('a service keeps the address and node port it has', () => {
    const previous = make('Service', {
      spec: { type: 'NodePort', clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], ports: [{ port: 80, protocol: 'TCP', nodePort: 30000 }] },
    });
    const next = make('Service', { spec: { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP' }] } });
    expect(kindOf('Service').prepareForUpdate(next, previous)).toEqual(previous);
  });
  test('what only suited the former type of a service goes with it', () => {
    const spec = { type: 'NodePort', externalTrafficPolicy: 'Cluster', ports: [{ port: 80, nodePort: 30_080 }] };
    const next = kindOf('Service').prepareForUpdate(make('Service', { spec: { ...spec, type: 'ClusterIP' } }), make('Service', { spec }));
    expect(next).toEqual(make('Service', { spec: { type: 'ClusterIP', ports: [{ port: 80 }] } }));
  });
});

describe('metadata', () => {
  test.each<[string, object, readonly string[]]>([
    ['ConfigMap', { name: 'x', namespace: 'n' }, []],
    ['ConfigMap', { name: 'x' }, ['metadata.namespace: Required value']],
    ['Node', { name: 'x', namespace: 'n' }, ['metadata.namespace: Forbidden: not allowed on this type']],
    ['Node', {}, ['metadata.name: Required value: name or generateName is required']],
    [
      'Node',
      { name: 'x', finalizers: ['orphan', 'foregroundDeletion'] },
      [
        'metadata.finalizers: Invalid value: []string{"orphan", "foregroundDeletion"}: finalizer orphan and foregroundDeletion cannot be both set',
      ],
    ],
    ['Node', { name: 'x', annotations: { A: 'x'.repeat(262_144) } }, ['metadata.annotations: Too long: may not be more than 262144 bytes']],
  ])('%s %j', (key, given, expected) => expect(validateObjectMeta(kindOf(key), given).map(String)).toEqual(expected));
  test('changes', () => {
    const deleted = { ...metadata, deletionTimestamp: '2025-06-01T08:00:00Z' };
    expect(validateObjectMetaUpdate({ ...deleted, finalizers: ['a/b'], uid: 'v' }, deleted).map(String)).toEqual([
      'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a/b"}',
      'metadata.uid: Invalid value: "v": field is immutable',
    ]);
  });
});
