// Where the commands of a shell stand and where what they write goes: the world as seen from a directory, and the redirections of one command.
import { absolutePath } from './file-paths.ts';
import { isDirectory, type WriteFault } from './file-tree.ts';
import type { ShellNetwork } from './network-commands.ts';
import { type Expansion, textOf } from './shell-expansion.ts';
import type { CommandStep, Redirect } from './shell-program.ts';
import type { ShellState, ShellWorld } from './shell-world.ts';
import type { ShellSystem } from './system-commands.ts';

/** What is written there is gone. */
const SINKS: ReadonlySet<string> = new Set(['/dev/null', '/dev/zero', '/dev/tty']);

interface Streams {
  print?(text: string): void;
  complain?(text: string): void;
}

/** The world as it is seen from where the shell is: paths are taken from there. */
export class Located implements ShellWorld {
  readonly directory: string;
  readonly #world: ShellWorld;
  readonly #streams: Streams;

  /** `streams`: what takes what would be written to standard output and standard error. */
  constructor(world: ShellWorld, directory: string, streams: Streams = {}) {
    this.#world = world;
    this.directory = directory;
    this.#streams = streams;
  }

  read(path: string): string | null {
    return this.#world.read(this.#at(path));
  }

  write(path: string, content: string): WriteFault {
    return this.#world.write(this.#at(path), content);
  }

  remove(path: string): boolean {
    return this.#world.remove(this.#at(path));
  }

  exists(path: string): boolean {
    return this.#world.exists(this.#at(path)) || isDirectory(path, this);
  }

  setMode(path: string, mode: number): boolean {
    return this.#world.setMode(this.#at(path), mode);
  }

  mayHold(path: string): boolean {
    return this.#world.mayHold?.(this.#at(path)) === true;
  }

  files(): ReturnType<ShellWorld['files']> {
    return this.#world.files();
  }

  get mounts(): readonly string[] {
    return this.#world.mounts ?? [];
  }

  get owner(): { readonly user: string; readonly group: string } {
    return this.#world.owner ?? { user: 'root', group: 'root' };
  }

  get since(): string {
    return this.#world.since ?? this.#world.timestamp();
  }

  get network(): ShellNetwork | undefined {
    return this.#world.network;
  }

  get system(): ShellSystem | undefined {
    return this.#world.system;
  }

  environment(name: string): string | undefined {
    return this.#world.environment(name);
  }

  variables(): readonly (readonly [string, string])[] {
    return this.#world.variables?.() ?? [];
  }

  timestamp(): string {
    return this.#world.timestamp();
  }

  program(argv: readonly string[]): number | null {
    return this.#world.program(argv);
  }

  get input(): string | undefined {
    return this.#world.input;
  }

  print(text: string): void {
    if (this.#streams.print === undefined) this.#world.print(text);
    else this.#streams.print(text);
  }

  complain(text: string): void {
    if (this.#streams.complain === undefined) this.#world.complain(text);
    else this.#streams.complain(text);
  }

  /** A slash at the end says that a directory is meant, and stays. */
  #at(path: string): string {
    const at = absolutePath(path, this.directory);
    return path.endsWith('/') && at !== '/' ? `${at}/` : at;
  }
}

/** Stretches of zeros are kept as how many they are. */
const LENGTH_MAX = 20_000_000;

/** What a command writes, until it has ended: then it goes where it belongs. */
export class Output {
  readonly #step: CommandStep;
  readonly #state: ShellState;
  readonly #world: ShellWorld;
  #text = '';
  #isCut = false;
  #complaints = '';
  #to: Redirect | null;
  #errors: Redirect | null = null;

  constructor(step: CommandStep, state: ShellState, world: ShellWorld) {
    this.#step = step;
    this.#state = state;
    this.#world = new Located(world, state.directory ?? world.directory);
    this.#to = step.redirect;
  }

  /** Works out the names of the files. */
  aim(expansion: Expansion): void {
    const { redirect, errors, substitutions } = this.#step;
    const at = (to: Redirect): Redirect => ({ ...to, path: textOf(to.path, substitutions, expansion) });
    if (redirect !== null) this.#to = at(redirect);
    if (typeof errors === 'object') this.#errors = at(errors);
  }

  print(text: string): void {
    if (this.#text.length + text.length <= LENGTH_MAX) this.#text += text;
    else if (!this.#isCut) {
      this.#isCut = true;
      this.#world.complain(`orrery: the lab keeps ${LENGTH_MAX} characters of what one command writes\n`);
    }
  }

  complain(text: string): void {
    if (this.#step.errors === 'output') this.#text += text;
    else if (this.#errors === null) this.#world.complain(text);
    else this.#complaints += text;
  }

  /** `program`: who wrote; what is built into the shell speaks by its name. */
  end(program: string): void {
    if (this.#errors !== null) this.#put(this.#complaints, this.#errors, program);
    if (this.#to !== null) this.#put(this.#text, this.#to, program);
    else if (this.#step.pipe === true) this.#state.piped = this.#text;
    else if (this.#text !== '') this.#world.print(this.#text);
    // A program behind the pipe reads what goes elsewhere as nothing.
    if (this.#step.pipe === true && this.#to !== null) this.#state.piped = '';
  }

  #put(text: string, { path, append }: Redirect, program: string): void {
    if (SINKS.has(path)) return;
    if (path === '/dev/stdout') this.#world.print(text);
    else if (path === '/dev/stderr') this.#world.complain(text);
    else {
      const fault = written(path, append ? (this.#world.read(path) ?? '') + text : text, this.#world);
      if (fault === '') return;
      this.#state.status = 1;
      // Most programs collect what they write, and fail with all of it at their end. upstream: busybox libbb/fflush_stdout_and_exit.c, libbb/copyfd.c
      const failed = program === 'sh' || program === 'cat' ? 'write error' : 'standard output';
      const told = fault === 'Read-only file system' ? `sh: can't create ${path}: ${fault}\n` : `${program}: ${failed}: ${fault}\n`;
      if (this.#errors === null) this.#world.complain(told);
    }
  }
}

function written(path: string, text: string, world: ShellWorld): WriteFault {
  if (path !== '/dev/full') return world.write(path, text);
  return text === '' ? '' : 'No space left on device';
}
