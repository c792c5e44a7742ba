// Runs a compiled script until it sleeps or ends; its whole state is a program counter, an exit status and variables.
import { type FileWorld, isDirectory, listFiles, tar } from './file-commands.ts';
import { networkCommands, type ShellNetwork } from './network-commands.ts';
import { type CommandStep, type Redirect, type ShellStep, VARIABLE } from './shell-program.ts';
import { type TextWorld, textCommands } from './text-commands.ts';

/** JSON. */
export interface ShellState {
  pc: number;
  status: number;
  variables: Record<string, string>;
  /** `trap ... TERM` was called: a SIGTERM ends it. */
  traps: boolean;
  /** What the command before wrote into a pipe. */
  piped?: string;
}

/** What the script can touch. */
export interface ShellWorld extends FileWorld {
  read(path: string): string | null;
  write(path: string, content: string): boolean;
  remove(path: string): boolean;
  /** Is there a file there, or below? */
  exists(path: string): boolean;
  environment(name: string): string | undefined;
  /** All variables, in the order of their making. */
  variables?(): readonly (readonly [name: string, value: string])[];
  /** Absent where a command may not speak with others; then its programs are the image's, as any other. */
  readonly network?: ShellNetwork | undefined;
  timestamp(): string;
  /** Runs a program the shell does not know; null: there is none. */
  program(argv: readonly string[]): number | null;
  /** What standard input holds, if there is one. */
  readonly input?: string;
  /** What is written to standard output. */
  print(text: string): void;
  /** What is written to standard error. */
  complain(text: string): void;
}

export type ShellPause =
  | { readonly kind: 'sleep'; readonly forMs: number }
  | { readonly kind: 'forever' }
  /** The shell became the image's own program. */
  | { readonly kind: 'become' }
  | { readonly kind: 'exit'; readonly code: number };

const STEPS_AT_ONCE_MAX = 500;
const BUSY_MS = 1000;
const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FOREVER: ShellPause = { kind: 'forever' };

export function newShell(): ShellState {
  return { pc: 0, status: 0, variables: {}, traps: false };
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
    else {
      const pause = runCommand(step, state, world);
      if (pause !== null) return pause;
    }
  }
  return { kind: 'sleep', forMs: BUSY_MS };
}

function runCommand({ argv: words, redirect, pipe }: CommandStep, state: ShellState, world: ShellWorld): ShellPause | null {
  const input = state.piped ?? world.input ?? '';
  delete state.piped;
  let argv = words.map((word) => expand(word, state, world));
  while (argv[0] !== undefined && /^[A-Za-z_]\w*=/.test(argv[0])) {
    const [first, ...others] = argv;
    const equals = first.indexOf('=');
    state.variables[first.slice(0, equals)] = first.slice(equals + 1);
    state.status = 0;
    argv = others;
  }
  if (argv[0] === 'exec') argv = argv.slice(1);
  const [name, ...rest] = argv;
  if (name === 'exit') {
    if (rest[0] !== undefined) state.status = Number(rest[0]) & 255;
    state.pc = Number.MAX_SAFE_INTEGER;
    return { kind: 'exit', code: state.status };
  }
  if (name === 'sleep') return sleep(rest, state);
  if (name === 'tail' && rest.some((word) => word.startsWith('-') && word.includes('f'))) return FOREVER;
  if (name === 'wait' || name === 'pause') return FOREVER;
  if (name === undefined) {
    if (redirect !== null) output('', redirect, state, world);
    return null;
  }
  const program = name.slice(name.lastIndexOf('/') + 1);
  const command = COMMANDS[program] ?? overNetwork(program, world);
  if (command === undefined) {
    const status = world.program(argv);
    if (status === BECOME) return { kind: 'become' };
    state.status = status ?? 127;
    return null;
  }
  let text = '';
  let tookMs = 0;
  state.status = command(rest, {
    ...{ state, world, input },
    print: (more) => (text += more),
    took: (forMs) => (tookMs = forMs),
  });
  if (pipe === true) state.piped = text;
  else if (text !== '' || redirect !== null) output(text, redirect, state, world);
  return tookMs > 0 ? { kind: 'sleep', forMs: tookMs } : null;
}

function overNetwork(program: string, { network }: ShellWorld): Command | undefined {
  const command = Object.hasOwn(networkCommands, program) ? networkCommands[program] : undefined;
  if (command === undefined || network?.has(program) !== true) return undefined;
  return (rest, { world, print, took }) => {
    const write = (path: string, content: string): boolean => world.write(path, content);
    const { status, tookMs } = command(rest, { network, print, write, complain: (text) => world.complain(text) });
    took(tookMs);
    return status;
  };
}

/** What `ShellWorld.program` answers when the program is the image's own service. */
export const BECOME = -1;

interface Scope {
  readonly state: ShellState;
  readonly world: ShellWorld;
  /** What came through a pipe, or on standard input. */
  readonly input: string;
  print(text: string): void;
  /** It had to wait so long. */
  took(forMs: number): void;
}

type Command = (rest: readonly string[], scope: Scope) => number;

const succeed: Command = () => 0;
const plain = (rest: readonly string[]): readonly string[] => rest.filter((word) => !word.startsWith('-'));

