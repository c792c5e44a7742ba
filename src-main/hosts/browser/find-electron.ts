/**
 * Finds Electron's binary, fetches it when it is not there yet, and says in one line why it cannot be used.
 * Never import 'electron' here: outside of Electron its index.js downloads the binary as a side effect.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type Found = { path: string } | { missing: string };

const { env } = process;

export function findElectron(root: string): Found {
  const override = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (override) {
    const path = join(override, executableName());
    return existsSync(path) ? { path } : { missing: `ELECTRON_OVERRIDE_DIST_PATH has no ${executableName()}` };
  }
  let packageDir: string;
  try {
    packageDir = dirname(createRequire(join(root, 'package.json')).resolve('electron/package.json'));
  } catch {
    return { missing: 'the electron package is not installed' };
  }
  const path = join(packageDir, 'dist', executableName());
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as { version: string };
  const versionFile = join(packageDir, 'dist', 'version');
  const have = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : '';
  if (have === version && existsSync(join(packageDir, 'path.txt')) && existsSync(path)) return { path };
  return { missing: `Electron ${version} is not downloaded` };
}

/** Runs the package's own installer (it checks the SHA-256), but never waits on a dead network. */
export async function downloadElectron(
  root: string,
  say: (text: string) => void,
  limits = { probeMs: 4000, totalMs: 300_000 },
): Promise<Found> {
  if (env['ELECTRON_OVERRIDE_DIST_PATH']) return findElectron(root);
  const require = createRequire(join(root, 'package.json'));
  const base = env['ELECTRON_MIRROR'] ?? env['npm_config_electron_mirror'] ?? 'https://github.com/electron/electron/releases/download/';
  const proxied = env['HTTPS_PROXY'] ?? env['https_proxy'];
  try {
    // Any HTTP answer will do: it proves name resolution, connection and TLS. The installer itself would wait five minutes.
    // Node 20's fetch ignores proxy variables, so behind a proxy only the total limit guards.
    if (!proxied) await fetch(base, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(limits.probeMs) });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    return { missing: `Electron cannot be downloaded from ${hostOf(base)} (${cause})` };
  }
  say(`downloading Electron from ${hostOf(base)} (about 120 MB, once) ...`);
  const child = spawn(process.execPath, [require.resolve('electron/install.js')], {
    stdio: 'inherit',
    cwd: root,
    env: { ...env, ...(proxied ? { ELECTRON_GET_USE_PROXY: '1' } : {}) },
  });
  const timer = setTimeout(() => child.kill(), limits.totalMs);
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', resolve);
  });
  clearTimeout(timer);
  return code === 0 ? findElectron(root) : { missing: `electron/install.js ended with ${code ?? 'a time-out'}` };
}

/** What would make Chromium's Linux sandbox abort before a window opens; undefined when nothing would. */
export function sandboxProblem(electron: string): string | undefined {
  if (process.platform !== 'linux' || env['ORRERY_IGNORE_SANDBOX'] === '1') return undefined;
  if (process.getuid?.() === 0) return 'Electron does not run as root with its sandbox on';
  // Ubuntu 24.04+ denies user namespaces to binaries without an AppArmor profile; `unshare` itself may have one, so ask the kernel first.
  const restriction = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns';
  const restricted = existsSync(restriction) && readFileSync(restriction, 'utf8').trim() === '1';
  if (!restricted && spawnSync('unshare', ['-Ur', 'true'], { stdio: 'ignore' }).status === 0) return undefined;
  const helper = join(dirname(electron), 'chrome-sandbox');
  const stats = statSync(helper, { throwIfNoEntry: false });
  if (stats?.uid === 0 && (stats.mode & 0o4755) === 0o4755) return undefined;
  return `this kernel forbids unprivileged user namespaces; once: sudo chown root ${helper} && sudo chmod 4755 ${helper}`;
}

function executableName(): string {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return process.platform === 'win32' ? 'electron.exe' : 'electron';
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
