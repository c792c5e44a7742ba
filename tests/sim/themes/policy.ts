// What a cluster's owners forbid: limits, quotas that are too narrow, levels of security, who may do what, who may call whom.
import type { Random } from '../../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { APPS, NAMESPACES } from '../workloads.ts';
import { applied, type Deed, deleted, patched, type Theme } from './theme.ts';

/** Of limits and quotas that would hold workloads up for ever. */
export const NARROW = 'narrow';
export const SECURITY_LABELS = ['enforce', 'warn', 'audit'].map((mode) => `pod-security.kubernetes.io/${mode}`);

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io/v1';
const NETWORKING = 'networking.k8s.io/v1';
const PEOPLE = ['ann', 'bob'];

const space = (random: Random): string => random.pick(NAMESPACES);

function limits(random: Random): readonly Deed[] {
  const container = random.pick([
    { type: 'Container', defaultRequest: { cpu: '100m', memory: '64Mi' } },
    { type: 'Container', max: { cpu: '300m', memory: '2Gi' }, default: { cpu: '300m', memory: '1Gi' } },
    { type: 'Pod', max: { cpu: '500m' } },
  ]);
  const storage = { type: 'PersistentVolumeClaim', max: { storage: '8Gi' } };
  const metadata = { name: NARROW, namespace: space(random) };
  return [applied({ apiVersion: 'v1', kind: 'LimitRange', metadata, spec: { limits: [container, storage] } })];
}

function quota(random: Random): readonly Deed[] {
  const hard = random.pick<JsonObject>([
    { pods: String(random.between(2, 8)) },
    { 'requests.cpu': '1', pods: '10' },
    { 'requests.memory': '1Gi', 'limits.memory': '8Gi' },
    { 'count/deployments.apps': '2', services: '2', persistentvolumeclaims: '2', 'requests.storage': '10Gi' },
  ]);
  const scopes =
    'pods' in hard && !('requests.cpu' in hard) && random.below(3) === 0 ? { scopes: [random.pick(['BestEffort', 'NotTerminating'])] } : {};
  return [
    applied({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: NARROW, namespace: space(random) }, spec: { hard, ...scopes } }),
  ];
}

function security(random: Random): readonly Deed[] {
  const label = random.pick(SECURITY_LABELS);
  const level = random.pick(['privileged', 'baseline', 'restricted']);
  const body = { metadata: { name: space(random), labels: { [label]: level } } };
  return [applied({ apiVersion: 'v1', kind: 'Namespace', ...body })];
}

function grant(random: Random): readonly Deed[] {
  const isWide = random.below(2) === 0;
  const at = isWide ? { name: 'readers' } : { name: 'readers', namespace: space(random) };
  const verbs = random.pick([['get', 'list'], ['*'], ['get', 'list', 'delete']]);
  const rules = [{ apiGroups: ['', 'apps'], resources: ['pods', 'pods/log', 'deployments'], verbs }];
  const [role, binding] = isWide ? ['ClusterRole', 'ClusterRoleBinding'] : ['Role', 'RoleBinding'];
  const subjects = [
    random.pick<JsonObject>([
      { kind: 'User', apiGroup: RBAC, name: random.pick(PEOPLE) },
      { kind: 'Group', apiGroup: RBAC, name: 'readers' },
    ]),
  ];
  return [
    applied({ apiVersion: `${RBAC}/v1`, kind: role, metadata: at, rules }),
    applied({ apiVersion: `${RBAC}/v1`, kind: binding, metadata: at, subjects, roleRef: { apiGroup: RBAC, kind: role, name: 'readers' } }),
  ];
}

/** Somebody tries what may be forbidden. */
function attempt(random: Random): readonly Deed[] {
  const user = random.pick([...PEOPLE, 'system:serviceaccount:shop:default']);
  const [kind, method] = random.pick([
    ['Pod', 'GET'],
    ['Pod', 'DELETE'],
    ['Deployment.apps', 'GET'],
    ['Secret', 'GET'],
  ] as const);
  return [{ what: 'ask', kind, pick: random.uint32(), method, subresource: '', query: {}, user }];
}

