// What the admission plugins add to objects and what they refuse, with upstream's words; pods of one template go on sharing their spec.
import { describe, expect, test } from 'vitest';
import type { AdmissionServer } from '../../../../../src-main/engine/api/admission/admission-plugin.ts';
import { admit, validateAdmission } from '../../../../../src-main/engine/api/admission/chain.ts';
import type { AdmissionRequest } from '../../../../../src-main/engine/api/server.ts';
import { Store } from '../../../../../src-main/engine/api/store.ts';
import { freeze } from '../../../../../src-main/engine/base/freeze.ts';
import { type Kind, kindKey } from '../../../../../src-main/engine/kinds/kind.ts';
import { kinds } from '../../../../../src-main/engine/kinds/registry.ts';
import type { ApiObject } from '../../../../../src-main/engine/meta/object.ts';
import { StatusError } from '../../../../../src-main/engine/meta/status-error.ts';

const kindOf = (key: string): Kind => kinds.find((candidate) => kindKey(candidate) === key)!;
const make = (key: string, name: string, body: object = {}, namespace?: string): ApiObject => {
  const kind = kindOf(key);
  const metadata = { name, ...(kind.namespaced ? { namespace: namespace ?? 'default' } : {}), uid: name, resourceVersion: '1' };
  return freeze({
    apiVersion: 'v1',
    kind: kind.kind,
    ...body,
    metadata: { ...metadata, ...(body as { metadata?: object }).metadata },
  }) as unknown as ApiObject;
};

const world = [
  make('Namespace', 'default', { status: { phase: 'Active' } }),
  make('Namespace', 'leaving', { status: { phase: 'Terminating' } }),
  make('ServiceAccount', 'default'),
  make('ServiceAccount', 'silent', { automountServiceAccountToken: false, imagePullSecrets: [{ name: 'pull' }] }),
  make('PriorityClass.scheduling.k8s.io', 'high', { value: 1000, preemptionPolicy: 'Never' }),
  make('RuntimeClass.node.k8s.io', 'plain', { handler: 'runc' }),
  make('RuntimeClass.node.k8s.io', 'sandboxed', {
    handler: 'kata',
    overhead: { podFixed: { cpu: '250m', memory: '1Gi' } },
    scheduling: { nodeSelector: { runtime: 'kata' }, tolerations: [{ key: 'kata', operator: 'Exists', effect: 'NoSchedule' }] },
  }),
  make('StorageClass.storage.k8s.io', 'old', storageClass('2025-01-01T00:00:00Z', 'true')),
  make('StorageClass.storage.k8s.io', 'new', storageClass('2025-02-01T00:00:00Z', 'true')),
  make('StorageClass.storage.k8s.io', 'newest', storageClass('2025-03-01T00:00:00Z', 'false')),
];

function storageClass(creationTimestamp: string, isDefault: string): object {
  return { metadata: { creationTimestamp, annotations: { 'storageclass.kubernetes.io/is-default-class': isDefault } } };
}

