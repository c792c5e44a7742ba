// What only the Electron shell does, on the fake module: the real out/main/electron.cjs and out/preload/preload.cjs.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MenuItemConstructorOptions } from 'electron';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ToWindow } from '../../src-main/contract/bridge.ts';
import { ROOT, sharedBrowser } from '../support/browser-lab.ts';
import { type FakeElectron, launchFake } from '../support/fake-electron/electron.ts';
import { worldDigestOf } from '../support/lab-wire.ts';
import { MAIN } from './hosts.ts';

type Pipe = { send(text: string): void; onMessage(listener: (text: string) => void): void };
type Window = { lab?: Pipe; heard?: ToWindow[] };

const open: FakeElectron[] = [];
afterEach(async () => {
  for (const fake of open.splice(0)) await fake.close();
});

async function launch(
  main = MAIN,
  more: {
    lock?: boolean;
    workArea?: { width: number; height: number };
    locale?: string;
    given?: readonly string[];
    userData?: string;
  } = {},
): Promise<FakeElectron> {
  const fake = await launchFake({ main, browser: await sharedBrowser(), ...more });
  open.push(fake);
  return fake;
}

/** Listens on the page's own pipe, beside whatever the page does with it. */
async function listen(page: Page): Promise<void> {
  await page.evaluate(() => {
    const scope = globalThis as unknown as Window;
    scope.heard = [];
    scope.lab?.onMessage((text) => scope.heard?.push(JSON.parse(text) as ToWindow));
  });
}
const heard = (page: Page): Promise<ToWindow[]> => page.evaluate(() => (globalThis as unknown as Window).heard ?? []);

/** One request on the page's pipe, under an id that the page's own client does not use. */
async function ask(page: Page, method: string, params: unknown): Promise<unknown> {
  return page.evaluate(
    ([name, given]) =>
      new Promise((resolve) => {
        const { lab } = globalThis as unknown as Window;
        const id = 900_000 + Math.floor(Math.random() * 90_000);
        lab?.onMessage((text) => {
          const message = JSON.parse(text) as { id?: number };
          if (message.id === id) resolve({ ...message, id: 0 });
        });
        lab?.send(JSON.stringify({ id, method: name, params: given }));
      }),
    [method, params] as const,
  );
}

function menuEntry(fake: FakeElectron, label: string): MenuItemConstructorOptions {
  const entries = fake.record.menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []));
  const found = entries.find((entry) => entry.label === label);
  if (!found) throw new Error(`no menu entry ${label}`);
  return found;
}
const click = (fake: FakeElectron, label: string): void => (menuEntry(fake, label).click as () => void)();

test('popups are denied and web links go to the system browser', async () => {
  const fake = await launch();
  const page = await fake.firstWindow();
  await page.evaluate(() => {
    window.open('https://kubernetes.io/docs/');
    window.open('http://plain.example/');
  });
  await expect.poll(() => fake.record.blocked.length).toBeGreaterThanOrEqual(2);
  expect(fake.record.opened).toEqual(['https://kubernetes.io/docs/']);
  await expect.poll(() => page.context().pages().length).toBe(1);
});

test('the page cannot leave the app, and a reload starts a session from a full picture', async () => {
  const fake = await launch();
  const page = await fake.firstWindow();
  const refused = page.waitForEvent('requestfailed', (request) => request.url() === 'https://evil.example/');
  await page.evaluate(() => {
    location.href = 'https://evil.example/';
  });
  await refused;
  await expect.poll(() => fake.record.blocked).toContain('https://evil.example/');
  expect(page.url()).toContain('lab.app.test');
  await page.reload();
  expect(await ask(page, 'object.get', { kind: 'Node', key: 'worker-1' })).toMatchObject({ ok: true, result: { name: 'worker-1' } });
});

