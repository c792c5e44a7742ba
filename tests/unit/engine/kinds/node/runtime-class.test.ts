// A RuntimeClass names a handler for good, and says overhead and nodes in the words of pods.
import { expect, test } from 'vitest';
import { type RuntimeClass, runtimeClassKind } from '../../../../../src-main/engine/kinds/node/runtime-class.ts';

const made = (body: object) => ({ metadata: { name: 'a' }, handler: 'runc', ...body }) as unknown as RuntimeClass;

function check(body: object, expected: readonly string[]): void {
  expect(runtimeClassKind.validate(made(body)).map(String)).toEqual(expected);
}

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

test('a handler', () => check({}, []));
test('a handler that is none', () => check({ handler: 'Run_C' }, [`handler: Invalid value: "Run_C": ${label}`]));
test('no handler', () => check({ handler: undefined }, [`handler: Invalid value: "": ${label}`]));
test('overhead and scheduling', () =>
  check(
    {
      overhead: { podFixed: { cpu: '1', memory: '1Gi' } },
      scheduling: { nodeSelector: { a: 'b' }, tolerations: [{ operator: 'Exists' }] },
    },
    [],
  ));
test('an overhead that is none', () =>
  check({ overhead: { podFixed: { cpu: '-1', pods: '1' } } }, [
    'overhead.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0',
    'overhead.limits[pods]: Invalid value: "pods": must be a standard resource for containers',
  ]));
test('scheduling that is none', () =>
  check({ scheduling: { nodeSelector: { a: '-' }, tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] } }, [
    `scheduling.nodeSelector: Invalid value: "-": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    `scheduling.tolerations[0].operator: Invalid value: core.Toleration{Key:"a", Operator:"Exists", Value:"b", Effect:"", TolerationSeconds:(*int64)(nil)}: value must be empty when \`operator\` is 'Exists'`,
  ]));
test('another handler', () =>
  expect(runtimeClassKind.validateUpdate(made({ handler: 'kata' }), made({})).map(String)).toEqual([
    'handler: Invalid value: "kata": field is immutable',
  ]));
