/**
 * Keeps the running lab on disk, and finds what a lab that did not end properly has left there.
 * Each process writes a file of its own name, so that two labs at once cannot take each other's world.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomically } from './write-file-atomically.ts';

const NAME = /^autosave-(\d{1,10})\.orrery$/;

export class AutosaveFile {
  readonly #directory: string;
  readonly #path: string;
  #recovered: string | undefined;

  constructor(directory: string, pid: number = process.pid) {
    this.#directory = directory;
    this.#path = join(directory, `autosave-${pid}.orrery`);
  }

  /** The newest world whose program is gone without having ended, or undefined. It stays on disk until it is written over or set aside. */
  recover(isRunning: (pid: number) => boolean = isProcess): Uint8Array | undefined {
    if (!existsSync(this.#directory)) return undefined;
    const left = readdirSync(this.#directory)
      .filter((name) => {
        const pid = Number(NAME.exec(name)?.[1]);
        return pid > 0 && !isRunning(pid);
      })
      .map((name) => join(this.#directory, name))
      .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
    const [newest, ...older] = left;
    for (const path of older) rmSync(path, { force: true });
    this.#recovered = newest;
    return newest === undefined ? undefined : readFileSync(newest);
  }

  /** The recovered file could not be used: it is kept under another name, where nobody trips over it again. Returns that name. */
  setAside(): string | undefined {
    if (this.#recovered === undefined) return undefined;
    const aside = join(this.#directory, 'unreadable.orrery');
    renameSync(this.#recovered, aside);
    this.#recovered = undefined;
    return aside;
  }

  write(bytes: Uint8Array): void {
    writeFileAtomically(this.#path, bytes);
    this.#forgetRecovered();
  }

  /** A proper end: there is nothing to recover. */
  finish(): void {
    rmSync(this.#path, { force: true });
    this.#forgetRecovered();
  }

  #forgetRecovered(): void {
    if (this.#recovered !== undefined) rmSync(this.#recovered, { force: true });
    this.#recovered = undefined;
  }
}

/** Where the browser host keeps it; Electron has a place of its own. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? homedir(), 'Orrery');
  if (process.platform === 'darwin') return join(homedir(), 'Library/Application Support/Orrery');
  return join(env['XDG_STATE_HOME'] ?? join(homedir(), '.local/state'), 'orrery');
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is there and belongs to somebody else
  }
}
