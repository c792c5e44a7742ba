// Policies that name subresources: asked about what is sent there, and about nothing else. What they refuse to components, those live with.
import { expect, test } from 'vitest';
import type { JsonValue } from '../../../../../src-main/engine/meta/object.ts';
import { TestCluster } from '../../../../support/test-cluster.ts';
import { requestOf } from '../rest/rest-world.ts';

const POD = '/api/v1/namespaces/default/pods/web';
const WEB = `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: web, image: nginx}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop}}
  template: {metadata: {labels: {app: shop}}, spec: {containers: [{name: shop, image: nginx}]}}
`;

const policy = (resources: string, expression: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: p}
spec:
  matchConstraints: {resourceRules: [{apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['${resources}']}]}
  validations: [{expression: '${expression}', message: 'no'}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: b}
spec: {policyName: p, validationActions: [Deny]}
`;

interface Asked {
  readonly resources: string;
  readonly expression?: string;
  readonly line: string;
  readonly body?: JsonValue;
}

/** The code of the answer, and what the client is told when it is a refusal. */
function check({ resources, expression = 'false', line, body }: Asked, expected: string): void {
  const cluster = new TestCluster({ zones: 1, workers: 1 }).apply(WEB).run('20s').apply(policy(resources, expression));
  const options = line.startsWith('PATCH') ? { contentType: 'application/merge-patch+json' } : {};
  const { answer } = cluster.world.command({ type: 'request', request: requestOf(line, body, options) } as never);
  const { message = '' } = (answer?.body ?? {}) as { message?: string };
  expect(`${answer?.code} ${message}`.trim()).toBe(expected);
}

const SHOP = '/apis/apps/v1/namespaces/default/deployments/shop';
const scale = { line: `PATCH ${SHOP}/scale`, body: { spec: { replicas: 5 } } };
const eviction = { line: `POST ${POD}/eviction`, body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'web' } } };
/** A connection is judged when it is opened, and has no body then. */
const exec = { line: `POST ${POD}/exec?command=date&stdout=true` };
const refused = (resource: string, name: string): string =>
  `422 ${resource} "${name}" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no`;

test.each<[string, Asked, string]>([
  ['a scale', { ...scale, resources: 'deployments/scale', expression: 'object.spec.replicas <= 3' }, refused('deployments.apps', 'shop')],
  ['a scale within bounds', { ...scale, resources: 'deployments/scale', expression: 'object.spec.replicas <= 9' }, '200'],
  [
    'a scale is no Deployment',
    { ...scale, resources: 'deployments/scale', expression: 'request.kind.kind == "Scale" && oldObject.spec.replicas == 1' },
    '200',
  ],
  ['nor a write of one', { ...scale, resources: 'deployments' }, '200'],
  ['any part of any resource', { ...scale, resources: '*/*' }, refused('deployments.apps', 'shop')],
  ['an eviction', { ...eviction, resources: 'pods/eviction' }, refused('pods', 'web')],
  ['an eviction is no deletion', { ...eviction, resources: 'pods' }, '201'],
  [
    'a status',
    { line: `PATCH ${POD}/status`, body: { status: { message: 'hello' } }, resources: 'pods/status', expression: 'request.name != "web"' },
    refused('pods', 'web'),
  ],
  ['a command', { ...exec, resources: 'pods/exec', expression: 'object.command != ["date"]' }, refused('pods', 'web')],
  [
    'another command',
    { ...exec, resources: 'pods/exec', expression: 'object.command == ["date"] && request.operation == "CONNECT"' },
    '200',
  ],
  [
    'a token',
    { line: 'POST /api/v1/namespaces/default/serviceaccounts/default/token', body: {}, resources: 'serviceaccounts/token' },
    refused('serviceaccounts', 'default'),
  ],
])('%s', (_name, asked, expected) => check(asked, expected));

test('a pod that may be bound to no node waits, and the kubelets and controllers that may write no status go on', () => {
  const cluster = new TestCluster({ zones: 1, workers: 1 });
  cluster.apply(policy('pods/binding', 'object.target.name != "worker-1"')).apply(WEB).run('30s');
  const [pod] = cluster.pods('web');
  const told = pod?.status.conditions?.map(({ reason, message }) => `${reason}: ${message}`);
  expect(told).toEqual([expect.stringMatching(/^SchedulerError: running Bind plugin "DefaultBinder": .*denied request: no$/)]);

  const other = new TestCluster({ zones: 1, workers: 1 }).apply(WEB).run('20s').apply(policy('*/status', 'false'));
  other.fail('node-power-off', 'worker-1').run('10m');
  expect(other.pods('web')[0]?.status.phase).toBe('Running');
});
