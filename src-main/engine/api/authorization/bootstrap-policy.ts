// The roles and bindings that every cluster begins with. upstream: plugin/pkg/registry/rbac/rest/storage_rbac.go PolicyData.EnsureRBACPolicy
import { aggregatedRules } from '../../kinds/rbac/aggregated-rules.ts';
import { clusterRoleBindingKind, roleBindingKind } from '../../kinds/rbac/bindings.ts';
import { type PolicyRule, RBAC_GROUP, type Subject } from '../../kinds/rbac/rbac-validation.ts';
import { clusterRoleKind, roleKind } from '../../kinds/rbac/roles.ts';
import type { ApiServer } from '../server.ts';
import { CLUSTER_BINDINGS, CONTROLLER_ROLES, NAMESPACE_BINDINGS, NAMESPACE_ROLES, PEOPLES_ROLES, SYSTEM_ROLES } from './bootstrap-roles.ts';

const USER = 'system:apiserver';
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };
const ANNOTATIONS = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const AGGREGATE = 'rbac.authorization.k8s.io/aggregate-to-';
const CONTROLLER = 'system:controller:';
const SYSTEM_NAMESPACE = 'kube-system';

/** Made before anybody asks; the roles that gather others begin with what these have. */
export function createBootstrapPolicy(server: ApiServer): void {
  for (const { name, gatheredBy, rules } of [...parsedRoles(PEOPLES_ROLES), ...parsedRoles(SYSTEM_ROLES)])
    server.create(clusterRoleKind, { metadata: metadata(name, gatheredBy), rules }, USER);
  createGatheringRoles(server);
  for (const [name, role, subjects] of parsedBindings(CLUSTER_BINDINGS)) createClusterBinding(server, metadata(name), role, subjects);
  // kubeadm's administrators. upstream: cmd/kubeadm/app/phases/kubeconfig EnsureAdminClusterRoleBinding
  const admins = 'kubeadm:cluster-admins';
  createClusterBinding(server, { name: admins }, 'cluster-admin', [{ kind: 'Group', apiGroup: RBAC_GROUP, name: admins }]);
  createControllerRoles(server);
  createNamespaceRoles(server);
}

/** view is in edit, edit in admin. */
function createGatheringRoles(server: ApiServer): void {
  const gathering = (name: string, gatheredBy?: string): void => {
    const aggregationRule = { clusterRoleSelectors: [{ matchLabels: { [`${AGGREGATE}${name}`]: 'true' } }] };
    const role = { metadata: metadata(name, gatheredBy), aggregationRule };
    server.create(clusterRoleKind, { ...role, rules: aggregatedRules(role, server.list(clusterRoleKind)) }, USER);
  };
  gathering('view', 'edit');
  gathering('edit', 'admin');
  gathering('admin');
}

function createControllerRoles(server: ApiServer): void {
  for (const { name, rules } of parsedRoles(CONTROLLER_ROLES)) {
    const own = metadata(`${CONTROLLER}${name}`);
    server.create(clusterRoleKind, { metadata: own, rules }, USER);
    createClusterBinding(server, own, own.name, [{ kind: 'ServiceAccount', name, namespace: SYSTEM_NAMESPACE }]);
  }
}

function createNamespaceRoles(server: ApiServer): void {
  for (const { name, namespace = SYSTEM_NAMESPACE, rules } of parsedRoles(NAMESPACE_ROLES))
    server.create(roleKind, { metadata: { ...metadata(name), namespace }, rules }, USER);
  for (const [place, role, subjects] of parsedBindings(NAMESPACE_BINDINGS)) {
    const [name = '', namespace = ''] = place.split(' @ ');
    const roleRef = { apiGroup: RBAC_GROUP, kind: 'Role', name: role };
    server.create(roleBindingKind, { metadata: { ...metadata(name), namespace }, roleRef, subjects }, USER);
  }
}

function createClusterBinding(server: ApiServer, own: { readonly name: string }, role: string, subjects: readonly Subject[]): void {
  const roleRef = { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: role };
  server.create(clusterRoleBindingKind, { metadata: own, roleRef, ...(subjects.length === 0 ? {} : { subjects }) }, USER);
}

/** Where the label names the role that gathers this one: `admin`, `edit`, `view`. */
function metadata(name: string, gatheredBy?: string) {
  const labels = gatheredBy === undefined ? LABELS : { ...LABELS, [`${AGGREGATE}${gatheredBy}`]: 'true' };
  return { name, labels, annotations: ANNOTATIONS };
}

interface ParsedRole {
  readonly name: string;
  readonly gatheredBy?: string;
  readonly namespace?: string;
  readonly rules: PolicyRule[];
}

function parsedRoles(text: string): readonly ParsedRole[] {
  const roles: ParsedRole[] = [];
  for (const line of linesOf(text)) {
    if (line.startsWith('  ')) {
      roles.at(-1)?.rules.push(parsedRule(line.trim()));
      continue;
    }
    const [name = '', sign, other = ''] = line.split(' ');
    roles.push({ name, ...(sign === '>' ? { gatheredBy: other } : sign === '@' ? { namespace: other } : {}), rules: [] });
  }
  return roles;
}

const READ = 'get list watch';
const WRITE = 'create delete deletecollection patch update';
const VERBS: Readonly<Record<string, string>> = { READ, WRITE, ALL: `${READ} ${WRITE}` };

/** upstream: pkg/apis/rbac/v1/helpers.go PolicyRuleBuilder.Rule: every list in order */
function parsedRule(line: string): PolicyRule {
  if (line === 'EVENTS') return parsedRule('create patch update | core events.k8s.io | events');
  const [verbs = '', groups = '', resources, names] = line.split(' | ');
  const sortedVerbs = words(VERBS[verbs] ?? verbs);
  if (resources === undefined) return { verbs: sortedVerbs, nonResourceURLs: words(groups) };
  const apiGroups = words(groups).map((group) => (group === 'core' ? '' : group));
  return { verbs: sortedVerbs, apiGroups, resources: words(resources), ...(names === undefined ? {} : { resourceNames: words(names) }) };
}

function parsedBindings(text: string): readonly (readonly [place: string, role: string, subjects: readonly Subject[]])[] {
  return linesOf(text).map((line) => {
    const [place = '', role = '', subjects] = line.split(' | ');
    return [place, role, subjects === undefined ? [] : subjects.split(' ').map(parsedSubject)];
  });
}

function parsedSubject(text: string): Subject {
  const [kind = '', name = ''] = text.split('/');
  return kind === 'ServiceAccount' ? { kind, name, namespace: SYSTEM_NAMESPACE } : { kind, apiGroup: RBAC_GROUP, name };
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function words(text: string): readonly string[] {
  return text.split(' ').sort();
}
