// `npm start -- --browser` as its own process, without a browser: it prints the address, keeps its lab on disk, and can be killed.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT } from '../support/browser-lab.ts';

export interface LaunchedLab {
  readonly url: string;
  /** What it has said so far. */
  said(): string;
  /** Ends it at once (`SIGKILL`) or properly, and waits for its end. */
  end(signal: 'SIGKILL' | 'SIGTERM' | 'SIGINT'): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

export async function launchLab(stateFolder: string, more: Readonly<Record<string, string>> = {}): Promise<LaunchedLab> {
  const child: ChildProcess = spawn(process.execPath, [join(ROOT, 'out/main/launch.cjs'), '--browser'], {
    env: { ...process.env, XDG_STATE_HOME: stateFolder, ORRERY_BROWSER: 'none', ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const gone = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (data: Buffer): void => {
      output += data.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+\/#token=\S+/.exec(output)?.[0];
      if (address) resolve(address);
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', (code) => reject(new Error(`the launcher ended with ${code}:\n${output}`)));
  });
  return {
    url,
    said: () => output,
    end: async (signal) => {
      child.kill(signal);
      const [code, by] = await gone;
      return { code, signal: by };
    },
  };
}
