// Opens the built lab in a headless Chromium: what a person sees with `npm start -- --browser`. Needs out/ (npm run build).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, NO_CHROMIUM } from './find-chromium.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface BrowserLab {
  readonly page: Page;
  readonly url: string;
  /** Of the host, which this test started. */
  readonly pid: number;
  /** Everything that went wrong on the page: console errors, refused requests, exceptions. */
  readonly troubles: string[];
  close(): Promise<void>;
}

export interface LabOptions {
  width?: number;
  height?: number;
  /** More arguments of `orrery serve`, such as ['--scenario', 'shop.yaml', '--speed', '10']. */
  args?: string[];
  colorScheme?: 'dark' | 'light';
}

export async function openLab(options: LabOptions = {}): Promise<BrowserLab> {
  const server = await startServer(options.args ?? []);
  const browser = await sharedBrowser();
  const context = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.colorScheme ?? 'dark',
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const troubles = listenForTroubles(page);
  const close = async (): Promise<void> => {
    await context.close();
    await server.stop();
  };
  try {
    await page.goto(server.url);
    await sawLab(page);
  } catch (error) {
    await close();
    throw error;
  }
  return { page, url: server.url, pid: server.pid, troubles, close };
}

/** The window has had its first frame, and knows the lab. */
export const sawLab = (page: Page): Promise<void> => page.getByTestId('scenario').waitFor();

/** What is pressed right after a page was loaded comes before the lab: a person waits until something is to be seen. */
export async function reload(page: Page): Promise<void> {
  await page.reload();
  await sawLab(page);
}

export function listenForTroubles(page: Page): string[] {
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(message.text());
  });
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('requestfailed', (request) => {
    const error = request.failure()?.errorText ?? '';
    if (error !== 'net::ERR_ABORTED') troubles.push(`${request.url()} ${error}`); // aborted: the page was left or loaded again meanwhile
  });
  return troubles;
}

export function chromiumPath(): string {
  const found = findChromium();
  if (found === undefined) throw new Error(NO_CHROMIUM);
  return found;
}

const FEATURES_OFF = [
  // The list under its own address bar, which Chromium loads unseen for each window: 400 files and a second of the machine's time, more than the lab's page.
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  // Chromium heeds the last such list alone, so what Playwright turns off is said again: what differs between runs or asks the network.
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

export const launchChromium = (options: { headless?: boolean; args?: string[] } = {}): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath(),
    headless: options.headless ?? true,
    args: [`--disable-features=${FEATURES_OFF.join(',')}`, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...(options.args ?? [])],
  });

let shared: Promise<Browser> | undefined;
/** One for all files of tests that a process runs, each page in a context of its own; Playwright ends it with the process. */
export function sharedBrowser(): Promise<Browser> {
  shared ??= launchChromium();
  return shared;
}

/** A test that fails before it closes its lab must not leave it running. */
const servers = new Set<ChildProcess>();
process.once('exit', () => {
  for (const server of servers) server.kill('SIGKILL');
});
process.once('SIGTERM', () => process.exit()); // how vitest ends a worker: without this nothing hears of the end

/** `orrery serve` prints one JSON line with its address when it is ready. */
async function startServer(args: string[]): Promise<{ url: string; pid: number; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(ROOT, 'out/main/orrery.cjs'), 'serve', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  servers.add(child);
  child.once('exit', () => servers.delete(child));
  const url = await addressOf(child);
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString();
      const line = /^\{.*"url".*\}$/m.exec(output)?.[0];
      if (line) resolve((JSON.parse(line) as { url: string }).url);
    });
    let problems = '';
    child.stderr?.on('data', (data: Buffer) => {
      problems += data.toString();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`orrery serve ended with ${code} before it was ready:\n${output}${problems}`)));
  });
}
