// The roles and bindings that every cluster begins with. upstream: plugin/pkg/auth/authorizer/rbac/bootstrappolicy/policy.go (release 1.33)
import { aggregatedRules } from '../../kinds/rbac/aggregated-rules.ts';
import { clusterRoleBindingKind } from '../../kinds/rbac/bindings.ts';
import { type PolicyRule, RBAC_GROUP, type Subject } from '../../kinds/rbac/rbac-validation.ts';
import { type ClusterRole, clusterRoleKind } from '../../kinds/rbac/roles.ts';
import type { ApiServer } from '../server.ts';

const USER = 'system:apiserver';
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const ANNOTATIONS = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';

/** Made before anybody asks; the roles that gather others begin with what these have. */
export function createBootstrapPolicy(server: ApiServer): void {
  const roles = [...plainRoles().map(asDraft), ...gatheringRoles()];
  for (const role of roles) {
    const rules = role.aggregationRule === undefined ? role.rules : aggregatedRules(role, server.list(clusterRoleKind));
    server.create(clusterRoleKind, { ...role, ...(rules === undefined ? {} : { rules }) }, USER);
  }
  for (const [name, role, subjects] of bindings) server.create(clusterRoleBindingKind, bindingOf(name, role, subjects), USER);
}

type RoleDraft = Pick<ClusterRole, 'rules' | 'aggregationRule'> & { readonly metadata: { readonly name: string } };

interface PlainRole {
  readonly name: string;
  /** The role that gathers this one: `admin`, `edit`, `view`. */
  readonly gatheredBy?: string;
  readonly rules: readonly PolicyRule[];
}

function asDraft({ name, gatheredBy, rules }: PlainRole): RoleDraft {
  const labels = gatheredBy === undefined ? LABELS : { ...LABELS, [`${AGGREGATE}${gatheredBy}`]: 'true' };
  return { metadata: { name, labels, annotations: ANNOTATIONS } as RoleDraft['metadata'], rules };
}

