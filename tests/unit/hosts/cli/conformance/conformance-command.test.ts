import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conformanceCommand } from '../../../../../src-main/hosts/cli/conformance/conformance-command.ts';
import { UsageError } from '../../../../../src-main/hosts/cli/usage-error.ts';

let folder = '';

const good = { suite: 'duration.age', cases: [{ id: 'a', given: { seconds: 1, form: 'long' }, expect: { text: '1s' } }] };
const bad = { suite: 'duration.age', cases: [{ id: 'b', given: { seconds: 1, form: 'long' }, expect: { text: '2s' } }] };

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'orrery-conformance-'));
  const write = (name: string, content: unknown): void =>
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  mkdirSync(join(folder, 'tables/deep'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  write('tables/good.json', good);
  write('tables/deep/bad.json', bad);
  write('unknown.json', { ...good, suite: 'unheard.of' });
  write('broken.json', '{');
  write('other.json', { name: 'x' });
  write('no-given.json', { suite: 's', cases: [{ id: 'a' }] });
  write('twice.json', { suite: 's', cases: [...good.cases, ...good.cases] });
});
afterAll(() => rmSync(folder, { recursive: true }));

function check(names: readonly string[], code: number, expected: readonly (string | RegExp)[]): void {
  const lines: string[] = [];
  const write = (line: string): unknown => lines.push(line.replaceAll(folder, '.'));
  const exit = exitCode(
    () =>
      conformanceCommand(
        names.map((name) => join(folder, name)),
        {},
        write,
      ),
    write,
  );
  expect([exit, lines.length]).toEqual([code, expected.length]);
  for (const [index, line] of expected.entries()) expect(lines[index]).toMatch(line);
}

/** 2 for what cannot be used, as the command line's entry has it. */
function exitCode(work: () => number, complain: (line: string) => unknown): number {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(error.message);
    return 2;
  }
}

test('a file that passes', () => check(['tables/good.json'], 0, [/^duration\.age 1\/1$/, /^1 passed, 0 failed$/]));
test('a directory with its directories', () =>
  check(['tables'], 1, [/^duration\.age 0\/1/, /^duration\.age 1\/1$/, /^1 passed, 1 failed$/]));
test('a suite without a runner', () =>
  check(['unknown.json'], 1, [/^unheard\.of 0\/1: no runner for this suite yet$/, /^0 passed, 1 failed$/]));
test('no such file', () => check(['none.json'], 2, [/^cannot read \.\/none\.json: there is no such file or directory$/]));
test('a directory without cases', () => check(['empty'], 2, [/no case files \(\*\.json\) in \.\/empty$/]));
test('no JSON', () => check(['broken.json'], 2, [/^cannot use \.\/broken\.json: it is not JSON/]));
test('another kind of file', () => check(['other.json'], 2, [/"suite" must be the name of the suite$/]));
test('a case without its parts', () => check(['no-given.json'], 2, [/cases\[0\] must have "id", "given" and "expect"$/]));
test('two cases with one name', () => check(['twice.json'], 2, [/two cases have the id "a"$/]));

test('the report as JSON', () => {
  const json = join(folder, 'report.json');
  expect(conformanceCommand([join(folder, 'tables')], { json }, () => {})).toBe(1);
  const failure = { id: 'b', differences: ['text: expected "2s", got "1s"'] };
  expect(JSON.parse(readFileSync(json, 'utf8'))).toEqual({
    passed: 1,
    failed: 1,
    suites: [
      { suite: 'duration.age', passed: 0, total: 1, failures: [failure] },
      { suite: 'duration.age', passed: 1, total: 1, failures: [] },
    ],
  });
});
test('a report that cannot be written', () => {
  const json = join(folder, 'none/report.json');
  expect(() => conformanceCommand([join(folder, 'tables')], { json }, () => {})).toThrow('there is no such file or directory');
});
