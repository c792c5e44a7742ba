// `npm run --silent orrery`: builds when the sources are newer, prints nothing of its own, and is quick when there is nothing to build.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ROOT } from '../support/browser-lab.ts';

// A small project with the real starter: one entry that says its arguments, and a configuration that builds it alone.
const work = mkdtempSync(join(tmpdir(), 'orrery-start-'));
const entry = join(work, 'src-main/entry.ts');
const start = join(work, 'src-main/hosts/cli/start.mjs');
const built = join(work, 'out/built');

beforeAll(() => {
  mkdirSync(join(work, 'src-main/hosts/cli'), { recursive: true });
  cpSync(join(ROOT, 'src-main/hosts/cli/start.mjs'), start);
  symlinkSync(join(ROOT, 'node_modules'), join(work, 'node_modules'), 'junction');
  writeFileSync(join(work, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(work, 'electron.config.ts'),
    `import { writeFileSync } from 'node:fs';
    export default {
      builder: { async buildApp(builder) { await builder.build(builder.environments.main); writeFileSync('out/built', ''); } },
      environments: { main: { consumer: 'server', build: { outDir: 'out/main', rolldownOptions: {
        input: { orrery: 'src-main/entry.ts' }, output: { format: 'cjs', entryFileNames: '[name].cjs' } } } } },
    };`,
  );
  writeFileSync(entry, `console.log('one', process.argv.slice(2).join(' '), require.main === module);`);
});

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [start, ...args], { encoding: 'utf8', cwd: tmpdir() });
  return { status, stdout, stderr };
};

test('the first run builds, and only the command speaks', () => {
  expect(run('run', '--json')).toEqual({ status: 0, stdout: 'one run --json true\n', stderr: '' });
  expect(existsSync(built)).toBe(true);
});

test('nothing is built again while no source is newer', () => {
  const bundle = join(work, 'out/main/orrery.cjs');
  writeFileSync(bundle, `${readFileSync(bundle, 'utf8')}\nconsole.log('kept');`);
  expect(run().stdout).toContain('kept');
});

test('a newer source is built first', () => {
  utimesSync(built, new Date(0), new Date(0));
  writeFileSync(entry, `console.log('two'); process.exitCode = 3;`);
  expect(run()).toEqual({ status: 3, stdout: 'two\n', stderr: '' });
});

test('two commands started together build once after the other', async () => {
  utimesSync(built, new Date(0), new Date(0));
  const both = [1, 2].map(
    () =>
      new Promise<string>((resolve) => {
        const child = spawn(process.execPath, [start], { stdio: ['ignore', 'pipe', 'inherit'] });
        let output = '';
        child.stdout.on('data', (data: Buffer) => {
          output += data.toString();
        });
        child.once('close', () => resolve(output));
      }),
  );
  expect(await Promise.all(both)).toEqual(['two\n', 'two\n']);
  expect(existsSync(join(work, 'out/.building'))).toBe(false);
});

test('a build that fails says why on the error stream', () => {
  utimesSync(built, new Date(0), new Date(0));
  writeFileSync(entry, 'import { nothing } from "./missing.ts"; nothing();');
  const { status, stdout, stderr } = run();
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain('missing.ts');
  expect(stderr).toContain('npm install');
});
