import { expect, test } from 'vitest';
import { FieldPath } from '../../../../src-main/engine/meta/field-error.ts';
import {
  formatLabelSelector,
  type LabelSelector,
  selectorFor,
  selectorForMap,
  validateLabelSelector,
} from '../../../../src-main/engine/meta/label-selector.ts';

const candidates = [{}, { app: 'web' }, { app: 'db' }, { app: 'web', tier: 'front' }];

/** `expected` has one letter per candidate: y or n. */
function check(selector: LabelSelector | null, expected: string, text: string): void {
  const picked = candidates.map((labels) => (selectorFor(selector)(labels) ? 'y' : 'n')).join('');
  expect([picked, formatLabelSelector(selector)]).toEqual([expected, text]);
}

test('none selects nothing', () => check(null, 'nnnn', '<none>'));
test('empty selects everything', () => check({}, 'yyyy', '<none>'));
test('labels', () => check({ matchLabels: { app: 'web' } }, 'nyny', 'app=web'));
test('two labels', () => check({ matchLabels: { tier: 'front', app: 'web' } }, 'nnny', 'app=web,tier=front'));
test('In', () => check({ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] }, 'nyyy', 'app in (db,web)'));
test('NotIn holds without the label', () =>
  check({ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, 'ynyn', 'app notin (web)'));
test('Exists', () => check({ matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, 'nnny', 'tier'));
test('DoesNotExist', () => check({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, 'yyyn', '!tier'));
test('inherited properties are no labels', () =>
  check({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, 'nnnn', 'constructor'));
test('an unknown operator selects nothing', () => check({ matchExpressions: [{ key: 'app', operator: 'Near' }] }, 'nnnn', '<error>'));

test('one object is compiled once', () => {
  const selector = { matchLabels: { app: 'web' } };
  const matcher = selectorFor(selector);
  expect(selectorFor(selector)).toBe(matcher);
  expect(matcher(undefined)).toBe(false);
});
test('a plain map: empty selects everything', () => {
  expect([selectorForMap({})({}), selectorForMap({ app: 'web' })({ app: 'db' }), selectorForMap({ app: 'db' })({ app: 'db' })]).toEqual([
    true,
    false,
    true,
  ]);
});

test('validation names every fault', () => {
  const selector = {
    matchLabels: { app: 'a b' },
    matchExpressions: [
      { key: 'x', operator: 'In', values: [] },
      { key: 'y', operator: 'Exists', values: ['z'] },
      { key: '', operator: 'Near' },
    ],
  };
  const label =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
  const name =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
  expect(validateLabelSelector(selector, new FieldPath('spec', 'selector')).map(String)).toEqual([
    `spec.selector.matchLabels: Invalid value: "a b": ${label}`,
    "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
    "spec.selector.matchExpressions[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
    'spec.selector.matchExpressions[2].operator: Invalid value: "Near": not a valid selector operator',
    'spec.selector.matchExpressions[2].key: Invalid value: "": name part must be non-empty',
    `spec.selector.matchExpressions[2].key: Invalid value: "": ${name}`,
  ]);
});