const COMMANDS: Readonly<Record<string, Command>> = {
  true: succeed,
  ':': succeed,
  cd: succeed,
  set: succeed,
  mkdir: succeed,
  chmod: succeed,
  chown: succeed,
  sync: succeed,
  false: () => 1,
  echo: (rest, { print }) => {
    const words = rest[0] === '-n' || rest[0] === '-e' ? rest.slice(1) : rest;
    print(words.join(' ') + (rest[0] === '-n' ? '' : '\n'));
    return 0;
  },
  printf: (rest, { print }) => {
    const values = rest.slice(1);
    print((rest[0] ?? '').replaceAll('\\n', '\n').replaceAll(/%[sd]/g, () => values.shift() ?? ''));
    return 0;
  },
  touch: (rest, { world }) => (plain(rest).every((path) => world.write(path, world.read(path) ?? '')) ? 0 : 1),
  rm: (rest, { world }) => {
    const removed = plain(rest).map((path) => world.remove(path));
    return rest.some((word) => word.startsWith('-') && word.includes('f')) || removed.every(Boolean) ? 0 : 1;
  },
  cat: (rest, { world, input, print }) => {
    let status = 0;
    const paths = plain(rest);
    if (paths.length === 0) print(input);
    for (const path of paths) {
      const content = world.read(path);
      if (content !== null) print(content);
      else {
        world.complain(`cat: can't open '${path}': No such file or directory\n`);
        status = 1;
      }
    }
    return status;
  },
  ls: (rest, scope) => listFiles(rest, printing(scope)),
  tar: (rest, scope) => tar(rest, printing(scope)),
  pwd: (_, { world, print }) => {
    print(`${world.directory}\n`);
    return 0;
  },
  cp: ([from, to], { world }) => copy(from, to, world),
  mv: ([from, to], { world }) => {
    const status = copy(from, to, world);
    if (status === 0) world.remove(from ?? '');
    return status;
  },
  ...Object.fromEntries(
    Object.entries(textCommands).map(([name, run]) => [name, (rest, scope) => run(rest, printing(scope))] satisfies [string, Command]),
  ),
  export: (rest, { state }) => {
    for (const word of rest) {
      const equals = word.indexOf('=');
      if (equals > 0) state.variables[word.slice(0, equals)] = word.slice(equals + 1);
    }
    return 0;
  },
  trap: (rest, { state }) => {
    if (rest.some((word) => word === 'TERM' || word === 'SIGTERM' || word === '15')) state.traps = true;
    return 0;
  },
  date: (_, { world, print }) => {
    print(`${world.timestamp()}\n`);
    return 0;
  },
  hostname: (_, { world, print }) => {
    print(`${world.environment('HOSTNAME') ?? ''}\n`);
    return 0;
  },
  env: (_, scope) => {
    for (const [name, value] of variablesOf(scope)) scope.print(`${name}=${value}\n`);
    return 0;
  },
  printenv: (rest, scope) => {
    const all = variablesOf(scope);
    if (rest.length === 0) for (const [name, value] of all) scope.print(`${name}=${value}\n`);
    const found = rest.map((name) => all.get(name));
    for (const value of found) if (value !== undefined) scope.print(`${value}\n`);
    return found.every((value) => value !== undefined) ? 0 : 1;
  },
  test: (rest, scope) => test(rest, scope.world),
  '[': (rest, scope) => (rest.at(-1) === ']' ? test(rest.slice(0, -1), scope.world) : 2),
};

/** Does the shell itself know this program? */
export function isShellCommand(name: string): boolean {
  return Object.hasOwn(COMMANDS, name) || Object.hasOwn(networkCommands, name) || ['sleep', 'exit', 'exec', 'pause'].includes(name);
}

function variablesOf({ world, state }: Scope): ReadonlyMap<string, string> {
  return new Map([...(world.variables?.() ?? []), ...Object.entries(state.variables)]);
}

/** The world, with the command's own input and output in its place. */
function printing({ world, input, print }: Scope): FileWorld & TextWorld {
  return {
    files: () => world.files(),
    read: (path) => world.read(path),
    write: (path, content) => world.write(path, content),
    directory: world.directory,
    mounts: world.mounts ?? [],
    input,
    print,
    complain: (text) => world.complain(text),
  };
}

function copy(from: string | undefined, to: string | undefined, world: ShellWorld): number {
  const content = from === undefined ? null : world.read(from);
  return content !== null && to !== undefined && world.write(to, content) ? 0 : 1;
}

function test(words: readonly string[], world: ShellWorld): number {
  if (words[0] === '!') return test(words.slice(1), world) === 0 ? 1 : 0;
  const [a = '', b, c = ''] = words;
  if (b === undefined) return a === '' ? 1 : 0;
  if (words.length === 2) {
    if (a === '-z') return b === '' ? 0 : 1;
    if (a === '-n') return b === '' ? 1 : 0;
    if (a === '-s') return (world.read(b) ?? '') === '' ? 1 : 0;
    if (a === '-d') return isDirectory(b, world) ? 0 : 1;
    return world.exists(b) ? 0 : 1;
  }
  const compare: Readonly<Record<string, boolean>> = {
    '=': a === c,
    '==': a === c,
    '!=': a !== c,
    '-eq': Number(a) === Number(c),
    '-ne': Number(a) !== Number(c),
    '-lt': Number(a) < Number(c),
    '-gt': Number(a) > Number(c),
    '-le': Number(a) <= Number(c),
    '-ge': Number(a) >= Number(c),
  };
  return compare[b] === undefined ? 2 : compare[b] ? 0 : 1;
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

function output(text: string, redirect: Redirect | null, state: ShellState, world: ShellWorld): void {
  if (redirect === null) {
    world.print(text);
    return;
  }
  const path = expand(redirect.path, state, world);
  if (path.startsWith('/dev/')) return;
  if (!world.write(path, redirect.append ? (world.read(path) ?? '') + text : text)) state.status = 1;
}

function expand(word: string, state: ShellState, world: ShellWorld): string {
  if (!word.includes('\ue000')) return word;
  return word.replaceAll(VARIABLE, (_, name: string) =>
    name === '?' ? String(state.status) : (state.variables[name] ?? world.environment(name) ?? ''),
  );
}
