import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { conformanceCommand } from '../../../../../src-main/hosts/cli/conformance/conformance-command.ts';

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
  const exit = conformanceCommand(
    names.map((name) => join(folder, name)),
    {},
    { print: write, complain: write },
  );
  expect([exit, lines.length]).toEqual([code, expected.length]);
  for (const [index, line] of expected.entries()) expect(lines[index]).toMatch(line);
}

test('a file that passes', () => check(['tables/good.json'], 0, [/^duration\.age 1\/1$/, /^1 passed, 0 failed$/]));
test('a directory with its directories', () =>
  check(['tables'], 1, [/^duration\.age 0\/1/, /^duration\.age 1\/1$/, /^1 passed, 1 failed$/]));
test('a suite without a runner', () =>
  check(['unknown.json'], 1, [/^unheard\.of 0\/1: no runner for this suite yet$/, /^0 passed, 1 failed$/]));
test('no path', () => check([], 2, [/name at least one case file/]));
test('no such file', () => check(['none.json'], 2, [/^conformance: no such file or directory: \.\/none\.json$/]));
test('a directory without cases', () => check(['empty'], 2, [/no case files \(\*\.json\) in \.\/empty$/]));
test('no JSON', () => check(['broken.json'], 2, [/^conformance: cannot use \.\/broken\.json: it is not JSON/]));
test('another kind of file', () => check(['other.json'], 2, [/"suite" must be the name of the suite$/]));
test('a case without its parts', () => check(['no-given.json'], 2, [/cases\[0\] must have "id", "given" and "expect"$/]));
test('two cases with one name', () => check(['twice.json'], 2, [/two cases have the id "a"$/]));

test('the report as JSON', () => {
  const silent = { print: () => {}, complain: () => {} };
  const json = join(folder, 'report.json');
  expect(conformanceCommand([join(folder, 'tables')], { json }, silent)).toBe(1);
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
  const lines: string[] = [];
  const output = { print: () => {}, complain: (line: string) => lines.push(line) };
  expect(conformanceCommand([join(folder, 'tables')], { json: join(folder, 'none/report.json') }, output)).toBe(2);
  expect(lines[0]).toMatch(/^conformance: cannot write /);
});
