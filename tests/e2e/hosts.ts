// Ways to the same page: the browser host, the real shell on the fake electron module, the real Electron, a packaged app.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Browser, chromium, type Page } from 'playwright-core';
import { ROOT } from '../support/browser-lab.ts';
import { launchFake } from '../support/fake-electron/electron.ts';

export const MAIN = join(ROOT, 'out/main/electron.cjs');

export interface Opened {
  page: Page;
  close(): Promise<void>;
}

export async function openFakeElectron(browser: Browser): Promise<Opened> {
  const fake = await launchFake({ main: MAIN, browser });
  return { page: await fake.firstWindow(), close: fake.close };
}

/** The path of a real Electron binary, or why there is none. Never imports 'electron' (that would download it). */
export function realElectron(): { path: string } | { missing: string } {
  const name =
    process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : process.platform === 'win32' ? 'electron.exe' : 'electron';
  const path = join(process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(ROOT, 'node_modules/electron/dist'), name);
  return existsSync(path) ? { path } : { missing: 'no Electron binary in node_modules/electron/dist' };
}

/** Without executablePath, Playwright resolves the package itself and preloads its loader, which holds back 'ready' until it is attached. */
export async function openRealElectron(): Promise<Opened> {
  const args = [`--user-data-dir=${mkdtempSync(join(tmpdir(), 'orrery-user-'))}`, ROOT]; // a single-instance lock of its own
  const app = await _electron.launch({ args, chromiumSandbox: process.env['ORRERY_NO_SANDBOX'] !== '1' });
  return { page: await app.firstWindow(), close: () => app.close() };
}

/**
 * A packaged app whose fuses forbid --inspect, which Playwright's _electron needs. Chromium's own debugging port still works.
 * `noDefaults` keeps Playwright from overriding download and focus behaviour that Electron does not offer.
 */
export async function openExecutable(path: string, args: string[] = []): Promise<Opened> {
  const port = await freePort(); // a Windows GUI executable need not print the port that it would choose itself
  const child = spawn(
    path,
    [...args, `--remote-debugging-port=${port}`, `--user-data-dir=${mkdtempSync(join(tmpdir(), 'orrery-user-'))}`],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (data: Buffer) => {
    said = `${said}${data.toString()}`.slice(-4000);
  });
  const endpoint = `http://127.0.0.1:${port}`;
  try {
    await untilLoaded(endpoint, () => {
      if (child.exitCode !== null || child.signalCode) throw new Error(`${path} ended (${child.signalCode ?? child.exitCode}):\n${said}`);
    });
    const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true, timeout: 10_000 });
    const context = browser.contexts()[0];
    if (!context) throw new Error('no browser context');
    const page = context.pages()[0] ?? (await context.waitForEvent('page', { timeout: 10_000 }));
    return {
      page,
      close: async () => {
        await browser.close();
        child.kill();
      },
    };
  } catch (error) {
    child.kill();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  return port;
}

/** Attach only to a page that has loaded: attaching while the first page is being made hangs now and then (2 of 60 runs). */
async function untilLoaded(endpoint: string, alive: () => void): Promise<void> {
  const loaded = async (): Promise<boolean> => {
    const answer = await fetch(`${endpoint}/json/list`, { signal: AbortSignal.timeout(1000) });
    const targets = (await answer.json()) as { type: string; url: string; title: string }[];
    return targets.some(({ type, url, title }) => type === 'page' && url !== 'about:blank' && title.startsWith('Orrery'));
  };
  for (const start = Date.now(); !(await loaded().catch(() => false)); await new Promise((resolve) => setTimeout(resolve, 100))) {
    alive();
    if (Date.now() - start > 60_000) throw new Error('no page was shown in a minute');
  }
}