test('a request is answered, and a running clock sends at most one frame every 16 ms', async () => {
  const page = await (await launch()).firstWindow();
  const start = performance.now();
  await listen(page);
  expect(await ask(page, 'clock.speed', { speed: 'max' })).toMatchObject({ ok: true });
  await ask(page, 'clock.play', {});
  const frames = async () => (await heard(page)).flatMap((message) => ('frame' in message ? [message.frame] : []));
  await expect.poll(async () => (await frames()).length).toBeGreaterThan(20);
  const seen = await frames();
  expect(seen.length).toBeLessThanOrEqual((performance.now() - start) / 16 + 10);
  expect(seen.at(-1)?.clock.nowMs).toBeGreaterThan(seen[0]?.clock.nowMs ?? Number.POSITIVE_INFINITY);
  await ask(page, 'clock.pause', {});
});

test('the menu names what the window does', async () => {
  const fake = await launch();
  const page = await fake.firstWindow();
  await listen(page);
  for (const label of ['Open manifest…', 'Open snapshot…', 'Save snapshot…']) click(fake, label);
  const menus = async () => (await heard(page)).flatMap((message) => ('menu' in message ? [message.menu] : []));
  await expect.poll(menus).toEqual(['open-manifest', 'open-snapshot', 'save-snapshot']);
  expect(fake.record.menu.map(({ role }) => role)).toEqual(expect.arrayContaining(['editMenu', 'help']));
  const view = fake.record.menu.find(({ label }) => label === 'View')?.submenu as MenuItemConstructorOptions[];
  expect(view.filter(({ role }) => role === 'zoomIn').map(({ accelerator }) => accelerator)).toEqual([undefined, 'CmdOrCtrl+=']);
});

test('the menu and the dialogs speak the language of the system, and then that of the window', async () => {
  const fake = await launch(MAIN, { locale: 'ko-KR' });
  await fake.ready;
  const titles = () => fake.record.menu.map(({ label }) => label).join();
  expect(titles()).toBe('파일,편집,보기,창,도움말');
  const page = await fake.firstWindow();
  await expect.poll(titles).toBe('File,Edit,View,Window,Help'); // this browser's page is in English
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitem', { name: '한국어' }).click();
  await expect.poll(titles).toBe('파일,편집,보기,창,도움말');
  await ask(page, 'host.openFiles', { kind: 'manifest' });
  expect(fake.record.dialogs[0]?.filters?.map(({ name }) => name)).toEqual(['Kubernetes 매니페스트', '모든 파일']);
  click(fake, '스냅샷 열기…');
  await expect.poll(() => fake.record.dialogs[1]?.filters?.[0]?.name).toBe('Orrery 스냅샷');
});

test('files are opened and saved by native dialogs, and cancelling is no error', async () => {
  const fake = await launch();
  const page = await fake.firstWindow();
  const directory = mkdtempSync(join(tmpdir(), 'orrery-files-'));
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  writeFileSync(join(directory, 'web.yaml'), 'kind: Pod');
  fake.picks.push([join(directory, 'web.yaml')], [], [join(directory, 'lab.orrery')], [], [directory]);
  expect(await ask(page, 'host.openFiles', { kind: 'manifest' })).toMatchObject({
    ok: true,
    result: [{ name: 'web.yaml', base64: base64('kind: Pod') }],
  });
  expect(await ask(page, 'host.openFiles', { kind: 'snapshot' })).toMatchObject({ ok: true, result: [] });
  const save = { suggestedName: '../../etc/lab.orrery', base64: base64('world') };
  expect(await ask(page, 'host.saveFile', save)).toMatchObject({ ok: true, result: { savedAs: 'lab.orrery' } });
  expect(readFileSync(join(directory, 'lab.orrery'), 'utf8')).toBe('world');
  expect(await ask(page, 'host.saveFile', save)).toMatchObject({ ok: true, result: { savedAs: null } });
  expect(await ask(page, 'host.openFiles', { kind: 'snapshot' })).toMatchObject({
    ok: false,
    error: expect.stringContaining('not a regular file'),
  });
  expect(fake.record.dialogs[2]).toMatchObject({
    defaultPath: 'lab.orrery',
    properties: expect.arrayContaining(['showOverwriteConfirmation', 'createDirectory']),
  });
  expect(await ask(page, 'host.openFiles', { kind: '__proto__' })).toMatchObject({ ok: false });
  const filters = fake.record.dialogs.map(({ filters: offered = [] }) => offered.at(-1)?.extensions);
  expect(filters).toEqual([['*'], ['*'], ['orrery', 'gz', 'json'], ['orrery', 'gz', 'json'], ['*']]);
});

