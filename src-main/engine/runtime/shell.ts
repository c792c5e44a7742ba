// Runs a compiled script until it sleeps or ends; its whole state is a program counter, an exit status and variables.
import { type FileWorld, isDirectory, listFiles, tar } from './file-commands.ts';
import { type Redirect, type ShellStep, VARIABLE } from './shell-program.ts';

/** JSON. */
export interface ShellState {
  pc: number;
  status: number;
  variables: Record<string, string>;
  /** `trap ... TERM` was called: a SIGTERM ends it. */
  traps: boolean;
}

/** What the script can touch. */
export interface ShellWorld extends FileWorld {
  read(path: string): string | null;
  write(path: string, content: string): boolean;
  remove(path: string): boolean;
  /** Is there a file there, or below? */
  exists(path: string): boolean;
  environment(name: string): string | undefined;
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
      const pause = runCommand(step.argv, step.redirect, state, world);
      if (pause !== null) return pause;
    }
  }
  return { kind: 'sleep', forMs: BUSY_MS };
}

function runCommand(words: readonly string[], redirect: Redirect | null, state: ShellState, world: ShellWorld): ShellPause | null {
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
  const command = COMMANDS[name.slice(name.lastIndexOf('/') + 1)];
  if (command === undefined) {
    const status = world.program(argv);
    if (status === BECOME) return { kind: 'become' };
    state.status = status ?? 127;
    return null;
  }
  let text = '';
  state.status = command(rest, { state, world, print: (more) => (text += more) });
  if (text !== '' || redirect !== null) output(text, redirect, state, world);
  return null;
}

/** What `ShellWorld.program` answers when the program is the image's own service. */
export const BECOME = -1;

interface Scope {
  readonly state: ShellState;
  readonly world: ShellWorld;
  print(text: string): void;
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
  cat: (rest, { world, print }) => {
    let status = 0;
    const paths = plain(rest);
    if (paths.length === 0) print(world.input ?? '');
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
  ls: (rest, { world, print }) => listFiles(rest, printing(world, print)),
  tar: (rest, { world, print }) => tar(rest, printing(world, print)),
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
  grep: (rest, { world }) => {
    const [pattern = '', ...paths] = plain(rest);
    return paths.some((path) => world.read(path)?.includes(pattern) === true) ? 0 : 1;
  },
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
  env: (_, { state, print }) => {
    for (const [name, value] of Object.entries(state.variables)) print(`${name}=${value}\n`);
    return 0;
  },
  test: (rest, scope) => test(rest, scope.world),
  '[': (rest, scope) => (rest.at(-1) === ']' ? test(rest.slice(0, -1), scope.world) : 2),
};

/** Does the shell itself know this program? */
export function isShellCommand(name: string): boolean {
  return Object.hasOwn(COMMANDS, name) || ['sleep', 'exit', 'tail', 'exec', 'pause'].includes(name);
}

/** The world, with the command's own output in its place. */
function printing(world: ShellWorld, print: (text: string) => void): FileWorld {
  return {
    files: () => world.files(),
    write: (path, content) => world.write(path, content),
    directory: world.directory,
    ...(world.input === undefined ? {} : { input: world.input }),
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
