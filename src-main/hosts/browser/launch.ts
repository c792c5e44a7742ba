/**
 * `npm start`: Electron when it is there or can be had, else the same lab in a browser window.
 * Whatever is missing on a machine is said in one line, and the lab starts all the same.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apiAccess } from '../../session/api-access.ts';
import { createLab } from '../../session/create-lab.ts';
import { stateDirectory } from '../files/lab-folder.ts';
import { openSavedLab } from '../files/saved-lab.ts';
import { DesktopDoor } from '../http/desktop-door.ts';
import { downloadElectron, findElectron, sandboxProblem } from './find-electron.ts';
import { openBrowser } from './open-browser.ts';
import { serve } from './serve.ts';

const ROOT = join(__dirname, '../..');
const { env } = process;
const say = (text: string): void => console.log(`orrery: ${text}`);

const HELP = `Orrery: a Kubernetes 1.33 cluster, simulated, in a window.

Usage: npm start -- [options] [-- Electron's own options]

  --browser    serve the lab on 127.0.0.1 and open it in a browser window
  --electron   open it in Electron or fail (without either: Electron if it can be had, else the browser)
  --port N     port of the browser host (default: any free one)
  --help       this text

Environment: ORRERY_BROWSER=<path to a Chromium> or none, ORRERY_NO_DOWNLOAD=1 (do not fetch Electron's binary),
ELECTRON_OVERRIDE_DIST_PATH=<directory of an Electron>, ELECTRON_MIRROR=<where to fetch it from>.
From a terminal, without any window: npm run --silent orrery -- --help`;

interface Choice {
  readonly host: 'auto' | 'electron' | 'browser';
  readonly port: number;
  readonly electronArgs: string[];
}

async function launch(args: string[]): Promise<void> {
  const choice = readArguments(args);
  if (choice === 'help') {
    console.log(HELP);
    return;
  }
  if (choice.host !== 'browser' && (await tryElectron(choice.electronArgs))) return;
  if (choice.host === 'electron') {
    process.exitCode = 1;
    return;
  }
  await runBrowser(choice.port);
}

function readArguments(args: string[]): Choice | 'help' {
  const split = args.indexOf('--');
  const { values } = parseArgs({
    args: split < 0 ? args : args.slice(0, split),
    options: {
      browser: { type: 'boolean' },
      electron: { type: 'boolean' },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  if (values.browser && values.electron) throw new Error('choose --browser or --electron, not both');
  const port = Number(values.port ?? env['ORRERY_PORT'] ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port must be a number from 0 to 65535');
  const host = values.browser ? 'browser' : values.electron ? 'electron' : 'auto';
  return { host, port, electronArgs: split < 0 ? [] : args.slice(split + 1) };
}

/** True when Electron's window came up and was closed again. */
async function tryElectron(args: string[]): Promise<boolean> {
  let electron = findElectron(ROOT);
  if ('missing' in electron && env['ORRERY_NO_DOWNLOAD'] !== '1') electron = await downloadElectron(ROOT, say);
  if ('missing' in electron) {
    say(electron.missing);
    return false;
  }
  const problem = sandboxProblem(electron.path);
  if (problem) {
    say(problem);
    return false;
  }
  return runElectron(electron.path, args);
}

/** Resolves with false when Electron died before its window came up. */
function runElectron(path: string, args: string[]): Promise<boolean> {
  const { ELECTRON_RUN_AS_NODE: _ignored, ...clean } = env;
  return new Promise((resolve) => {
    const child = spawn(path, [...args, ROOT], {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      env: { ...clean, ORRERY_LAUNCHER: '1' },
    });
    let ready = false;
    child.on('message', (message) => {
      if ((message as { type?: string }).type === 'ready') ready = true;
    });
    child.once('error', (error) => {
      say(`could not start ${path}: ${error.message}`);
      resolve(false);
    });
    child.once('exit', (code, signal) => {
      if (!ready && code !== 0) say(`Electron ended before its window opened (${signal ?? `exit ${code}`})`);
      resolve(ready || code === 0);
    });
    forwardSignals(child);
  });
}

function forwardSignals(child: ChildProcess): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => child.kill(signal));
}

async function runBrowser(port: number): Promise<void> {
  const lab = openSavedLab(stateDirectory(), createLab, say);
  const door = new DesktopDoor(apiAccess(lab.lab), join(stateDirectory(), 'kubeconfig'));
  void door.open();
  const stop = async (): Promise<never> => {
    await Promise.all([door.close(), host.close()]);
    lab.close();
    process.exit(0);
  };
  const dev =
    env['ORRERY_DEV_URL'] && env['ORRERY_DEV_TOKEN']
      ? { origin: new URL(env['ORRERY_DEV_URL']).origin, token: env['ORRERY_DEV_TOKEN'] }
      : undefined;
  const host = await serve(lab, { port, services: door.services, ...(dev ? { dev } : { onIdle: () => void stop() }) }).catch(
    (error: Error) => {
      // The lab runs already and would keep the process alive; closing it would count as a proper end and forget what was recovered.
      say(`cannot listen on port ${port}: ${error.message}`);
      process.exit(2);
    },
  );
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => void stop());
  if (env['ORRERY_DEV_REOPEN'] === 'no') return say('restarted');
  const opened = openBrowser(host.url, (problem) => say(`${problem}; open this address in a browser: ${host.url}`));
  say(opened ? `running in a browser window: ${host.url}` : `open this address in a browser: ${host.url}`);
}

if (require.main === module) {
  launch(process.argv.slice(2)).catch((error: unknown) => {
    console.error(`orrery: ${error instanceof Error ? error.message : String(error)}\norrery: npm start -- --help tells what there is`);
    process.exitCode = 2;
  });
}