test('a snapshot that is given to the program is opened as by the menu, and a bad one changes nothing', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orrery-files-'));
  const first = await launch();
  const exported = (await ask(await first.firstWindow(), 'snapshot.export', {})) as { result: { base64: string } };
  writeFileSync(join(directory, 'my lab.orrery'), Buffer.from(exported.result.base64, 'base64'));
  writeFileSync(join(directory, 'bad.orrery'), 'no world');
  // On the command line, beside what is Chromium's, as Linux desktops name a file.
  const fake = await launch(MAIN, { given: ['--user-data-dir=/tmp/a.orrery', pathToFileURL(join(directory, 'my lab.orrery')).href] });
  const page = await fake.firstWindow();
  const notice = (text: string) => page.getByText(text).first().waitFor();
  await notice('Opened my lab.orrery');
  await ask(page, 'clock.pause', {});
  const state = async () => worldDigestOf(((await ask(page, 'snapshot.export', {})) as { result: { base64: string } }).result.base64);
  const before = await state();
  fake.app.emit('second-instance', {}, ['orrery', 'bad.orrery', '--original-process-start-time=1'], directory);
  await page.getByRole('alert').first().waitFor();
  fake.app.emit('second-instance', {}, ['orrery', 'gone.orrery'], directory);
  await notice('no such file');
  expect(await state()).toBe(before);

  // With no window, as on macOS.
  fake.windows[0]?.close();
  await expect.poll(() => fake.windows.length).toBe(0);
  let prevented = false;
  fake.app.emit('open-file', { preventDefault: () => (prevented = true) }, join(directory, 'my lab.orrery'));
  expect([prevented, fake.windows.length]).toEqual([true, 1]);
  await (await fake.firstWindow()).getByText('Opened my lab.orrery').first().waitFor();
});

test('where no window is open, a second start and the menu open one', async () => {
  const fake = await launch();
  const closeWindow = async (): Promise<void> => {
    await fake.firstWindow();
    fake.windows[0]?.close();
    await expect.poll(() => fake.windows.length).toBe(0);
  };
  await closeWindow();
  fake.app.emit('second-instance', {}, ['orrery'], '/');
  expect(fake.windows).toHaveLength(1);
  await closeWindow();
  click(fake, 'Open snapshot…');
  expect(fake.windows).toHaveLength(1);
  await expect.poll(() => fake.record.dialogs.length).toBe(1);
});

test('a snapshot whose name was typed without its ending gets it, and never takes the place of another file', async () => {
  const fake = await launch();
  const page = await fake.firstWindow();
  const directory = mkdtempSync(join(tmpdir(), 'orrery-files-'));
  writeFileSync(join(directory, 'old.orrery'), 'another');
  fake.picks.push([join(directory, 'lab')], [join(directory, 'old')]);
  const save = { suggestedName: 'lab.orrery', base64: Buffer.from('world').toString('base64') };
  expect(await ask(page, 'host.saveFile', save)).toMatchObject({ ok: true, result: { savedAs: 'lab.orrery' } });
  expect(await ask(page, 'host.saveFile', save)).toMatchObject({ ok: true, result: { savedAs: 'old' } });
  expect(readFileSync(join(directory, 'old.orrery'), 'utf8')).toBe('another');
});

test('the page may write to the clipboard, and asks for nothing else; no dictionary is fetched for it', async () => {
  const fake = await launch();
  await fake.firstWindow();
  expect(fake.permits('clipboard-sanitized-write')).toEqual([true, true]);
  for (const other of ['clipboard-read', 'media', 'geolocation', 'notifications', 'fullscreen', 'fileSystem', 'openExternal', 'unknown'])
    expect([other, ...fake.permits(other)]).toEqual([other, false, false]);
  expect(fake.record.dictionaries).toEqual([]);
});