function wall(random: Random): readonly Deed[] {
  const from = random.pick<JsonObject>([
    {},
    { from: [{ podSelector: { matchLabels: { app: random.pick(APPS) } } }] },
    { ports: [{ port: 80 }] },
  ]);
  const metadata = { name: random.pick(APPS.slice(0, 3)), namespace: space(random) };
  const spec =
    random.below(2) === 0
      ? { podSelector: {}, policyTypes: ['Ingress'] }
      : { podSelector: { matchLabels: { app: metadata.name } }, ingress: [from] };
  return [applied({ apiVersion: NETWORKING, kind: 'NetworkPolicy', metadata, spec })];
}

function entrance(random: Random): readonly Deed[] {
  const name = random.pick(APPS);
  const backend = { service: { name: `${name}-svc`, port: { number: 80 } } };
  const rules = [{ host: `${name}.example.com`, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }];
  return [
    applied({ apiVersion: NETWORKING, kind: 'IngressClass', metadata: { name: 'door' }, spec: { controller: 'example.com/door' } }),
    applied({
      apiVersion: NETWORKING,
      kind: 'Ingress',
      metadata: { name, namespace: space(random) },
      spec: { ingressClassName: 'door', rules },
    }),
  ];
}

function secret(random: Random): readonly Deed[] {
  const metadata = { name: random.pick(APPS), namespace: space(random) };
  return [applied({ apiVersion: 'v1', kind: 'Secret', metadata, stringData: { password: String(random.below(100)) } })];
}

/** A rule of the owner's own, and where it holds. */
function ownRule(random: Random): readonly Deed[] {
  const [resource, group, expression] = random.pick([
    ['deployments', 'apps', 'object.spec.replicas <= 3'],
    ['pods', '', "object.spec.containers.all(one, !one.image.startsWith('redis'))"],
    ['configmaps', '', "has(object.data) && 'key' in object.data"],
  ] as const);
  const rules = [{ apiGroups: [group], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] }];
  const metadata = { name: `${NARROW}-${resource}` };
  const validationActions = random.pick([['Deny'], ['Deny', 'Audit'], ['Warn']]);
  const place = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': space(random) } } };
  return [
    applied({
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: { failurePolicy: 'Fail', matchConstraints: { resourceRules: rules }, validations: [{ expression }] },
    }),
    applied({
      apiVersion: ADMISSION,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions, matchResources: place },
    }),
  ];
}

export const policyTheme: Theme = {
  name: 'policy',
  oneIn: 4,
  happeningsMax: 10,
  furniture: [],
  happenings: [
    limits,
    quota,
    quota,
    security,
    grant,
    attempt,
    attempt,
    wall,
    entrance,
    secret,
    ownRule,
    (random) => [applied({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot', namespace: space(random) } })],
    (random) => [
      applied({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'spare' }, value: random.below(50) }),
    ],
    (random) => [
      deleted(random, random.pick(['LimitRange', 'ResourceQuota', 'NetworkPolicy.networking.k8s.io', 'Ingress.networking.k8s.io'])),
    ],
    (random) => [
      deleted(random, random.pick(['Role.rbac.authorization.k8s.io', 'RoleBinding.rbac.authorization.k8s.io', 'Secret', 'ServiceAccount'])),
    ],
    (random) => [
      deleted(
        random,
        random.pick([
          'ValidatingAdmissionPolicy.admissionregistration.k8s.io',
          'PodDisruptionBudget.policy',
          'IngressClass.networking.k8s.io',
        ]),
      ),
    ],
    (random) => [patched(random, 'PodDisruptionBudget.policy', { spec: { minAvailable: random.below(3), maxUnavailable: null } })],
  ],
};
