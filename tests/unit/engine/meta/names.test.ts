import { expect, test } from 'vitest';
import * as names from '../../../../src-main/engine/meta/names.ts';

function check(messages: readonly string[], expected: readonly string[]): void {
  expect(messages).toEqual(expected);
}

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

test('a label with a dot', () => check(names.dns1123Label('a.b'), ['must not contain dots']));
test('a label with capitals', () => check(names.dns1123Label('Web'), [label]));
test('a long label', () => check(names.dns1123Label('a'.repeat(64)), ['must be no more than 63 characters']));
test('a long label with a dot', () =>
  check(names.dns1123Label(`${'a'.repeat(63)}.b`), ['must be no more than 63 characters', 'must not contain dots']));
test('the bytes of a wrong label count', () => check(names.dns1123Label('ā'.repeat(32)), ['must be no more than 63 characters', label]));
test('a subdomain', () => check(names.dns1123Subdomain('A'), [subdomain]));
test('a prefix that is none', () => check(names.qualifiedName('A/b'), [`prefix part ${subdomain}`]));
test('an empty prefix', () => check(names.qualifiedName('/b'), ['prefix part must be non-empty']));
test('a prefix that is too long', () =>
  check(names.qualifiedName(`${'a'.repeat(254)}/b`), ['prefix part must be no more than 253 characters']));
test('a port name with everything wrong', () =>
  check(names.portName('-1--2-3456789012'), [
    'must be no more than 15 characters',
    'must contain at least one letter (a-z)',
    'must not contain consecutive hyphens',
    'must not begin or end with a hyphen',
  ]));
test('a port number', () => check(names.portNumber(0), ['must be between 1 and 65535, inclusive']));
test('a key that climbs', () => check(names.configMapKey('..'), ["must not be '..'"]));
test('a key that starts climbing', () => check(names.configMapKey('..data'), ["must not start with '..'"]));
test('an empty variable', () => check(names.envVarName(''), ['environment variable name must be non-empty']));
test('a name in a path', () => check(names.pathSegmentName('a/b%c'), ["may not contain '/'", "may not contain '%'"]));
test('a name that is a dot', () => check(names.pathSegmentName('.'), ["may not be '.'"]));
test('a prefix of a name may end with a dash', () => {
  const masked = ['web-', '-', 'web'].map(names.maskTrailingDash);
  expect(masked).toEqual(['wea', '-', 'web']);
});
test('two examples are joined as upstream joins them', () => {
  expect(names.dns1123Label('_')[0]).toContain("(e.g. 'my-name',  or '123-abc', regex");
});
