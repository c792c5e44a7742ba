import { expect, test } from 'vitest';
import { compareWherePresent } from '../../../../../src-main/hosts/cli/conformance/compare.ts';
import { runConformance, type SuiteRunner } from '../../../../../src-main/hosts/cli/conformance/run-conformance.ts';

const cases = [
  { id: 'one', given: 1, expect: { doubled: 2 } },
  { id: 'two', given: 2, expect: { doubled: 5 } },
];

function check(runner: SuiteRunner | undefined, expected: { passed: number; first: readonly (string | RegExp)[] }): void {
  const report = runConformance([{ suite: 'double', cases }], runner === undefined ? {} : { double: runner });
  const failures = report.suites[0]!.failures.map(({ id, differences }) => `${id}: ${differences[0]}`);
  expect([report.passed, report.failed, failures.length]).toEqual([expected.passed, 2 - expected.passed, expected.first.length]);
  for (const [index, pattern] of expected.first.entries()) expect(failures[index]).toMatch(pattern);
}

test('cases pass and fail one by one', () => {
  check((given: number) => ({ doubled: given * 2 }), { passed: 1, first: ['two: doubled: expected 5, got 4'] });
});
test('a suite without a runner fails as a whole', () => {
  check(undefined, { passed: 0, first: ['one: no runner for this suite yet', 'two: no runner for this suite yet'] });
});
test('an inherited name is no runner', () => {
  expect(runConformance([{ suite: 'toString', cases }], {}).failed).toBe(2);
});
test('a runner that throws fails its case', () => {
  const run = (given: number): unknown => {
    if (given === 1) throw new Error('broken');
    return { doubled: 5 };
  };
  check(run, { passed: 1, first: [/^one: threw Error: broken/] });
});
test('a suite brings its own comparator', () => {
  check({ run: (given: number) => ({ doubled: given * 2, more: true }), compare: compareWherePresent }, { passed: 1, first: [/^two/] });
});
