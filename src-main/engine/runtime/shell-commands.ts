// The programs that the small shell knows, each as a function of its words: some of its own, the others by what they deal with.
import { changeCommands } from './change-commands.ts';
import { dateText } from './date-text.ts';
import { fileCommands } from './file-commands.ts';
import { absolutePath } from './file-paths.ts';
import { type FileWorld, isDirectory } from './file-tree.ts';
import { packageCommands } from './package-commands.ts';
import { printCommands } from './print-commands.ts';
import { makeLocal } from './shell-functions.ts';
import { bracket, test } from './shell-test.ts';
import { type ShellState, type ShellWorld, unset } from './shell-world.ts';
import { sizeCommands } from './size-commands.ts';
import { type ShellSystem, SOMETIMES, systemCommands } from './system-commands.ts';
import { type TextWorld, textCommands } from './text-commands.ts';

export interface Scope {
  readonly state: ShellState;
  readonly world: ShellWorld;
  /** What came through a pipe, or on standard input. */
  readonly input: string;
  print(text: string): void;
  /** It had to wait so long. */
  took(forMs: number): void;
}

export type ShellCommand = (rest: readonly string[], scope: Scope) => number;

/** As of a program that is there and cannot be run. */
export const NOT_MODELLED = 126;

const succeed: ShellCommand = () => 0;

