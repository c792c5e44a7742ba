// Policies of expressions: which requests they are about, what they read, and what happens to those who break them.
import { expect, test } from 'vitest';
import { validateAdmission } from '../../../../../src-main/engine/api/admission/chain.ts';
import { validatingAdmissionPolicy } from '../../../../../src-main/engine/api/admission/validating-admission-policy.ts';
import type { AdmissionRequest } from '../../../../../src-main/engine/api/server.ts';
import { Store } from '../../../../../src-main/engine/api/store.ts';
import { validatingAdmissionPolicyKind } from '../../../../../src-main/engine/kinds/admissionregistration/validating-admission-policy.ts';
import { validatingAdmissionPolicyBindingKind } from '../../../../../src-main/engine/kinds/admissionregistration/validating-admission-policy-binding.ts';
import { kindKey } from '../../../../../src-main/engine/kinds/kind.ts';
import { kinds } from '../../../../../src-main/engine/kinds/registry.ts';
import type { ApiObject } from '../../../../../src-main/engine/meta/object.ts';
import { StatusError } from '../../../../../src-main/engine/meta/status-error.ts';

const pods = { apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['pods'] };

interface World {
  readonly policy?: object;
  readonly binding?: object;
  readonly request?: Partial<AdmissionRequest>;
  readonly others?: readonly ApiObject[];
}

const object = (kind: string, name: string, more: object = {}, labels = {}): ApiObject =>
  ({
    apiVersion: 'v1',
    kind,
    metadata: { name, labels, ...(kind === 'Namespace' ? {} : { namespace: 'shop' }) },
    ...more,
  }) as unknown as ApiObject;
const pod = (more: object = {}, labels = {}): ApiObject => object('Pod', 'web', { spec: { hostNetwork: true, ...more } }, labels);

/** '' when the request passes; what the client is told otherwise, warnings included. */
function outcome({ policy = {}, binding = {}, request = {}, others = [] }: World): string {
  const validations = [{ expression: '!object.spec.hostNetwork' }];
  const stored = [
    validatingAdmissionPolicyKind.defaults({
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'p' },
      spec: { matchConstraints: { resourceRules: [pods] }, validations, ...policy },
    } as never),
    validatingAdmissionPolicyBindingKind.defaults({
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'b' },
      spec: { policyName: 'p', validationActions: ['Deny'], ...binding },
    } as never),
    object('Namespace', 'shop', {}, { team: 'a' }),
    ...others,
  ] as readonly ApiObject[];
  const faults = [
    validatingAdmissionPolicyKind.validate(stored[0] as never),
    validatingAdmissionPolicyBindingKind.validate(stored[1] as never),
  ];
  expect(faults.flat().map(String)).toEqual([]);
  const told: string[] = [];
  const server = {
    find: (kind: { kind: string }, key: string) =>
      stored.find((one) => one.kind === kind.kind && [one.metadata.name, `shop/${one.metadata.name}`].includes(key)) as never,
    list: (kind: { kind: string }) => stored.filter((one) => one.kind === kind.kind) as never,
    warn: (text: string) => told.push(`warning: ${text}`),
    update: <T>(_kind: unknown, next: T) => next,
    unixMs: 0,
    store: new Store(),
  };
  const asked = { operation: 'CREATE', kind: kindOf('Pod'), object: pod(), previous: null, namespace: 'shop', user: 'ann', ...request };
  try {
    validateAdmission(asked as AdmissionRequest, server, [validatingAdmissionPolicy]);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { reason, code, message } = error.status;
    told.push(`${reason} ${code}: ${message.replace(/^.*denied request: /, '')}`);
  }
  return told.join('; ');
}

const kindOf = (key: string) => kinds.find((kind) => kindKey(kind) === key);
const check = (world: World, expected: string): void => expect(outcome(world)).toBe(expected);
const REFUSED = 'Invalid 422: failed expression: !object.spec.hostNetwork';

test.each<[string, World, string]>([
  ['a pod that breaks it', {}, REFUSED],
  ['a pod that does not', { request: { object: pod({ hostNetwork: false }) } }, ''],
  ['another policy is bound', { binding: { policyName: 'q' } }, ''],
  ['another operation', { policy: { matchConstraints: { resourceRules: [{ ...pods, operations: ['UPDATE'] }] } } }, ''],
  [
    'another version, and only this one counts',
    { policy: { matchConstraints: { matchPolicy: 'Exact', resourceRules: [{ ...pods, apiVersions: ['v2'] }] } } },
    '',
  ],
  ['any resource, not their parts', { policy: { matchConstraints: { resourceRules: [{ ...pods, resources: ['*'] }] } } }, REFUSED],
  ['a part of the resource alone', { policy: { matchConstraints: { resourceRules: [{ ...pods, resources: ['pods/status'] }] } } }, ''],
  ['by name', { policy: { matchConstraints: { resourceRules: [{ ...pods, resourceNames: ['db'] }] } } }, ''],
  [
    'left out',
    { policy: { matchConstraints: { resourceRules: [pods], excludeResourceRules: [{ ...pods, resourceNames: ['web'] }] } } },
    '',
  ],
  ['of the cluster', { policy: { matchConstraints: { resourceRules: [{ ...pods, scope: 'Cluster' }] } } }, ''],
  ['in a namespace that is labelled so', { binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'a' } } } } }, REFUSED],
  ['in another namespace', { binding: { matchResources: { namespaceSelector: { matchLabels: { team: 'b' } } } } }, ''],
  ['labelled otherwise', { binding: { matchResources: { objectSelector: { matchLabels: { app: 'db' } } } } }, ''],
  [
    'labelled so before',
    {
      binding: { matchResources: { objectSelector: { matchLabels: { app: 'db' } } } },
      request: { operation: 'UPDATE', previous: pod({}, { app: 'db' }) },
    },
    REFUSED,
  ],
  [
    'warned',
    { binding: { validationActions: ['Warn', 'Audit'] } },
    "warning: Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': failed expression: !object.spec.hostNetwork",
  ],
])('%s', (_name, world, expected) => check(world, expected));

