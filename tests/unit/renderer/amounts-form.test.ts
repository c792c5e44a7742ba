import { expect, test } from 'vitest';
import type { ContainerAmounts } from '../../../src-main/contract/object-action.ts';
import { type AmountsForm, formOf, wantedOf } from '../../../src-renderer/panels/actions/amounts-form.ts';

const APP: ContainerAmounts = { name: 'app', requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } };

/** What is asked for after some fields were written. */
function check(written: Partial<AmountsForm>, expected: readonly ContainerAmounts[] | null): void {
  expect(wantedOf([{ ...formOf(APP), ...written }], [formOf(APP)])).toEqual(expected);
}

test('nothing was changed', () => check({}, []));
test('only what was changed', () => check({ 'requests.cpu': ' 250m ' }, [{ name: 'app', requests: { cpu: '250m' }, limits: {} }]));
test('what there was not', () => check({ 'limits.cpu': '1' }, [{ name: 'app', requests: {}, limits: { cpu: '1' } }]));
test('both sides', () =>
  check({ 'requests.memory': '96Mi', 'limits.memory': '256Mi' }, [
    { name: 'app', requests: { memory: '96Mi' }, limits: { memory: '256Mi' } },
  ]));
test('nothing can be taken away', () => check({ 'limits.memory': '' }, null));