const own: Readonly<Record<string, ShellCommand>> = {
  true: succeed,
  ':': succeed,
  set: (rest, { state }) => {
    const end = rest.indexOf('--');
    for (const [at, word] of rest.slice(0, end < 0 ? undefined : end).entries())
      if (/^[-+][a-z]*e/.test(word) || (/^[-+][a-z]*o$/.test(word) && rest[at + 1] === 'errexit')) state.exits = word.startsWith('-');
    if (end >= 0) state.parameters = rest.slice(end + 1);
    return 0;
  },
  shift: ([count = '1'], { state }) => {
    const { parameters = [] } = state;
    if (!/^\d{1,9}$/.test(count) || Number(count) > parameters.length) return 1;
    state.parameters = parameters.slice(Number(count));
    return 0;
  },
  local: (rest, { state }) => {
    makeLocal(rest, state);
    return 0;
  },
  sync: succeed,
  umask: succeed,
  clear: succeed,
  false: () => 1,
  cat: (rest, { world, input, print }) => {
    let status = 0;
    const paths = rest.filter((word) => !word.startsWith('-'));
    if (paths.length === 0) print(input);
    for (const path of paths) {
      const content = world.read(path);
      if (content !== null) print(content);
      else {
        world.complain(
          isDirectory(path, world) ? 'cat: read error: Is a directory\n' : `cat: can't open '${path}': No such file or directory\n`,
        );
        status = 1;
      }
    }
    return status;
  },
  cd: ([path], { state, world }) => {
    const wanted = path === '-' ? (state.variables['OLDPWD'] ?? '/') : (path ?? world.environment('HOME') ?? '/');
    const at = absolutePath(wanted, world.directory);
    if (!isDirectory(at, world)) {
      world.complain(`sh: cd: can't cd to ${wanted}: No such file or directory\n`);
      return 2;
    }
    state.variables['OLDPWD'] = world.directory;
    state.directory = at;
    return 0;
  },
  pwd: (_, { world, print }) => {
    print(`${world.directory}\n`);
    return 0;
  },
  export: (rest, scope) => given(rest, scope),
  readonly: (rest, scope) => given(rest, scope),
  unset: (rest, { state }) => {
    for (const name of rest) unset(name, state);
    return 0;
  },
  trap: (rest, { state }) => {
    if (rest.some((word) => word === 'TERM' || word === 'SIGTERM' || word === '15')) state.traps = true;
    return 0;
  },
  date: (rest, { world, print }) => {
    const format = rest.find((word) => word.startsWith('+'))?.slice(1);
    print(`${dateText(world.timestamp(), format)}\n`);
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
  command: ([flag = '', ...rest], scope) => {
    if (flag !== '-v' && flag !== '-V') return told(scope.world, `sh: command: the lab's shell knows only command -v\n`, NOT_MODELLED);
    const found = rest.filter((name) => isAtHand(name, scope.world));
    for (const name of found) scope.print(flag === '-V' ? `${name} is ${name}\n` : `${name}\n`);
    return found.length === rest.length ? 0 : 127;
  },
  type: (rest, { world, print }) => {
    const found = rest.filter((name) => isAtHand(name, world));
    for (const name of rest) print(found.includes(name) ? `${name} is ${name}\n` : `${name}: not found\n`);
    return found.length === rest.length ? 0 : 127;
  },
  which: (rest, { world, print }) => {
    const found = rest.map((name) => (isAtHand(name, world) ? `/bin/${name}` : null));
    for (const path of found) if (path !== null) print(`${path}\n`);
    return found.every((path) => path !== null) ? 0 : 1;
  },
  test: (rest, scope) => test(rest, scope.world),
  '[': (rest, scope) => bracket(rest, scope.world),
};

const commands: Readonly<Record<string, ShellCommand>> = {
  ...own,
  ...wrapped(printCommands, (run, rest, { print, world }) => run(rest, { print, complain: (text) => world.complain(text) })),
  ...wrapped({ ...fileCommands, ...changeCommands }, (run, rest, scope) => run(rest, withFiles(scope))),
  ...wrapped(textCommands, (run, rest, scope) => run(rest, withFiles(scope))),
  ...wrapped(packageCommands, (run, rest, { print, took, world }) =>
    run(rest, { print, took, complain: (text) => world.complain(text), write: (path, content) => world.write(path, content) }),
  ),
  ...wrapped(sizeCommands, (run, rest, scope) => run(rest, { ...scope, world: withFiles(scope) })),
};

/** undefined: the shell knows no such program, or the image has it not. */
export function shellCommand(name: string, { system }: ShellWorld): ShellCommand | undefined {
  const ofSystem = Object.hasOwn(systemCommands, name) ? systemCommands[name] : undefined;
  if (ofSystem !== undefined && system !== undefined)
    return SOMETIMES.has(name) && !system.has(name) ? undefined : onSystem(name, ofSystem, system);
  if (Object.hasOwn(packageCommands, name) && system?.has(name) === false) return undefined;
  return Object.hasOwn(commands, name) ? commands[name] : undefined;
}

/** Does the shell itself know this program, whatever the image? */
export function isKnownCommand(name: string): boolean {
  return Object.hasOwn(commands, name) || Object.hasOwn(systemCommands, name);
}

/** Does what it writes depend on the shell and on files alone? */
export function isOwnCommand(name: string): boolean {
  return Object.hasOwn(commands, name);
}

function onSystem(name: string, run: (typeof systemCommands)[string], system: ShellSystem): ShellCommand {
  return (rest, { world, print }) =>
    run(rest, {
      system,
      command: [name, ...rest].join(' '),
      timestamp: world.timestamp(),
      print,
      complain: (text) => world.complain(text),
    });
}

function wrapped<T>(
  programs: Readonly<Record<string, T>>,
  call: (run: T, rest: readonly string[], scope: Scope) => number,
): Readonly<Record<string, ShellCommand>> {
  return Object.fromEntries(
    Object.entries(programs).map(([name, run]): [string, ShellCommand] => [name, (rest, scope) => call(run, rest, scope)]),
  );
}

function given(rest: readonly string[], { state }: Scope): number {
  for (const word of rest) {
    const equals = word.indexOf('=');
    if (equals > 0) state.variables[word.slice(0, equals)] = word.slice(equals + 1);
  }
  return 0;
}

function told(world: ShellWorld, text: string, status: number): number {
  world.complain(text);
  return status;
}

function isAtHand(name: string, world: ShellWorld): boolean {
  return shellCommand(name, world) !== undefined || name === 'sh' || world.system?.has(name) === true;
}

function variablesOf({ world, state }: Scope): ReadonlyMap<string, string> {
  return new Map([...(world.variables?.() ?? []), ...Object.entries(state.variables)]);
}

/** The world, with the command's own input and output in its place. */
function withFiles({ world, input, print }: Scope): FileWorld & TextWorld {
  return {
    files: () => world.files(),
    read: (path) => world.read(path),
    write: (path, content) => world.write(path, content),
    remove: (path) => world.remove(path),
    setMode: (path, mode) => world.setMode(path, mode),
    directory: world.directory,
    mounts: world.mounts ?? [],
    mayHold: (path) => world.mayHold?.(path) === true,
    ...(world.owner === undefined ? {} : { owner: world.owner }),
    ...(world.since === undefined ? {} : { since: world.since }),
    input,
    print,
    complain: (text) => world.complain(text),
  };
}
