// Runs a compiled script until it sleeps or ends; its whole state is a program counter, an exit status and variables.
import { absolutePath } from './file-paths.ts';
import { isDirectory, type WriteFault } from './file-tree.ts';
import { networkCommands, type ShellNetwork } from './network-commands.ts';
import { ArithmeticFault, arithmeticText } from './shell-arithmetic.ts';
import { isKnownCommand, type ShellCommand, shellCommand } from './shell-commands.ts';
import { type CommandStep, type ShellStep, SUBSTITUTION, type Substitution, VARIABLE, wholeSubstitution } from './shell-program.ts';
import type { ShellMemory, ShellState, ShellWorld } from './shell-world.ts';
import type { ShellSystem } from './system-commands.ts';

export type ShellPause =
  | { readonly kind: 'sleep'; readonly forMs: number }
  | { readonly kind: 'forever' }
  /** The shell became the image's own program. */
  | { readonly kind: 'become' }
  | { readonly kind: 'exit'; readonly code: number };

const STEPS_AT_ONCE_MAX = 500;
const BUSY_MS = 1000;
/** A command in a word that has waited so often waits for ever. */
const PAUSES_MAX = 1000;
const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FOREVER: ShellPause = { kind: 'forever' };
/** What is written there is gone. */
const SINKS: ReadonlySet<string> = new Set(['/dev/null', '/dev/zero', '/dev/tty']);
const BUILT_IN: ReadonlySet<string> = new Set(['echo', 'printf', 'pwd', 'export', 'set', 'trap', 'cd', 'test', '[', 'true', 'false', ':']);

export function newShell(memory?: ShellMemory): ShellState {
  const { directory, variables, status } = memory ?? { directory: undefined, variables: {}, status: 0 };
  return { pc: 0, status, variables: { ...variables }, traps: false, ...(directory === undefined ? {} : { directory }) };
}

/** Runs from where it is. A loop that never sleeps is given a second of rest now and then. */
export function runShell(steps: readonly ShellStep[], state: ShellState, world: ShellWorld): ShellPause {
  for (let count = 0; count < STEPS_AT_ONCE_MAX; count += 1) {
    const step = steps[state.pc];
    if (step === undefined) return { kind: 'exit', code: state.status };
    state.pc += 1;
    if ('jump' in step) {
      if (step.when === null || step.when === (state.status === 0)) state.pc = step.jump;
    } else if ('negate' in step) state.status = state.status === 0 ? 1 : 0;
    else if ('succeed' in step) state.status = 0;
    else {
      const pause = runCommand(step, state, world);
      if (state.exits === true && state.status !== 0 && step.isAsked !== true && step.pipe !== true) state.pc = steps.length;
      if (pause !== null) return pause;
    }
  }
  return { kind: 'sleep', forMs: BUSY_MS };
}