test('the window is no larger than the screen has room for', async () => {
  const sizes = async (workArea?: { width: number; height: number }) => {
    const fake = await launch(MAIN, workArea ? { workArea } : {});
    await fake.firstWindow();
    const { width, height, minWidth, minHeight } = fake.windows[0]?.options ?? {};
    return [width, height, minWidth, minHeight];
  };
  expect(await sizes()).toEqual([1280, 800, 720, 480]);
  expect(await sizes({ width: 1366, height: 728 })).toEqual([1280, 728, 720, 480]);
  expect(await sizes({ width: 683, height: 364 })).toEqual([683, 364, 683, 364]);
});

test('the window opens where it was closed, and as it was', async () => {
  const userData = mkdtempSync(join(tmpdir(), 'orrery-user-'));
  const first = await launch(MAIN, { userData });
  await first.firstWindow();
  const [window] = first.windows;
  if (!window) throw new Error('no window');
  window.normalBounds = { x: 300, y: 120, width: 1500, height: 900 };
  window.maximize();
  const closed = new Promise((resolve) => window.once('closed', resolve));
  window.close();
  await closed;
  const second = await launch(MAIN, { userData });
  await second.firstWindow();
  const [again] = second.windows;
  expect([again?.options, again?.isMaximized()]).toMatchObject([{ x: 300, y: 120, width: 1500, height: 900, minWidth: 720 }, true]);
});

test('a page that loads anew hears nothing that was meant for the one before', async () => {
  const fake = await launch();
  const page = await fake.firstWindow();
  await page.addInitScript(() => {
    const scope = globalThis as unknown as Window;
    scope.heard = [];
    // The document is read, and the page's own script has not run yet.
    document.addEventListener('readystatechange', () => scope.lab?.onMessage((text) => scope.heard?.push(JSON.parse(text) as ToWindow)), {
      once: true,
    });
  });
  const [window] = fake.windows;
  const stale = JSON.stringify({ id: 1, ok: true, result: 'of the page before' });
  // It listens already, and the main process has not heard of it yet.
  fake.ipcMain.prependOnceListener('lab:open', () => window?.webContents.send('lab', stale));
  await page.reload();
  await expect.poll(async () => (await heard(page)).length).toBeGreaterThan(0);
  expect((await heard(page)).map((message) => JSON.stringify(message))).not.toContain(stale);
});

test('a page that crashes is loaded again, but not for ever; meanwhile nothing is sent to it', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const now = vi.spyOn(performance, 'now');
  try {
    const fake = await launch();
    const page = await fake.firstWindow();
    await ask(page, 'clock.play', {});
    const contents = fake.windows[0]?.webContents;
    if (!contents) throw new Error('no window');
    let reloads = 0;
    let sent = 0;
    contents.reload = () => {
      reloads += 1;
    };
    contents.send = () => {
      sent += 1;
    };
    await expect.poll(() => sent).toBeGreaterThan(3);
    const crash = (atMs: number): number => {
      now.mockReturnValue(atMs);
      contents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 });
      return reloads;
    };
    const startMs = performance.now();
    expect([0, 1000, 2000, 3000, 4000].map((ms) => crash(startMs + ms))).toEqual([1, 2, 3, 3, 3]);
    expect(crash(startMs + 70_000)).toBe(4);
    now.mockRestore();
    sent = 0;
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBe(0);
  } finally {
    vi.restoreAllMocks();
  }
});

test('the exposed object is frozen, text only, and cannot be replaced', async () => {
  const page = await (await launch()).firstWindow();
  const seen = await page.evaluate(() => {
    const scope = globalThis as unknown as { lab: Record<string, unknown> };
    const before = scope.lab['send'];
    const tries = [() => Object.assign(scope.lab, { send: () => 'mine' }), () => Object.assign(scope, { lab: 1 })];
    const refused = tries.map((attempt) => {
      try {
        attempt();
        return 'allowed';
      } catch {
        return 'refused';
      }
    });
    return [Object.keys(scope.lab), scope.lab['send'] === before, typeof scope.lab, ...refused];
  });
  expect(seen).toEqual([['host', 'send', 'onMessage'], true, 'object', 'refused', 'refused']);
});

