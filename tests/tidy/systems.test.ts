// What holds on Linux, macOS and Windows alike, as far as one of them can tell of the others.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import config from '../../electron.config.ts';
import { ROOT } from './source.ts';

test('files are checked out with the same bytes everywhere', () => {
  const rules = readFileSync(join(ROOT, '.gitattributes'), 'utf8').split('\n');
  expect(rules).toContain('* text=auto eol=lf');
});

test('the parts of the page are the same, however the system writes paths', () => {
  const client = config({ command: 'build', mode: 'production' }).environments?.['client']?.build?.rolldownOptions?.output;
  const groups = (client as { codeSplitting: { groups: { name: string; test: RegExp }[] } }).codeSplitting.groups;
  const partOf = (path: string): string | undefined => groups.find((group) => group.test.test(path))?.name;
  for (const separator of ['/', '\\']) {
    const path = (text: string): string => text.replaceAll('/', separator);
    expect(partOf(path('lab/node_modules/d3-scale/src/linear.js'))).toBe('libraries');
    expect(partOf(path('lab/src-renderer/messages/ko.json'))).toBe('messages');
    expect(partOf(path('lab/src-renderer/app/main.ts'))).toBeUndefined();
  }
});

test('what the workflow runs on three systems are tests that need none in particular, by name', () => {
  interface Workflow {
    jobs: Record<string, { steps: { run?: string }[] }>;
  }
  const { jobs } = parse(readFileSync(join(ROOT, '.github/workflows/ci.yml'), 'utf8')) as Workflow;
  const runs = (jobs['package']?.steps ?? []).flatMap(({ run }) => run?.match(/vitest run .*/g) ?? []);
  expect(runs.length).toBeGreaterThan(0);
  for (const run of runs) {
    const [file = ''] = /\btests\/\S+\.test\.ts\b/.exec(run) ?? [];
    expect([run, file]).toEqual([run, 'tests/e2e/hosts.test.ts']);
    expect(existsSync(join(ROOT, file))).toBe(true);
  }
});
