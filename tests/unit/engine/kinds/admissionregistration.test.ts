// What policies and bindings may say.
import { expect, test } from 'vitest';
import { validatingAdmissionPolicyKind } from '../../../../src-main/engine/kinds/admissionregistration/validating-admission-policy.ts';
import { validatingAdmissionPolicyBindingKind } from '../../../../src-main/engine/kinds/admissionregistration/validating-admission-policy-binding.ts';

const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] };
const good = { matchConstraints: { resourceRules: [rule] }, validations: [{ expression: 'true' }] };

function check(kind: 'policy' | 'binding', spec: object, ...faults: readonly string[]): void {
  const rules = kind === 'policy' ? validatingAdmissionPolicyKind : validatingAdmissionPolicyBindingKind;
  const object = rules.defaults({ metadata: { name: 'p.example.com' }, spec } as never);
  expect(rules.validate(object as never).map(String)).toEqual(faults);
}

test('policies', () => {
  check('policy', good);
  check(
    'policy',
    {},
    'spec.matchConstraints: Required value',
    'spec.validations: Required value: validations or auditAnnotations must contain at least one item',
    'spec.auditAnnotations: Required value: validations or auditAnnotations must contain at least one item',
  );
  check('policy', { ...good, failurePolicy: 'Wait' }, 'spec.failurePolicy: Unsupported value: "Wait": supported values: "Fail", "Ignore"');
  check(
    'policy',
    { ...good, paramKind: { apiVersion: 'a/b/c', kind: '' } },
    'spec.paramKind.apiVersion: Invalid value: "a/b/c": unexpected GroupVersion string: a/b/c',
    'spec.paramKind.kind: Required value',
  );
  check(
    'policy',
    { ...good, variables: [{ name: 'for', expression: ' ' }] },
    'spec.variables[0].name: Invalid value: "for": name is not a valid CEL identifier',
    'spec.variables[0].expression: Required value: expression is not specified',
  );
  check(
    'policy',
    {
      ...good,
      matchConditions: [
        { name: 'a', expression: 'true' },
        { name: 'a', expression: '1' },
      ],
    },
    'spec.matchConditions[1].expression: Invalid value: "1": must evaluate to bool but got int',
    'spec.matchConditions[1].name: Duplicate value: "a"',
  );
  check(
    'policy',
    { ...good, auditAnnotations: [{ key: 'k', valueExpression: '1' }] },
    'spec.auditAnnotations[0].valueExpression: Invalid value: "1": must evaluate to one of [string null_type] but got int',
  );
});

test.each<[object, string]>([
  [{ expression: '' }, 'expression: Required value: expression is not specified'],
  [{ expression: 'true', message: 'a\nb' }, 'message: Invalid value: "a\\nb": message must not contain line breaks'],
  [
    { expression: 'true', reason: 'Other' },
    'reason: Unsupported value: "Other": supported values: "Forbidden", "Invalid", "RequestEntityTooLarge"',
  ],
  [{ expression: 'true', messageExpression: '1' }, 'messageExpression: Invalid value: "1": must evaluate to string but got int'],
  [
    { expression: 'params.x' },
    `expression: Invalid value: "params.x": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.x\n | ^`,
  ],
  [
    { expression: 'request.user == ""' },
    `expression: Invalid value: "request.user == \\"\\"": compilation failed: ERROR: <input>:1:8: undefined field 'user'\n | request.user == ""\n | .......^`,
  ],
  [
    { expression: 'variables.x' },
    `expression: Invalid value: "variables.x": compilation failed: ERROR: <input>:1:1: undeclared reference to 'variables' (in container '')\n | variables.x\n | ^`,
  ],
])('validations: %j', (validation, fault) => check('policy', { ...good, validations: [validation] }, `spec.validations[0].${fault}`));

test.each<[object, string]>([
  [{ operations: [] }, 'operations: Required value'],
  [
    { operations: ['*', 'CREATE'] },
    `operations: Invalid value: []admissionregistration.OperationType{"*", "CREATE"}: if '*' is present, must not specify other operations`,
  ],
  [{ resources: ['pods', '*'] }, 'none'],
  [
    { resources: ['*', 'pods'] },
    `resources: Invalid value: []string{"*", "pods"}: if '*' is present, must not specify other resources without subresources`,
  ],
  [
    { resources: ['pods/*', 'pods/status'] },
    `resources[1]: Invalid value: "pods/status": if 'pods/*' is present, must not specify pods/status`,
  ],
  [{ scope: 'World' }, 'scope: Unsupported value: "World": supported values: "*", "Cluster", "Namespaced"'],
])('rules: %j', (given, fault) =>
  check(
    'policy',
    { ...good, matchConstraints: { resourceRules: [{ ...rule, ...given }] } },
    ...(fault === 'none' ? [] : [`spec.matchConstraints.resourceRules[0].${fault}`]),
  ),
);

test('bindings', () => {
  check('binding', { policyName: 'p', validationActions: ['Deny'] });
  check(
    'binding',
    {},
    'spec.policyName: Required value',
    'spec.validationActions: Required value: at least one validation action is required',
  );
  check(
    'binding',
    { policyName: 'p', validationActions: ['Deny', 'Warn'] },
    'spec.validationActions: Invalid value: []admissionregistration.ValidationAction{"Deny", "Warn"}: must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
  );
  check(
    'binding',
    { policyName: 'p', validationActions: ['Deny'], paramRef: {} },
    'spec.paramRef: Required value: one of name or selector must be specified',
    'spec.paramRef.parameterNotFoundAction: Required value',
  );
});
