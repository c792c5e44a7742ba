import { describe, expect, test } from 'vitest';
import { createBootstrapPolicy } from '../../../../../src-main/engine/api/authorization/bootstrap-policy.ts';
import { clusterRoleBindingKind, roleBindingKind } from '../../../../../src-main/engine/kinds/rbac/bindings.ts';
import { clusterRoleKind, roleKind } from '../../../../../src-main/engine/kinds/rbac/roles.ts';
import { RestWorld } from '../rest/rest-world.ts';

const server = madeServer();

function madeServer() {
  const world = new RestWorld();
  for (const name of ['kube-system', 'kube-public']) world.ask('POST /api/v1/namespaces', { metadata: { name } });
  createBootstrapPolicy(world.server);
  return world.server;
}

const check = (role: string, expected: readonly string[]) =>
  expect(
    server
      .get(clusterRoleKind, role)
      ?.rules?.map(({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }) =>
        [verbs, apiGroups, resources, resourceNames, nonResourceURLs].map((part) => part.join(' ')).join(' | '),
      ),
  ).toEqual(expected);

describe('the rules of a role, each of its lists in order', () => {
  test('everything', () => check('cluster-admin', ['* | * | * |  | ', '* |  |  |  | *']));
  test('paths', () => check('system:public-info-viewer', ['get |  |  |  | /healthz /livez /readyz /version /version/']));
  test('a controller', () =>
    check('system:controller:legacy-service-account-token-cleaner', [
      'get |  | configmaps | kube-apiserver-legacy-service-account-token-tracking | ',
      'delete patch |  | secrets |  | ',
    ]));
  test('names', () =>
    check('system:controller:certificate-controller', [
      'delete get list watch | certificates.k8s.io | certificatesigningrequests |  | ',
      'update | certificates.k8s.io | certificatesigningrequests/approval certificatesigningrequests/status |  | ',
      'approve | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client-kubelet | ',
      'sign | certificates.k8s.io | signers | kubernetes.io/kube-apiserver-client kubernetes.io/kube-apiserver-client-kubelet kubernetes.io/kubelet-serving kubernetes.io/legacy-unknown | ',
      'create | authorization.k8s.io | subjectaccessreviews |  | ',
      'create patch update |  events.k8s.io | events |  | ',
    ]));
});

describe('who is gathered by whom', () => {
  const rulesOf = (role: string) => server.get(clusterRoleKind, role)?.rules ?? [];
  const areIn = (part: string, whole: string) => expect(rulesOf(whole)).toEqual(expect.arrayContaining([...rulesOf(part)]));
  test('view in edit', () => areIn('view', 'edit'));
  test('edit in admin', () => areIn('edit', 'admin'));
  test('no secrets for those who view', () => expect(rulesOf('view').flatMap(({ resources }) => resources)).not.toContain('secrets'));
});

test('each controller has its role and is bound to it', () => {
  const names = server.list(clusterRoleKind).map(({ metadata }) => metadata.name);
  const controllers = names.filter((name) => name.startsWith('system:controller:'));
  expect(controllers).toHaveLength(35);
  for (const name of controllers)
    expect(server.get(clusterRoleBindingKind, name)).toMatchObject({
      roleRef: { kind: 'ClusterRole', name },
      subjects: [{ kind: 'ServiceAccount', namespace: 'kube-system', name: name.slice('system:controller:'.length) }],
    });
});

test('every binding refers to a role that is there', () => {
  for (const { roleRef } of server.list(clusterRoleBindingKind)) expect(server.get(clusterRoleKind, roleRef.name)).toBeDefined();
  const bindings = server.list(roleBindingKind);
  expect(bindings).toHaveLength(7);
  for (const { metadata, roleRef } of bindings) expect(server.get(roleKind, `${metadata.namespace}/${roleRef.name}`)).toBeDefined();
});

test('the roles that are in one namespace alone', () =>
  expect(server.list(roleKind).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual(
    expect.arrayContaining(['kube-public/system:controller:bootstrap-signer', 'kube-system/extension-apiserver-authentication-reader']),
  ));
