// Which pods a budget covers when victims are chosen.
import { expect, test } from 'vitest';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import { disruptionBudget } from '../../../../src-main/engine/scheduler/disruption-budget.ts';

const notWeb = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] };

function check(selector: object | undefined, labels: Readonly<Record<string, string>> | undefined, covered: boolean): void {
  const budget = disruptionBudget({ metadata: { name: 'budget', namespace: 'default' }, ...(selector && { spec: { selector } }) } as never);
  expect(budget.covers({ metadata: { name: 'pod', namespace: 'default', labels }, spec: {}, status: {} } as unknown as Pod)).toBe(covered);
}

test('a budget covers labelled pods that its selector picks', () => {
  check({ matchLabels: { app: 'web' } }, { app: 'web' }, true);
  check({ matchLabels: { app: 'web' } }, { app: 'other' }, false);
  check(notWeb, { app: 'other' }, true);
  check(notWeb, undefined, false);
  check(notWeb, {}, false);
  check({}, { app: 'web' }, false);
  check(undefined, { app: 'web' }, false);
});