test('a message from another page or a frame inside the page is dropped', async () => {
  const fake = await launch();
  const page = await fake.firstWindow();
  await ask(page, 'clock.pause', {});
  const [window] = fake.windows;
  const sent: unknown[] = [];
  if (!window) throw new Error('no window');
  window.webContents.send = (_channel, text) => sent.push(JSON.parse(String(text)));
  const request = JSON.stringify({ id: 5, method: 'clock.pause', params: {} });
  const from = (senderFrame: unknown, sender: unknown = window.webContents): boolean =>
    fake.ipcMain.emit('lab', { sender, senderFrame }, request);
  const answered = () => sent.filter((message) => (message as { id?: number }).id === 5).length;
  from({ url: 'https://evil.example/', parent: null });
  from({ url: 'app://lab.evil.example/', parent: null });
  from({ url: 'app://lab/index.html', parent: {} });
  from(null);
  from({ url: 'app://lab/index.html', parent: null }, {});
  expect(answered()).toBe(0);
  from({ url: 'app://lab/index.html', parent: null });
  expect(answered()).toBe(1);
});

test('a second instance opens nothing; closing the last window quits; activate opens one again', async () => {
  const second = await launch(MAIN, { lock: false });
  expect(second.record.quit).toBe(true);
  await second.ready;
  expect(second.windows).toHaveLength(0);

  const fake = await launch();
  await fake.firstWindow();
  fake.windows[0]?.close();
  await expect.poll(() => fake.windows.length).toBe(0);
  if (process.platform !== 'darwin') await expect.poll(() => fake.record.quit).toBe(true);
  fake.app.emit('activate');
  expect(fake.windows).toHaveLength(1);
  await fake.firstWindow();
});

describe('the fake refuses what the real Electron refuses', () => {
  beforeEach(() => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined); // the shell says what went wrong, as it should
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** A copy of out/ with one change in one bundle. */
  function mutant(file: 'main/electron.cjs' | 'preload/preload.cjs', from: string, to: string): string {
    const out = join(mkdtempSync(join(tmpdir(), 'orrery-mutant-')), 'out');
    cpSync(join(ROOT, 'out'), out, { recursive: true });
    const text = readFileSync(join(out, file), 'utf8');
    expect(text).toContain(from);
    writeFileSync(join(out, file), text.replace(from, to));
    return join(out, 'main/electron.cjs');
  }
  const pipeType = (page: Page): Promise<string> => page.evaluate(() => typeof (globalThis as { lab?: unknown }).lab);

  test('scheme privileges after ready', async () => {
    const late =
      'const late = electron.protocol; electron.app.whenReady().then(() => { globalThis.__late = () => late.registerSchemesAsPrivileged([]); });';
    const fake = await launch(mutant('main/electron.cjs', 'electron.app.enableSandbox();', `electron.app.enableSandbox(); ${late}`));
    await fake.firstWindow();
    expect(() => (globalThis as any).__late()).toThrow('before the app is ready');
  });
  test('a window without a sandbox', async () => {
    const fake = await launch(mutant('main/electron.cjs', 'sandbox: true', 'sandbox: false'));
    await expect(fake.firstWindow()).rejects.toThrow('opened no window');
    expect(fake.record.exit).toBe(1);
  });
  test('a preload that is an ES module', async () => {
    const main = mutant('preload/preload.cjs', 'let electron = require("electron");', 'import electron from "electron";');
    expect(await pipeType(await (await launch(main)).firstWindow())).toBe('undefined');
  });
  test('a preload that needs a Node module', async () => {
    const fake = await launch(mutant('preload/preload.cjs', 'let electron', 'require("node:fs"); let electron'));
    expect(await pipeType(await fake.firstWindow())).toBe('undefined');
    expect(fake.record.exit).toBe(1); // 'preload-error' reached the shell
  });
  test('a class instance through contextBridge', async () => {
    const main = mutant('preload/preload.cjs', 'host: "electron"', 'host: "electron", when: new Date()');
    expect(await pipeType(await (await launch(main)).firstWindow())).toBe('undefined');
  });
  test('a module member the fake does not know', async () => {
    const main = mutant('main/electron.cjs', 'electron.app.enableSandbox()', 'electron.app.setPath("userData", "/tmp")');
    await expect(launch(main)).rejects.toThrow('fake electron has no app.setPath');
  });
});