function runCommand(step: CommandStep, state: ShellState, outer: ShellWorld): ShellPause | null {
  const { redirect, pipe } = step;
  const world = new Located(outer, state.directory ?? outer.directory);
  const input = state.piped ?? outer.input ?? '';
  delete state.piped;
  const aside = nothingAside();
  let argv: readonly string[];
  try {
    argv = step.argv.flatMap((word) => wordsOf(word, step, state, world, aside));
  } catch (error) {
    if (!(error instanceof ArithmeticFault)) throw error;
    world.complain(`sh: ${error.message}\n`);
    return exit(2, state);
  }
  if (aside.isForever) return FOREVER;
  while (argv[0] !== undefined && /^[A-Za-z_]\w*=/.test(argv[0])) {
    const [first, ...others] = argv;
    const equals = first.indexOf('=');
    state.variables[first.slice(0, equals)] = first.slice(equals + 1);
    state.status = aside.status;
    argv = others;
  }
  if (argv[0] === 'exec') argv = argv.slice(1);
  const [name, ...rest] = argv;
  if (name === 'exit') return exit(rest[0] === undefined ? state.status : Number(rest[0]) & 255, state);
  if (name === 'sleep') return sleep(rest, state);
  if (name === 'tail' && rest.some((word) => word.startsWith('-') && word.includes('f'))) return FOREVER;
  if (name === 'wait' || name === 'pause') return FOREVER;
  // It goes on showing until somebody ends it.
  if (name === 'top' && outer.input === undefined && !rest.some((word) => word.startsWith('-n'))) return FOREVER;
  if (name === undefined) {
    if (redirect !== null) output('', 'sh', step, state, world);
    return waited(aside.tookMs);
  }
  const program = name.slice(name.lastIndexOf('/') + 1);
  const command = shellCommand(program, world) ?? overNetwork(program, world);
  if (command === undefined) {
    const status = world.program(argv);
    if (status === BECOME) return { kind: 'become' };
    state.status = status ?? 127;
    return null;
  }
  let text = '';
  let { tookMs } = aside;
  state.status = command(rest, {
    ...{ state, world, input },
    print: (more) => (text += more),
    took: (forMs) => (tookMs += forMs),
  });
  if (pipe === true) state.piped = text;
  else if (text !== '' || redirect !== null) output(text, BUILT_IN.has(program) ? 'sh' : program, step, state, world);
  return waited(tookMs);
}

function exit(code: number, state: ShellState): ShellPause {
  state.status = code;
  state.pc = Number.MAX_SAFE_INTEGER;
  return { kind: 'exit', code };
}

function waited(forMs: number): ShellPause | null {
  return forMs > 0 ? { kind: 'sleep', forMs } : null;
}

function overNetwork(program: string, { network }: ShellWorld): ShellCommand | undefined {
  const command = Object.hasOwn(networkCommands, program) ? networkCommands[program] : undefined;
  if (command === undefined || network?.has(program) !== true) return undefined;
  return (rest, { world, print, took }) => {
    const write = (path: string, content: string): WriteFault => world.write(path, content);
    const { status, tookMs } = command(rest, { network, print, write, complain: (text) => world.complain(text) });
    took(tookMs);
    return status;
  };
}

/** What `ShellWorld.program` answers when the program is the image's own service. */
export const BECOME = -1;

/** Does the shell itself know this program? */
export function isShellCommand(name: string): boolean {
  return isKnownCommand(name) || Object.hasOwn(networkCommands, name) || ['sleep', 'exit', 'exec', 'pause'].includes(name);
}

/** The world as it is seen from where the shell is: paths are taken from there. */
class Located implements ShellWorld {
  readonly directory: string;
  readonly #world: ShellWorld;
  readonly #print: (text: string) => void;

  /** `print`: takes what would be written to standard output. */
  constructor(world: ShellWorld, directory: string, print = (text: string): void => world.print(text)) {
    this.#world = world;
    this.directory = directory;
    this.#print = print;
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

  print(text: string): void {
    this.#print(text);
  }

  complain(text: string): void {
    this.#world.complain(text);
  }

  /** A slash at the end says that a directory is meant, and stays. */
  #at(path: string): string {
    const at = absolutePath(path, this.directory);
    return path.endsWith('/') && at !== '/' ? `${at}/` : at;
  }
}

function sleep(rest: readonly string[], state: ShellState): ShellPause | null {
  let forMs = 0;
  for (const word of rest) {
    if (word === 'infinity' || word === 'inf') return FOREVER;
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word);
    if (match === null) {
      state.status = 1;
      return null;
    }
    forMs += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 1000);
  }
  state.status = rest.length === 0 ? 1 : 0;
  return rest.length === 0 ? null : { kind: 'sleep', forMs };
}