function readerOf(objects: readonly ApiObject[]): AdmissionServer {
  const ofKind = (kind: { kind: string }) => objects.filter((object) => object.kind === kind.kind);
  const key = ({ metadata }: ApiObject) => (metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`);
  return {
    find: (kind, wanted) => ofKind(kind).find((object) => key(object) === wanted) as never,
    list: (kind) => ofKind(kind) as never,
    warn: () => {},
    update: (_kind, object) => object,
    unixMs: 0,
    store: new Store(),
  };
}

function admitted(key: string, object: ApiObject, operation: AdmissionRequest['operation'] = 'CREATE', objects = world): any {
  const namespace = object.metadata.namespace ?? '';
  const request = { operation, kind: kindOf(key), object, previous: null, namespace, user: 'test' };
  const changed = admit(request, readerOf(objects));
  validateAdmission({ ...request, object: changed }, readerOf(objects));
  return changed;
}

function refusal(call: () => unknown): string {
  try {
    return `accepted: ${JSON.stringify(call())}`;
  } catch (error) {
    if (error instanceof StatusError) return `${error.status.code} ${error.message}`;
    throw error;
  }
}

const spec = { containers: [{ name: 'a', image: 'a' }] };
const pod = (given: object = spec, metadata: object = {}) => make('Pod', 'web', { spec: given, metadata });

describe('a pod', () => {
  test('gets account, token, priority and tolerations', () => {
    const { volumes, containers, ...rest } = admitted('Pod', pod()).spec;
    const [{ name }] = volumes;
    expect(name).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(volumes[0].projected.sources.map((source: object) => Object.keys(source)[0])).toEqual([
      'serviceAccountToken',
      'configMap',
      'downwardAPI',
    ]);
    expect(containers[0].volumeMounts).toEqual([{ name, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }]);
    expect(rest).toEqual({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
    });
  });
  test('shares its spec with its siblings, and not with the pods of another owner', () => {
    const owned = (uid: string) =>
      pod(spec, { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid, controller: true }] });
    expect(admitted('Pod', owned('1')).spec).toBe(admitted('Pod', owned('1')).spec);
    expect(admitted('Pod', owned('1')).spec.volumes[0].name).not.toBe(admitted('Pod', owned('2')).spec.volumes[0].name);
  });
  test('keeps its own tolerations', () => {
    const tolerations = [{ operator: 'Exists' }];
    expect(admitted('Pod', pod({ ...spec, tolerations })).spec.tolerations).toBe(tolerations);
  });
  test('of an account that mounts no token gets its pull secrets only', () => {
    const { volumes, imagePullSecrets } = admitted('Pod', pod({ ...spec, serviceAccountName: 'silent' })).spec;
    expect({ volumes, imagePullSecrets }).toEqual({ volumes: undefined, imagePullSecrets: [{ name: 'pull' }] });
  });
  test('takes the number of its priority class', () =>
    expect(admitted('Pod', pod({ ...spec, priorityClassName: 'high' })).spec).toMatchObject({ priority: 1000, preemptionPolicy: 'Never' }));
});

describe('a pod of a runtime class', () => {
  const of = (runtimeClassName: string, more: object = {}) => admitted('Pod', pod({ ...spec, runtimeClassName, ...more }));
  test('that says no more than its handler stays as it is', () => {
    const { overhead, nodeSelector, tolerations } = of('plain').spec;
    expect({ overhead, nodeSelector, keys: tolerations.length }).toEqual({ overhead: undefined, nodeSelector: undefined, keys: 2 });
  });
  test('gets its overhead, its nodes and its tolerations', () => {
    const { overhead, nodeSelector, tolerations } = of('sandboxed', { nodeSelector: { disk: 'fast' } }).spec;
    expect({ overhead, nodeSelector, keys: tolerations.map(({ key }: { key: string }) => key) }).toEqual({
      overhead: { cpu: '250m', memory: '1Gi' },
      nodeSelector: { disk: 'fast', runtime: 'kata' },
      keys: ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable', 'kata'],
    });
  });
  test('may say the same overhead in other words', () =>
    expect(of('sandboxed', { overhead: { memory: '1024Mi', cpu: '0.25' } }).spec.overhead).toEqual({ cpu: '250m', memory: '1Gi' }));
  test('shares its spec with its siblings', () => {
    const given = { ...spec, runtimeClassName: 'sandboxed' };
    expect(admitted('Pod', pod(given)).spec).toBe(admitted('Pod', pod(given)).spec);
  });
});

describe('refused', () => {
  const classed = (runtimeClassName: string | undefined, more: object = {}) =>
    admitted('Pod', pod({ ...spec, ...(runtimeClassName !== undefined && { runtimeClassName }), ...more }));
  test.each<[string, () => unknown, string]>([
    ['an unknown runtime class', () => classed('gvisor'), '403 pods "web" is forbidden: pod rejected: RuntimeClass "gvisor" not found'],
    [
      'another overhead than that of the class',
      () => classed('sandboxed', { overhead: { cpu: '1' } }),
      "403 pods \"web\" is forbidden: pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead",
    ],
    ...[undefined, 'plain'].map((name): [string, () => unknown, string] => [
      `an overhead that no class gives: ${name}`,
      () => classed(name, { overhead: { cpu: '1' } }),
      '403 pods "web" is forbidden: pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead',
    ]),
    [
      'other nodes than those of the class',
      () => classed('sandboxed', { nodeSelector: { runtime: 'runc' } }),
      '403 pods "web" is forbidden: conflict: runtimeClass.scheduling.nodeSelector[runtime] = kata; pod.spec.nodeSelector[runtime] = runc',
    ],
    [
      'an unknown account',
      () => admitted('Pod', pod({ ...spec, serviceAccountName: 'nobody' })),
      '403 pods "web" is forbidden: error looking up service account default/nobody: serviceaccount "nobody" not found',
    ],
    [
      'an unknown priority class',
      () => admitted('Pod', pod({ ...spec, priorityClassName: 'low' })),
      '403 pods "web" is forbidden: no PriorityClass with name low was found',
    ],
    [
      "a priority of one's own",
      () => admitted('Pod', pod({ ...spec, priority: 7 })),
      '403 pods "web" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
    ],
    ['an unknown namespace', () => admitted('ConfigMap', make('ConfigMap', 'x', {}, 'nowhere')), '404 namespaces "nowhere" not found'],
    [
      'a namespace on its way out',
      () => admitted('ConfigMap', make('ConfigMap', 'x', {}, 'leaving')),
      '403 configmaps "x" is forbidden: unable to create new content in namespace leaving because it is being terminated',
    ],
    [
      'deletion of the default namespace',
      () => admitted('Namespace', make('Namespace', 'default'), 'DELETE'),
      '403 namespaces "default" is forbidden: this namespace may not be deleted',
    ],
    [
      'a second default priority',
      () =>
        admitted(
          'PriorityClass.scheduling.k8s.io',
          make('PriorityClass.scheduling.k8s.io', 'b', { globalDefault: true, value: 1 }),
          'CREATE',
          [make('PriorityClass.scheduling.k8s.io', 'a', { globalDefault: true, value: 1 })],
        ),
      '403 priorityclasses.scheduling.k8s.io "b" is forbidden: PriorityClass a is already marked as default. Only one default can exist',
    ],
  ])('%s', (_what, call, expected) => expect(refusal(call)).toBe(expected));
});

describe('storage and nodes', () => {
  test('a claim gets the newest default class and a finalizer', () =>
    expect(admitted('PersistentVolumeClaim', make('PersistentVolumeClaim', 'c', { spec: {} }))).toMatchObject({
      metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
      spec: { storageClassName: 'new' },
    }));
  test('a claim that wants no class gets none', () =>
    expect(
      admitted('PersistentVolumeClaim', make('PersistentVolumeClaim', 'c', { spec: { storageClassName: '' } })).spec.storageClassName,
    ).toBe(''));
  test('a volume gets a finalizer', () =>
    expect(admitted('PersistentVolume', make('PersistentVolume', 'v', { spec: {} })).metadata.finalizers).toEqual([
      'kubernetes.io/pv-protection',
    ]));
  test('a new node is tainted', () =>
    expect(admitted('Node', make('Node', 'n', { spec: {} })).spec.taints).toEqual([
      { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
    ]));
  test('updates pass as they are', () => {
    const node = make('Node', 'n', { spec: {} });
    expect(admitted('Node', node, 'UPDATE')).toBe(node);
  });
});