const of = (expression: string, more: object = {}): World => ({ policy: { validations: [{ expression, message: 'no', ...more }] } });

test.each<[string, World, string]>([
  ['a reason', of('false', { reason: 'RequestEntityTooLarge' }), 'RequestEntityTooLarge 413: no'],
  ['a message of its own', of('false', { messageExpression: '"not " + object.metadata.name' }), 'Invalid 422: not web'],
  ['a message that fails', of('false', { messageExpression: 'string(object.metadata.absent)' }), 'Invalid 422: no'],
  [
    'what cannot be told',
    of('object.spec.absent == 1'),
    "Invalid 422: expression 'object.spec.absent == 1' resulted in error: no such key: absent",
  ],
  [
    'what cannot be told, and need not be',
    { policy: { failurePolicy: 'Ignore', validations: [{ expression: 'object.spec.absent == 1' }] } },
    '',
  ],
  ['who asks', of('request.userInfo.username == "ann" && "staff" in request.userInfo.groups'), 'Invalid 422: no'],
  [
    'what is asked',
    of('request.operation == "CREATE" && request.resource.resource == "pods" && request.name == "web" && !request.dryRun'),
    '',
  ],
  ['the namespace', of('namespaceObject.metadata.labels.team == "a"'), ''],
  ['where', of('request.namespace == "shop" && object.metadata.namespace == "shop"'), ''],
  ['nothing was there', of('oldObject == null'), ''],
  ['access', of('authorizer.group("").resource("pods").namespace("shop").check("delete").allowed()'), 'Invalid 422: no'],
  ['access of what is asked for', of('!authorizer.requestResource.check("create").allowed()'), ''],
])('expressions: %s', (_name, world, expected) => check(world, expected));

const composed = (...validations: readonly string[]): World => ({
  policy: {
    variables: [
      { name: 'names', expression: 'object.spec.?containers.orValue([]).map(c, c.name)' },
      { name: 'count', expression: 'size(variables.names)' },
      { name: 'broken', expression: '1 / variables.count' },
    ],
    validations: validations.map((expression) => ({ expression })),
  },
});

test.each<[string, World, string]>([
  ['made of one another', composed('variables.count == 0 && variables.names == []'), ''],
  ['computed only where they are read', composed('variables.count == 0 || variables.broken > 0'), ''],
  [
    'their faults are the readers',
    composed('variables.broken > 0'),
    `Invalid 422: expression 'variables.broken > 0' resulted in error: composited variable "broken" fails to evaluate: division by zero`,
  ],
])('variables: %s', (_name, world, expected) => check(world, expected));

test.each<[string, object, string]>([
  ['a condition that does not hold', { matchConditions: [{ name: 'c', expression: 'object.metadata.name == "db"' }] }, ''],
  ['a condition that does', { matchConditions: [{ name: 'c', expression: 'object.metadata.name == "web"' }] }, REFUSED],
  [
    'a condition that cannot be told',
    { matchConditions: [{ name: 'c', expression: 'object.absent' + '.x == 1' }] },
    "Invalid 422: expression 'object.absent.x == 1' resulted in error: no such key: absent",
  ],
  ['and need not be', { failurePolicy: 'Ignore', matchConditions: [{ name: 'c', expression: 'object.absent.x == 1' }] }, ''],
])('conditions: %s', (_name, policy, expected) => check({ policy }, expected));

const withParams = (expression: string, paramRef: object, ...others: readonly ApiObject[]): World => ({
  policy: { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' }, validations: [{ expression }] },
  binding: { paramRef: { parameterNotFoundAction: 'Deny', ...paramRef } },
  others,
});
const limits = (name: string, most: string): ApiObject => object('ConfigMap', name, { data: { most } }, { kind: 'limits' });

test.each<[string, World, string]>([
  ['by name', withParams('params.data.most == "5"', { name: 'limits' }, limits('limits', '5')), ''],
  [
    'all that are labelled so',
    withParams('params.data.most == "5"', { selector: { matchLabels: { kind: 'limits' } } }, limits('a', '5'), limits('b', '6')),
    `Invalid 422: failed expression: params.data.most == "5"`,
  ],
  [
    'none, and it may not be',
    withParams('true', { name: 'limits' }),
    'Invalid 422: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction',
  ],
  ['none, and it may', withParams('false', { name: 'limits', parameterNotFoundAction: 'Allow' }), ''],
  [
    'of a kind that is none',
    { policy: { paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' }, validations: [{ expression: 'params == null' }] } },
    "Invalid 422: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Limit'",
  ],
])('parameters: %s', (_name, world, expected) => check(world, expected));

test('policies are not held against policies', () =>
  check({ request: { kind: kindOf('ValidatingAdmissionPolicy.admissionregistration.k8s.io') as never } }, ''));
