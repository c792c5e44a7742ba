// Packages the app offline around a stand-in Electron, then looks inside and runs what is inside on the fake electron module.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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

const onLinux = process.platform === 'linux';
/** What the installers are made with offline; the release uses electron-builder's own tools. */
const installerTools = ['/usr/bin/dpkg-deb', '/usr/bin/mksquashfs', '/usr/bin/unsquashfs'];
const missingTools = installerTools.filter((path) => !existsSync(path));
const RUNTIME_BYTES = 4096;
/** The type by which a desktop knows that a snapshot is ours, and the ending by which it knows the type. */
const SNAPSHOTS = 'application/vnd.orrery.snapshot';
const ASSOCIATION = /<mime-type type="application\/vnd\.orrery\.snapshot">[\s\S]*<glob pattern="\*\.orrery"\/>/;

beforeAll(() => {
  execFileSync(process.execPath, [join(ROOT, 'tests/package/fake-dist.mjs'), 'linux', join(work, 'electron')]);
  const options = [
    '--x64',
    '--linux',
    ...(onLinux && missingTools.length === 0 ? ['AppImage', 'deb'] : ['dir']),
    '--publish',
    'never',
    `-c.electronDist=${join(work, 'electron')}`,
    `-c.directories.output=${join(work, 'dist')}`,
  ];
  const env = { ...process.env, CUSTOM_FPM_PATH: join(ROOT, 'tests/package/fpm-shim.mjs'), APPIMAGE_TOOLS_PATH: appImageTools() };
  execFileSync(process.execPath, [builder.resolve('electron-builder/cli.js'), ...options], { cwd: ROOT, env, stdio: 'pipe' });
});

/** A stand-in for the AppImage tools: Debian's mksquashfs, and a runtime that only takes its place at the head of the file. */
function appImageTools(): string {
  const tools = join(work, 'appimage-tools');
  mkdirSync(join(tools, 'runtimes'), { recursive: true });
  mkdirSync(join(tools, 'lib/x64'), { recursive: true });
  if (missingTools.length === 0) symlinkSync('/usr/bin/mksquashfs', join(tools, 'mksquashfs'));
  writeFileSync(join(tools, 'desktop-file-validate'), '#!/bin/sh\nexit 0\n');
  chmodSync(join(tools, 'desktop-file-validate'), 0o755);
  writeFileSync(join(tools, 'runtimes/runtime-x64'), Buffer.alloc(RUNTIME_BYTES));
  return tools;
}

test('the archive holds the built app and nothing else', () => {
  const files = asar.listPackage(archive).map((path) => path.replaceAll('\\', '/'));
  // What the bundler named by content or by what it shares; everything else is listed by name.
  const generated = [/^\/out\/main\/chunk-[\w.-]+\.cjs$/, /^\/out\/renderer\/assets\/[\w.-]+-[\w-]{8}\.(js|css|svg|png|woff2)$/];
  expect(files.filter((path) => !generated.some((pattern) => pattern.test(path))).sort()).toEqual([
    '/LICENSE',
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
  expect(statSync(archive).size).toBeLessThan(8_000_000);
});

test('the executable, its licences and its fuses', async () => {
  for (const name of ['orrery', 'LICENSE.electron.txt', 'LICENSES.chromium.html', 'chrome-sandbox'])
    expect(existsSync(join(unpacked, name))).toBe(true);
  const wire = await fuses.getCurrentFuseWire(join(unpacked, 'orrery'));
  const state = (name: string) => String.fromCharCode(Number(wire[fuses.FuseV1Options[name] ?? -1]));
  const on = ['EnableEmbeddedAsarIntegrityValidation', 'OnlyLoadAppFromAsar'];
  const off = [
    'RunAsNode',
    'EnableCookieEncryption',
    'EnableNodeOptionsEnvironmentVariable',
    'EnableNodeCliInspectArguments',
    'LoadBrowserProcessSpecificV8Snapshot',
    'GrantFileProtocolExtraPrivileges',
  ];
  expect([...on, ...off].map((name) => `${name} ${state(name)}`)).toEqual([
    ...on.map((name) => `${name} 1`),
    ...off.map((name) => `${name} 0`),
  ]);
});

/** Chromium tells a page the person's language only when it has words of its own in it: without them everybody would begin in English. */
test('the languages of the window, and no others', () => {
  const words = readdirSync(join(ROOT, 'src-renderer/messages')).map((name) => name.slice(0, 2));
  const kept = readdirSync(join(unpacked, 'locales')).map((name) => name.slice(0, 2));
  expect(kept.toSorted()).toEqual(words.toSorted());
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

test('the deb and the AppImage hold the app, its icon and an entry that leaves the sandbox on', ({ skip }) => {
  if (!onLinux || missingTools.length > 0) {
    console.warn(`SKIPPED: the installers (no ${missingTools.join(', ') || 'Linux'})`);
    return skip(`no ${missingTools.join(', ') || 'Linux'}`);
  }
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const run = (command: string, ...args: string[]): string => execFileSync(command, args, { encoding: 'utf8' });

  const deb = join(work, `dist/orrery_${version}_amd64.deb`);
  run('dpkg-deb', '-R', deb, join(work, 'deb'));
  for (const path of ['orrery', 'resources/app.asar', 'resources/apparmor-profile', 'chrome-sandbox'])
    expect(existsSync(join(work, 'deb/opt/Orrery', path))).toBe(true);
  expect(existsSync(join(work, 'deb/usr/share/icons/hicolor/512x512/apps/orrery.png'))).toBe(true);
  expect(readFileSync(join(work, 'deb/usr/share/applications/orrery.desktop'), 'utf8')).toContain('Exec=/opt/Orrery/orrery %U\n');
  expect(readFileSync(join(work, 'deb/usr/share/applications/orrery.desktop'), 'utf8')).toContain(`MimeType=${SNAPSHOTS};`);
  expect(readFileSync(join(work, 'deb/usr/share/mime/packages/orrery.xml'), 'utf8')).toMatch(ASSOCIATION);
  expect(readFileSync(join(work, 'deb/DEBIAN/postinst'), 'utf8')).toContain('apparmor_parser');

  const appImage = join(work, `dist/Orrery-${version}.AppImage`);
  const squash = (...args: string[]): string => run('unsquashfs', '-o', String(RUNTIME_BYTES), ...args);
  const files = squash('-l', appImage).split('\n');
  for (const path of ['AppRun', 'orrery', 'orrery.desktop', 'orrery.png', 'resources/app.asar'])
    expect(files).toContain(`squashfs-root/${path}`);
  const entry = squash('-cat', appImage, 'orrery.desktop');
  expect(entry).toContain('StartupWMClass=orrery');
  expect(entry).not.toContain('--no-sandbox');
  expect(entry).toContain(`MimeType=${SNAPSHOTS};`);
  expect(squash('-cat', appImage, 'usr/share/mime/packages/orrery.xml')).toMatch(ASSOCIATION);
});
