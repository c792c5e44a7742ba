// The rules that schemas of custom resources state as expressions: what they refuse, when they are asked, and which rules are refused themselves.
import { expect, test } from 'vitest';
import { customKind } from '../../../../../src-main/engine/kinds/apiextensions/custom-kind.ts';
import type { CustomResourceDefinition } from '../../../../../src-main/engine/kinds/apiextensions/custom-resource-definition.ts';
import type { JsonSchema } from '../../../../../src-main/engine/kinds/apiextensions/json-schema.ts';
import { validateStructure } from '../../../../../src-main/engine/kinds/apiextensions/validate-structure.ts';
import { FieldPath } from '../../../../../src-main/engine/meta/field-error.ts';
import type { ApiObject, JsonObject } from '../../../../../src-main/engine/meta/object.ts';

const rules = (...given: readonly JsonObject[]): JsonSchema => ({ 'x-kubernetes-validations': given });
const integer: JsonSchema = { type: 'integer' };

const schema: JsonSchema = {
  type: 'object',
  ...rules({ rule: '!self.metadata.name.startsWith("x-") || has(self.spec)' }),
  properties: {
    spec: {
      type: 'object',
      required: ['replicas'],
      ...rules(
        { rule: 'self.minReplicas <= self.replicas', message: 'replicas may not be below minReplicas', fieldPath: '.replicas' },
        {
          rule: 'self.replicas <= self.maxReplicas',
          messageExpression: '"at most " + string(self.maxReplicas)',
          reason: 'FieldValueForbidden',
        },
        { rule: 'self.class == oldSelf.class' },
        { rule: '!oldSelf.hasValue() || oldSelf.value().maxReplicas <= self.maxReplicas', optionalOldSelf: true, message: 'may only grow' },
      ),
      properties: {
        replicas: integer,
        minReplicas: { ...integer, default: 0 },
        maxReplicas: { ...integer, default: 9 },
        class: { type: 'string', ...rules({ rule: "self.matches('^[a-z]*$')" }) },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            ...rules({ rule: 'self.number == oldSelf.number', message: 'number may not change' }),
            properties: { name: { type: 'string' }, number: integer },
          },
        },
        limits: { type: 'object', additionalProperties: { ...integer, ...rules({ rule: 'self > 0' }) } },
        target: { 'x-kubernetes-int-or-string': true, ...rules({ rule: 'self.endsWith("%")' }) },
      },
    },
  },
};

const definition = {
  metadata: { name: 'shops.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'shops', kind: 'Shop' }, versions: [] },
} as unknown as CustomResourceDefinition;
const kind = customKind(definition, { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } });
const shop = (spec: JsonObject | undefined): ApiObject =>
  kind.defaults({
    apiVersion: 'example.com/v1',
    kind: 'Shop',
    metadata: { name: 'x-shop' },
    ...(spec === undefined ? {} : { spec }),
  } as never);

function check(spec: JsonObject | undefined, previous: JsonObject | undefined, ...faults: readonly string[]): void {
  const next = shop(spec);
  const found = previous === undefined ? kind.validateCreate?.(next) : kind.validateUpdate(next, shop(previous));
  expect(found?.map(String)).toEqual(faults);
}

test('an object by itself', () => {
  check({ replicas: 3, class: 'small' }, undefined);
  check(
    { replicas: 3, minReplicas: 5, class: 'a' },
    undefined,
    'spec.replicas: Invalid value: "object": replicas may not be below minReplicas',
  );
  check({ replicas: 12, class: 'a' }, undefined, 'spec: Forbidden: at most 9');
  check(undefined, undefined, '<nil>: Invalid value: "object": failed rule: !self.metadata.name.startsWith("x-") || has(self.spec)');
  check({ replicas: 1, class: 'A' }, undefined, `spec.class: Invalid value: "string": failed rule: self.matches('^[a-z]*$')`);
  check({ replicas: 1, class: 'a', limits: { cpu: 0 } }, undefined, 'spec.limits[cpu]: Invalid value: "integer": failed rule: self > 0');
  check({ replicas: 1, class: 'a', target: '5%' }, undefined);
});

test('a rule that cannot be decided', () =>
  check(
    { replicas: 1, class: 'a', target: 5 },
    undefined,
    `spec.target: Invalid value: "": 'no such overload': call arguments did not match a supported operator, function or macro signature for rule: self.endsWith("%")`,
  ));

test('how an object may change', () => {
  check(
    { replicas: 1, class: 'b' },
    { replicas: 1, class: 'a' },
    'spec: Invalid value: "object": failed rule: self.class == oldSelf.class',
  );
  check({ replicas: 1, class: 'a', maxReplicas: 8 }, { replicas: 1, class: 'a' }, 'spec: Invalid value: "object": may only grow');
  const ports = (...numbers: readonly number[]) => numbers.map((number, index) => ({ name: `p${index}`, number }));
  check({ replicas: 1, class: 'a', ports: ports(80, 90) }, { replicas: 1, class: 'a', ports: ports(80) });
  check(
    { replicas: 1, class: 'a', ports: ports(81) },
    { replicas: 1, class: 'a', ports: ports(80) },
    'spec.ports[0]: Invalid value: "object": number may not change',
  );
});

test('what was wrong before and is left alone is let be', () => {
  check({ replicas: 2, class: 'A' }, { replicas: 1, class: 'A' });
});

test('an object that does not fit its schema is not asked further', () =>
  check(
    { class: 'A' },
    undefined,
    '<nil>: Invalid value: "null": some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
  ));

test.each<[JsonObject, string]>([
  [{ rule: ' ' }, 'rule: Required value: rule is not specified'],
  [{ rule: 'self.size() > 0\n && true' }, 'message: Required value: message must be specified if rule contains line breaks'],
  [
    { rule: 'self.size() > 0', reason: 'Other' },
    'reason: Unsupported value: "Other": supported values: "FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"',
  ],
  [
    { rule: 'self + "a"' },
    'rule: Invalid value: apiextensions.ValidationRule{Rule:"self + \\"a\\"", Message:"", MessageExpression:"", Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:"", OptionalOldSelf:(*bool)(nil)}: cel expression must evaluate to a bool',
  ],
  [
    { rule: 'self > 1' },
    'rule: Invalid value: apiextensions.ValidationRule{Rule:"self > 1", Message:"", MessageExpression:"", Reason:(*apiextensions.FieldValueErrorReason)(nil), FieldPath:"", OptionalOldSelf:(*bool)(nil)}: compilation failed: ERROR: <input>:1:6: found no matching overload for \'_>_\' applied to \'(string, int)\'\n | self > 1\n | .....^',
  ],
  [{ rule: 'self != ""', optionalOldSelf: true }, 'optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule'],
])('rules that are refused when they are written: %j', (rule, fault) => {
  const given: JsonSchema = { type: 'object', properties: { name: { type: 'string', ...rules(rule) } } };
  expect(validateStructure(given, new FieldPath('schema')).map(String)).toEqual([
    `schema.properties[name].x-kubernetes-validations[0].${fault}`,
  ]);
});
