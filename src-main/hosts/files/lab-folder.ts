/**
 * Keeps the running lab on disk, and finds what a lab that did not end properly has left there.
 * Each process has a folder of its own, so that two labs at once cannot take each other's world; a left folder is taken over by renaming it.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, uptime } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomically } from './write-file-atomically.ts';

const FOLDER = /^lab-(\d{1,10})$/;
const WORLD = /^world-(\d{1,9})\.orrery$/;

/** The machine's clock may be set by so much after it was started. */
const CLOCK_MS = 60_000;

/** A world and what was done to it after it was saved, as `[index in its log, command]`. */
export interface LeftLab {
  readonly world: Uint8Array;
  readonly commands: readonly (readonly [index: number, command: unknown])[];
}

export class LabFolder {
  readonly #directory: string;
  readonly #path: string;
  /** The first world of this process comes after those it took over. */
  #offset = 0;

  constructor(directory: string, pid: number = process.pid) {
    this.#directory = directory;
    this.#path = join(directory, `lab-${pid}`);
  }

  /** The newest lab whose program is gone without having ended, or undefined. It is this process's own from now on. */
  recover(isRunning: (pid: number) => boolean = isProcess, startOfMachineMs = Date.now() - uptime() * 1000): LeftLab | undefined {
    const isLeft = (path: string): boolean =>
      // A folder of the own number is of a process that is gone: this one has only begun.
      path === this.#path ||
      !isRunning(Number(path.slice(path.lastIndexOf('-') + 1))) ||
      // After a power cut another process may have the number.
      statSync(path).mtimeMs < startOfMachineMs - CLOCK_MS;
    const left = this.#folders().filter(isLeft);
    const newest = left.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
    if (newest === undefined) return undefined;
    if (!left.includes(this.#path)) renameSync(newest, this.#path);
    // From now on it belongs to a process of this start of the machine.
    utimesSync(this.#path, new Date(), new Date());
    const world = Math.max(...this.#worlds());
    if (world < 0) return undefined;
    this.#offset = world;
    return { world: readFileSync(this.#worldPath(world)), commands: readCommands(this.#commandsPath(world)) };
  }

  /** The recovered world could not be used: it is kept under another name, where nobody trips over it again. Returns that name. */
  setAside(): string | undefined {
    if (!existsSync(this.#path)) return undefined;
    const aside = freeName(join(this.#directory, 'unreadable'));
    renameSync(this.#path, aside);
    this.#offset = 0;
    return aside;
  }

  saveWorld(world: number, bytes: Uint8Array, later: readonly (readonly [index: number, command: unknown])[] = []): void {
    const number = world + this.#offset;
    writeFileAtomically(this.#worldPath(number), bytes);
    // The snapshot holds the other commands; should the program end right here, they are known by their index and not done twice.
    if (later.length === 0) rmSync(this.#commandsPath(number), { force: true });
    else writeFileAtomically(this.#commandsPath(number), later.map(lineOf).join(''));
    for (const older of this.#worlds()) {
      if (older < 0 || older >= number) continue;
      rmSync(this.#worldPath(older), { force: true });
      rmSync(this.#commandsPath(older), { force: true });
    }
  }

  saveCommand(world: number, index: number, command: unknown): void {
    const file = openSync(this.#commandsPath(world + this.#offset), 'a', 0o644);
    const { size } = fstatSync(file);
    try {
      writeFileSync(file, lineOf([index, command]));
      fsyncSync(file);
    } catch (error) {
      // Half a line would hide all that follow it.
      ftruncateSync(file, size);
      throw error;
    } finally {
      closeSync(file);
    }
  }

  /** A proper end: there is nothing to recover. */
  finish(): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  #folders(): string[] {
    if (!existsSync(this.#directory)) return [];
    return readdirSync(this.#directory)
      .filter((name) => FOLDER.test(name))
      .map((name) => join(this.#directory, name));
  }

  /** Numbers of the worlds in the folder; -1 stands for none. */
  #worlds(): number[] {
    const names = existsSync(this.#path) ? readdirSync(this.#path) : [];
    return [-1, ...names.flatMap((name) => (WORLD.test(name) ? [Number(WORLD.exec(name)?.[1])] : []))];
  }

  #worldPath(number: number): string {
    return join(this.#path, `world-${number}.orrery`);
  }

  #commandsPath(number: number): string {
    return join(this.#path, `commands-${number}.jsonl`);
  }
}

/** Where the browser host keeps it; Electron has a place of its own. Whoever names a place gets it on every system; a name that is empty is none. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env['XDG_STATE_HOME']) return join(env['XDG_STATE_HOME'], 'orrery');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] || homedir(), 'Orrery');
  if (platform === 'darwin') return join(homedir(), 'Library/Application Support/Orrery');
  return join(homedir(), '.local/state/orrery');
}

function lineOf(logged: readonly [index: number, command: unknown]): string {
  return `${JSON.stringify(logged)}\n`;
}

/** Up to the first line that is not whole: the program ended while it wrote it. */
function readCommands(path: string): [number, unknown][] {
  const commands: [number, unknown][] = [];
  if (!existsSync(path)) return commands;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    try {
      commands.push(JSON.parse(line) as [number, unknown]);
    } catch {
      break;
    }
  }
  return commands;
}

function freeName(path: string): string {
  let name = path;
  for (let number = 2; existsSync(name); number += 1) name = `${path}-${number}`;
  return name;
}

function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it is there and belongs to somebody else
  }
}