/** `program`: who writes; what is built into the shell speaks by its name. */
function output(text: string, program: string, step: CommandStep, state: ShellState, world: ShellWorld): void {
  const { redirect } = step;
  if (redirect === null) {
    world.print(text);
    return;
  }
  const path = wordsOf(redirect.path, step, state, world, nothingAside()).join(' ');
  if (SINKS.has(path)) return;
  if (path === '/dev/stdout') world.print(text);
  else if (path === '/dev/stderr') world.complain(text);
  else {
    const fault = written(path, redirect.append ? (world.read(path) ?? '') + text : text, world);
    if (fault === '') return;
    state.status = 1;
    // Most programs collect what they write, and fail with all of it at their end. upstream: busybox libbb/fflush_stdout_and_exit.c, libbb/copyfd.c
    const failed = program === 'sh' || program === 'cat' ? 'write error' : 'standard output';
    world.complain(fault === 'Read-only file system' ? `sh: can't create ${path}: ${fault}\n` : `${program}: ${failed}: ${fault}\n`);
  }
}

function written(path: string, text: string, world: ShellWorld): WriteFault {
  if (path !== '/dev/full') return world.write(path, text);
  return text === '' ? '' : 'No space left on device';
}

/** What the commands in a command's words came to besides what they wrote. */
interface Aside {
  tookMs: number;
  /** Of the last one; without any 0. */
  status: number;
  isForever: boolean;
}

function nothingAside(): Aside {
  return { tookMs: 0, status: 0, isForever: false };
}

/** What a word becomes: one word, but for an unquoted `$(…)`, which is as many as it wrote. */
function wordsOf(word: string, step: CommandStep, state: ShellState, world: ShellWorld, aside: Aside): readonly string[] {
  if (!/[\ue000\ue002]/.test(word)) return [word];
  const whole = wholeSubstitution(word, step.substitutions);
  const isSplit = whole?.kind === 'command' && !whole.isQuoted;
  const isAssigned = /^[A-Za-z_]\w*=/.test(word);
  const text = word
    .replaceAll(VARIABLE, (_, name: string) => variable(name, state, world))
    .replaceAll(SUBSTITUTION, (_, index: string) => {
      const substitution = step.substitutions?.[Number(index)];
      if (substitution === undefined) return '';
      const put = substituted(substitution, state, world, aside);
      return substitution.kind === 'arithmetic' || substitution.isQuoted || isAssigned ? put : put.trim().replaceAll(/\s+/g, ' ');
    });
  return isSplit ? text.split(' ').filter((part) => part !== '') : [text];
}

function variable(name: string, state: ShellState, world: ShellWorld): string {
  return name === '?' ? String(state.status) : (state.variables[name] ?? world.environment(name) ?? '');
}

function substituted(substitution: Substitution, state: ShellState, world: ShellWorld, aside: Aside): string {
  if (substitution.kind === 'command') return captured(substitution.steps, state, world, aside);
  const { expression, within } = substitution;
  return arithmeticText(expression, {
    get: (name) => {
      const inner = wholeSubstitution(name, within);
      return inner === undefined ? variable(name, state, world) : substituted(inner, state, world, aside);
    },
    set: (name, value) => {
      state.variables[name] = value;
    },
  });
}

/** What a shell of its own writes, without the ends of the last lines. Time that it takes is taken once it has ended. */
function captured(steps: readonly ShellStep[], state: ShellState, world: ShellWorld, aside: Aside): string {
  let text = '';
  const inner = newShell({ directory: world.directory, variables: state.variables, status: state.status });
  const heard = new Located(world, world.directory, (more) => {
    text += more;
  });
  for (let pauses = 0; pauses < PAUSES_MAX; pauses += 1) {
    const pause = runShell(steps, inner, heard);
    if (pause.kind === 'sleep') {
      aside.tookMs += pause.forMs;
      continue;
    }
    if (pause.kind === 'forever') break;
    aside.status = pause.kind === 'exit' ? pause.code : 0;
    return text.replace(/\n+$/, '');
  }
  aside.isForever = true;
  return '';
}
