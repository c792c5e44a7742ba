/**
 * Opens the lab's address in a window of its own: Chromium's app mode where found, else the default browser.
 * A profile of its own keeps the window apart from the person's browser, and lets its closing be noticed.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const { env, platform } = process;

/** False when there is nothing to open it with; the caller then prints the address. */
export function openBrowser(url: string, failed: (problem: string) => void): boolean {
  const display = platform !== 'linux' || env['DISPLAY'] || env['WAYLAND_DISPLAY'];
  if (!display || env['ORRERY_BROWSER'] === 'none') return false;
  const chromium = chromiumBinary();
  const profile = join(cacheDirectory(), 'orrery', 'browser');
  const command = chromium ? { path: chromium, args: appWindowArguments(url, profile) } : defaultBrowser(url);
  if (!command) return false;
  if (chromium) mkdirSync(profile, { recursive: true });
  const child = spawn(command.path, command.args, { stdio: 'ignore', detached: true });
  child.once('error', (error) => failed(`could not start ${command.path}: ${error.message}`));
  child.unref();
  return true;
}

export function appWindowArguments(url: string, profile: string): string[] {
  return [
    `--app=${url}`,
    `--user-data-dir=${profile}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--window-size=1280,800',
    '--class=orrery',
    ...(process.getuid?.() === 0 ? ['--no-sandbox', '--test-type'] : []), // root only; --test-type hides the warning bar
  ];
}

function chromiumBinary(): string | undefined {
  if (env['ORRERY_BROWSER']) return env['ORRERY_BROWSER'];
  if (platform === 'darwin') {
    const apps = ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'];
    const roots = ['/Applications', join(homedir(), 'Applications')];
    return apps.flatMap((app) => roots.map((root) => join(root, `${app}.app/Contents/MacOS/${app}`))).find(existsSync);
  }
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter((root) => root !== undefined);
    const tails = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'];
    return roots.flatMap((root) => tails.map((tail) => join(root, tail))).find(existsSync);
  }
  return onPath(['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge', 'brave-browser']);
}

function defaultBrowser(url: string): { path: string; args: string[] } | undefined {
  if (platform === 'darwin') return { path: 'open', args: [url] };
  if (platform === 'win32') return { path: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  const opener = onPath(['xdg-open']);
  return opener ? { path: opener, args: [url] } : undefined;
}

function onPath(names: string[]): string | undefined {
  const directories = (env['PATH'] ?? '').split(delimiter).filter(Boolean);
  return directories.flatMap((directory) => names.map((name) => join(directory, name))).find(existsSync);
}

function cacheDirectory(): string {
  if (env['XDG_CACHE_HOME']) return env['XDG_CACHE_HOME'];
  return platform === 'win32' ? (env['LOCALAPPDATA'] ?? tmpdir()) : join(homedir(), '.cache');
}
