// Packages the app offline around a stand-in Electron, then looks inside and runs what is inside on the fake electron module.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { journey } from '../e2e/journey.ts';
import { launchChromium, ROOT } from '../support/browser-lab.ts';
import { launchFake } from '../support/fake-electron/electron.ts';

// electron-builder brings these; resolving them from app-builder-lib keeps them out of package.json.
const builder = createRequire(createRequire(import.meta.url).resolve('electron-builder/package.json'));
const lib = createRequire(builder.resolve('app-builder-lib/package.json'));
const asar = lib('@electron/asar') as { listPackage(path: string): string[]; extractAll(path: string, to: string): void };
const fuses = lib('@electron/fuses') as {
  getCurrentFuseWire(path: string): Promise<Record<string, unknown>>;
  FuseV1Options: Record<string, number>;
};

const work = mkdtempSync(join(tmpdir(), 'orrery-package-'));
const unpacked = join(work, 'dist/linux-unpacked');
const archive = join(unpacked, 'resources/app.asar');

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'tests/package/fake-dist.mjs'), 'linux', join(work, 'electron')]);
  const cli = builder.resolve('electron-builder/cli.js');
  const options = [
    '--linux',
    'dir',
    '--publish',
    'never',
    `-c.electronDist=${join(work, 'electron')}`,
    `-c.directories.output=${join(work, 'dist')}`,
  ];
  execFileSync(process.execPath, [cli, ...options], { cwd: ROOT, stdio: 'pipe' });
});

test('the archive holds the built app and nothing else', () => {
  const files = asar.listPackage(archive).map((path) => path.replaceAll('\\', '/'));
  // What the bundler named by content or by what it shares; everything else is listed by name.
  const generated = [/^\/out\/main\/chunk-[\w.-]+\.cjs$/, /^\/out\/renderer\/assets\/[\w.-]+-[\w-]{8}\.(js|css|svg|png|woff2)$/];
  expect(files.filter((path) => !generated.some((pattern) => pattern.test(path))).sort()).toEqual([
    '/out',
    '/out/main',
    '/out/main/LICENSES-main.md',
    '/out/main/electron.cjs',
    '/out/preload',
    '/out/preload/preload.cjs',
    '/out/renderer',
    '/out/renderer/LICENSES-renderer.md',
    '/out/renderer/assets',
    '/out/renderer/index.html',
    '/package.json',
  ]);
  expect(statSync(archive).size).toBeLessThan(6_000_000);
});

test('the executable, its licences and its fuses', async () => {
  for (const name of ['orrery', 'LICENSE.electron.txt', 'LICENSES.chromium.html', 'chrome-sandbox'])
    expect(existsSync(join(unpacked, name))).toBe(true);
  const wire = await fuses.getCurrentFuseWire(join(unpacked, 'orrery'));
  const state = (name: string) => String.fromCharCode(Number(wire[fuses.FuseV1Options[name] ?? -1]));
  expect(
    ['RunAsNode', 'EnableNodeOptionsEnvironmentVariable', 'EnableNodeCliInspectArguments', 'GrantFileProtocolExtraPrivileges'].map(state),
  ).toEqual(['0', '0', '0', '0']);
  expect(['EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar'].map(state)).toEqual(['1', '1']);
});

test('what is in the archive runs', async () => {
  const app = join(work, 'app'); // away from node_modules: a module that was not bundled would be missed
  asar.extractAll(archive, app);
  const { main } = JSON.parse(readFileSync(join(app, 'package.json'), 'utf8')) as { main: string };
  expect(dirname(main)).toBe('out/main');
  const browser = await launchChromium();
  const fake = await launchFake({ main: join(app, main), browser });
  await journey(await fake.firstWindow()).finally(() => browser.close());
});