/** view is in edit, edit in admin. */
function gatheringRoles(): readonly RoleDraft[] {
  const gathering = (name: string, gatheredBy?: string): RoleDraft => ({
    ...asDraft({ name, rules: [], ...(gatheredBy === undefined ? {} : { gatheredBy }) }),
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATE}${name}`]: 'true' } }] },
  });
  return [gathering('view', 'edit'), gathering('edit', 'admin'), gathering('admin')];
}

/** Verbs, groups and resources as words; `core` is the group without a name. */
function rule(verbs: string, groups: string, resources: string, resourceNames?: string): PolicyRule {
  return {
    verbs: words(verbs),
    apiGroups: words(groups).map((group) => (group === 'core' ? '' : group)),
    resources: words(resources),
    ...(resourceNames === undefined ? {} : { resourceNames: words(resourceNames) }),
  };
}

function paths(urls: string, verbs = 'get'): PolicyRule {
  return { verbs: words(verbs), nonResourceURLs: words(urls) };
}

function words(text: string): readonly string[] {
  return text.split(' ').sort();
}

const READ = 'get list watch';
const WRITE = 'create update patch delete deletecollection';
const ALL = `${READ} ${WRITE}`;
const events = rule('create patch update', 'core events.k8s.io', 'events');
const HEALTH = '/livez /readyz /healthz /version /version/';

function plainRoles(): readonly PlainRole[] {
  return [
    { name: 'cluster-admin', rules: [rule('*', '*', '*'), paths('*', '*')] },
    { name: 'system:discovery', rules: [paths(`${HEALTH} /openapi /openapi/* /api /api/* /apis /apis/*`)] },
    { name: 'system:public-info-viewer', rules: [paths(HEALTH)] },
    { name: 'system:monitoring', rules: [paths('/metrics /metrics/slis /livez /livez/* /readyz /readyz/* /healthz /healthz/*')] },
    { name: 'system:basic-user', rules: basicUser },
    ...viewRoles,
    ...systemRoles,
  ];
}

const basicUser: readonly PolicyRule[] = [
  rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
  rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
];

/** What people get in a namespace. */
const viewRoles: readonly PlainRole[] = [
  {
    name: 'system:aggregate-to-view',
    gatheredBy: 'view',
    rules: [
      rule(
        READ,
        'core',
        'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status',
      ),
      rule(
        READ,
        'core',
        'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status',
      ),
      rule(READ, 'core', 'namespaces'),
      rule(READ, 'discovery.k8s.io', 'endpointslices'),
      rule(
        READ,
        'apps',
        'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status',
      ),
      rule(READ, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
      rule(READ, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
      rule(
        READ,
        'extensions',
        'daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status networkpolicies replicasets replicasets/scale replicasets/status replicationcontrollers/scale',
      ),
      rule(READ, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
      rule(READ, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
    ],
  },
  {
    name: 'system:aggregate-to-edit',
    gatheredBy: 'edit',
    rules: [
      rule(READ, 'core', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
      rule('impersonate', 'core', 'serviceaccounts'),
      rule(WRITE, 'core', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
      rule('create', 'core', 'pods/eviction'),
      rule(
        WRITE,
        'core',
        'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy',
      ),
      rule('create', 'core', 'serviceaccounts/token'),
      rule(
        WRITE,
        'apps',
        'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale',
      ),
      rule(WRITE, 'autoscaling', 'horizontalpodautoscalers'),
      rule(WRITE, 'batch', 'cronjobs jobs'),
      rule(
        WRITE,
        'extensions',
        'daemonsets deployments deployments/rollback deployments/scale ingresses networkpolicies replicasets replicasets/scale replicationcontrollers/scale',
      ),
      rule(WRITE, 'policy', 'poddisruptionbudgets'),
      rule(WRITE, 'networking.k8s.io', 'ingresses networkpolicies'),
      rule(ALL, 'coordination.k8s.io', 'leases'),
    ],
  },
  {
    name: 'system:aggregate-to-admin',
    gatheredBy: 'admin',
    rules: [rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'), rule(ALL, RBAC_GROUP, 'rolebindings roles')],
  },
];

const reviews = [rule('create', 'authentication.k8s.io', 'tokenreviews'), rule('create', 'authorization.k8s.io', 'subjectaccessreviews')];
const leases = (name: string): readonly PolicyRule[] => [
  rule('create', 'coordination.k8s.io', 'leases'),
  rule('get update', 'coordination.k8s.io', 'leases', name),
];

/** What the parts of the cluster get that are no controllers. */
const systemRoles: readonly PlainRole[] = [
  { name: 'system:auth-delegator', rules: reviews },
  { name: 'system:kube-aggregator', rules: [rule(READ, 'core', 'endpoints services')] },
  { name: 'system:kube-dns', rules: [rule('list watch', 'core', 'endpoints services')] },
  {
    name: 'system:kubelet-api-admin',
    rules: [
      rule(READ, 'core', 'nodes'),
      rule('proxy', 'core', 'nodes'),
      rule('*', 'core', 'nodes/log nodes/metrics nodes/proxy nodes/stats'),
    ],
  },
  { name: 'system:node-bootstrapper', rules: [rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests')] },
  { name: 'system:node-problem-detector', rules: [rule('get', 'core', 'nodes'), rule('patch', 'core', 'nodes/status'), events] },
  {
    name: 'system:node-proxier',
    rules: [
      rule('list watch', 'core', 'endpoints services'),
      rule('get list watch', 'core', 'nodes'),
      events,
      rule('list watch', 'discovery.k8s.io', 'endpointslices'),
    ],
  },
  {
    name: 'system:persistent-volume-provisioner',
    rules: [
      rule('create delete get list watch', 'core', 'persistentvolumes'),
      rule('get list update watch', 'core', 'persistentvolumeclaims'),
      rule(READ, 'storage.k8s.io', 'storageclasses'),
      rule('watch', 'core', 'events'),
      events,
    ],
  },
  {
    name: 'system:service-account-issuer-discovery',
    rules: [paths('/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/')],
  },
  {
    name: 'system:volume-scheduler',
    rules: [
      rule('get list patch update watch', 'core', 'persistentvolumes'),
      rule(READ, 'storage.k8s.io', 'storageclasses'),
      rule('get list patch update watch', 'core', 'persistentvolumeclaims'),
    ],
  },
  {
    name: 'system:kube-scheduler',
    rules: [
      events,
      ...leases('kube-scheduler'),
      rule(READ, 'core', 'nodes'),
      rule('delete get list watch', 'core', 'pods'),
      rule('create', 'core', 'bindings pods/binding'),
      rule('patch update', 'core', 'pods/status'),
      rule(READ, 'core', 'replicationcontrollers services'),
      rule(READ, 'apps extensions', 'replicasets'),
      rule(READ, 'apps', 'statefulsets'),
      rule(READ, 'policy', 'poddisruptionbudgets'),
      rule(READ, 'core', 'persistentvolumeclaims persistentvolumes'),
      ...reviews,
      rule(READ, 'storage.k8s.io', 'csinodes'),
      rule(READ, 'core', 'namespaces'),
      rule(READ, 'storage.k8s.io', 'csidrivers csistoragecapacities'),
    ],
  },
  {
    name: 'system:kube-controller-manager',
    rules: [
      events,
      ...leases('kube-controller-manager'),
      rule('create', 'core', 'secrets serviceaccounts'),
      rule('delete', 'core', 'secrets'),
      rule('get', 'core', 'configmaps namespaces secrets serviceaccounts'),
      rule('update', 'core', 'secrets serviceaccounts'),
      ...reviews,
      rule('list watch', '*', '*'),
      rule('create', 'core', 'serviceaccounts/token'),
    ],
  },
  {
    name: 'system:node',
    rules: [
      ...reviews,
      rule(READ, 'core', 'services'),
      rule('create get list watch', 'core', 'nodes'),
      rule('patch update', 'core', 'nodes/status'),
      rule('patch update', 'core', 'nodes'),
      events,
      rule(READ, 'core', 'pods'),
      rule('create delete', 'core', 'pods'),
      rule('patch update', 'core', 'pods/status'),
      rule('create', 'core', 'pods/eviction'),
      rule(READ, 'core', 'configmaps secrets'),
      rule('get', 'core', 'persistentvolumeclaims persistentvolumes'),
      rule('get', 'core', 'endpoints'),
      rule('create get list watch', 'certificates.k8s.io', 'certificatesigningrequests'),
      rule('create delete get patch update', 'coordination.k8s.io', 'leases'),
      rule('get', 'storage.k8s.io', 'volumeattachments'),
      rule('create', 'core', 'serviceaccounts/token'),
      rule('get patch update', 'core', 'persistentvolumeclaims/status'),
      rule(READ, 'storage.k8s.io', 'csidrivers'),
      rule('create delete get patch update', 'storage.k8s.io', 'csinodes'),
      rule(READ, 'node.k8s.io', 'runtimeclasses'),
    ],
  },
];

const group = (name: string): Subject => ({ kind: 'Group', apiGroup: RBAC_GROUP, name });
const user = (name: string): Subject => ({ kind: 'User', apiGroup: RBAC_GROUP, name });

const bindings: readonly (readonly [name: string, role: string, subjects: readonly Subject[]])[] = [
  ['cluster-admin', 'cluster-admin', [group('system:masters')]],
  ['system:monitoring', 'system:monitoring', [group('system:monitoring')]],
  ['system:discovery', 'system:discovery', [group('system:authenticated')]],
  ['system:basic-user', 'system:basic-user', [group('system:authenticated')]],
  ['system:public-info-viewer', 'system:public-info-viewer', [group('system:authenticated'), group('system:unauthenticated')]],
  ['system:node-proxier', 'system:node-proxier', [user('system:kube-proxy')]],
  ['system:kube-controller-manager', 'system:kube-controller-manager', [user('system:kube-controller-manager')]],
  ['system:kube-dns', 'system:kube-dns', [{ kind: 'ServiceAccount', name: 'kube-dns', namespace: 'kube-system' }]],
  ['system:kube-scheduler', 'system:kube-scheduler', [user('system:kube-scheduler')]],
  ['system:volume-scheduler', 'system:volume-scheduler', [user('system:kube-scheduler')]],
  ['system:service-account-issuer-discovery', 'system:service-account-issuer-discovery', [group('system:serviceaccounts')]],
  // Nodes have an authorizer of their own.
  ['system:node', 'system:node', []],
  // kubeadm's administrators. upstream: cmd/kubeadm/app/phases/kubeconfig EnsureAdminClusterRoleBinding
  ['kubeadm:cluster-admins', 'cluster-admin', [group('kubeadm:cluster-admins')]],
];

function bindingOf(name: string, role: string, subjects: readonly Subject[]): object {
  const own = name.startsWith('kubeadm:') ? {} : { labels: LABELS, annotations: ANNOTATIONS };
  return {
    metadata: { name, ...own },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: role },
    ...(subjects.length === 0 ? {} : { subjects }),
  };
}
