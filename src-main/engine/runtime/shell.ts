// Runs a compiled script until it sleeps or ends; its whole state is a program counter, an exit status and variables.
import type { WriteFault } from './file-tree.ts';
import { networkCommands } from './network-commands.ts';
import { ArithmeticFault } from './shell-arithmetic.ts';
import { isKnownCommand, type ShellCommand, shellCommand } from './shell-commands.ts';
import { ENDING } from './shell-compiler.ts';
import { type Condition, conditionStatus } from './shell-condition.ts';
import {
  assignedName,
  type Expansion,
  ExpansionFault,
  fieldsOf,
  itemsOf,
  patternOf,
  setItems,
  textOf,
  WORD_LENGTH_MAX,
} from './shell-expansion.ts';
import { enterFunction, isFunction, leaveFunction } from './shell-functions.ts';
import { isLike, quotedForPattern } from './shell-pattern.ts';
import type { CommandStep, ShellStep } from './shell-program.ts';
import { type ReadStep, readLine } from './shell-read.ts';
import { Located, Output } from './shell-streams.ts';
import { endSubshell, enterSubshell, leaveSubshell } from './shell-subshell.ts';
import type { Substitution } from './shell-words.ts';
import type { ShellMemory, ShellState, ShellWorld } from './shell-world.ts';
import { serverPort } from './told-programs.ts';
import { follow, followed, isEndless, LOOK_MS } from './unending-commands.ts';

export type ShellPause =
  /** `follows`: it only waits for what files gain, and never ends by itself. */
  | { readonly kind: 'sleep'; readonly forMs: number; readonly follows?: true }
  | { readonly kind: 'forever' }
  /** The shell became the image's own program. */
  | { readonly kind: 'become' }
  | { readonly kind: 'exit'; readonly code: number };

const STEPS_AT_ONCE_MAX = 500;
const BUSY_MS = 1000;
/** Of one `for`, and of one array. */
const FIELDS_MAX = 10_000;
/** Their words that give values stay whole. upstream: busybox shell/ash.c evalcommand pseudovarflag */
const DECLARING: ReadonlySet<string> = new Set(['export', 'readonly', 'local']);
/** A command in a word that has waited so often waits for ever. */
const PAUSES_MAX = 1000;
const UNIT_MS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const FOREVER: ShellPause = { kind: 'forever' };
const LOOKING: ShellPause = { kind: 'sleep', forMs: LOOK_MS, follows: true };
const BUILT_IN: ReadonlySet<string> = new Set(['echo', 'printf', 'pwd', 'export', 'set', 'trap', 'cd', 'test', '[', 'true', 'false', ':']);

export function newShell(memory?: ShellMemory): ShellState {
  const { directory, variables, status } = memory ?? { directory: undefined, variables: {}, status: 0 };
  return { pc: 0, status, variables: { ...variables }, traps: false, ...(directory === undefined ? {} : { directory }) };
}

/** Runs from where it is. A loop that never sleeps is given a second of rest now and then. */
export function runShell(steps: readonly ShellStep[], state: ShellState, world: ShellWorld): ShellPause {
  for (let count = 0; count < STEPS_AT_ONCE_MAX; count += 1) {
    const step = steps[state.pc];
    if (step === undefined) {
      if (endSubshell(state)) continue;
      return { kind: 'exit', code: state.status };
    }
    state.pc += 1;
    if ('jump' in step) {
      if (step.when === null || step.when === (state.status === 0)) state.pc = step.jump;
    } else if ('negate' in step) state.status = state.status === 0 ? 1 : 0;
    else if ('succeed' in step) state.status = 0;
    else if ('next' in step) takeNext(step, state);
    else if ('define' in step) {
      state.functions = { ...state.functions, [step.define]: state.pc };
      state.pc = step.behind;
      state.status = 0;
    } else if ('enter' in step) enterSubshell(state, step.enter);
    else {
      const { calls = [] } = state;
      const pause = ranStep(step, state, world);
      const isAnswer = calls.at(-1)?.isAsked === true || (state.calls?.length ?? 0) > calls.length;
      if (state.exits === true && state.status !== 0 && !isAnswer && isFinal(step)) state.pc = steps.length;
      if (pause !== null && (pause.kind !== 'exit' || state.around === undefined)) return pause;
    }
  }
  return { kind: 'sleep', forMs: BUSY_MS };
}

type WorkStep = Exclude<
  ShellStep,
  | { readonly jump: number }
  | { readonly negate: true }
  | { readonly succeed: true }
  | { readonly enter: number }
  | { readonly define: string }
  | NextStep
>;

function ranStep(step: WorkStep, state: ShellState, world: ShellWorld): ShellPause | null {
  if ('list' in step) return makeList(step, state, world);
  if ('condition' in step) return judge(step, state, world);
  if ('leave' in step || 'back' in step) {
    if ('leave' in step) leaveSubshell(state);
    else leaveFunction(state);
    return null;
  }
  if ('items' in step) return giveItems(step, state, world);
  if ('names' in step) return read(step, state, world);
  if ('forget' in step) return forget(step.forget, state);
  if ('clauses' in step) return choose(step, state, world);
  return runCommand(step, state, world);
}

/** Does its failure end a script that ends with the first one? */
function isFinal(step: WorkStep): boolean {
  return ENDING.some((kind) => kind in step) && !('isAsked' in step) && !('pipe' in step);
}

type ListStep = Extract<ShellStep, { readonly list: number }>;
type NextStep = Extract<ShellStep, { readonly next: number }>;

function makeList({ list, words, substitutions }: ListStep, state: ShellState, outer: ShellWorld): ShellPause | null {
  const { expansion, aside } = expansionIn(state, new Located(outer, state.directory ?? outer.directory));
  const fields = attempt(expansion, () => words.flatMap((word) => fieldsOf(word, substitutions, expansion)));
  if (fields === null) return exit(2, state);
  if (aside.isForever) return FOREVER;
  state.lists = { ...state.lists, [list]: fields.slice(0, FIELDS_MAX) };
  return waited(aside.tookMs);
}

type ConditionStep = Extract<ShellStep, { readonly condition: Condition }>;

function judge({ condition, substitutions }: ConditionStep, state: ShellState, outer: ShellWorld): ShellPause | null {
  const { expansion, aside } = expansionIn(state, new Located(outer, state.directory ?? outer.directory));
  const status = attempt(expansion, () => conditionStatus(condition, substitutions, expansion));
  if (status === null) return exit(2, state);
  if (aside.isForever) return FOREVER;
  state.status = status;
  return waited(aside.tookMs);
}

type ItemsStep = Extract<ShellStep, { readonly items: string }>;

function giveItems({ items: name, isMore, words, substitutions }: ItemsStep, state: ShellState, outer: ShellWorld): ShellPause | null {
  const { expansion, aside } = expansionIn(state, new Located(outer, state.directory ?? outer.directory));
  const items = attempt(expansion, () => {
    const given = words.flatMap((word) => fieldsOf(word, substitutions, expansion));
    const all = isMore ? [...itemsOf(name, expansion), ...given] : given;
    if (all.length > FIELDS_MAX || all.reduce((sum, item) => sum + item.length, 0) > WORD_LENGTH_MAX)
      throw new ExpansionFault('out of memory');
    return all;
  });
  if (items === null) return exit(2, state);
  if (aside.isForever) return FOREVER;
  setItems(name, items, state);
  state.status = aside.status;
  return waited(aside.tookMs);
}

function read(
  step: ReadStep & { readonly substitutions: readonly Substitution[] },
  state: ShellState,
  outer: ShellWorld,
): ShellPause | null {
  const world = new Located(outer, state.directory ?? outer.directory);
  const { expansion, aside } = expansionIn(state, world);
  const { piped = '', inputs = {} } = state;
  delete state.piped;
  const { id, path, text } = step.input ?? {};
  let input: string | null = (id === undefined ? undefined : inputs[id]) ?? piped;
  const source = path ?? text;
  if (source !== undefined && id !== undefined && inputs[id] === undefined) {
    const found = attempt(expansion, () => textOf(source, step.substitutions, expansion));
    if (found === null) return exit(2, state);
    if (aside.isForever) return FOREVER;
    input = path === undefined ? found : world.read(found);
    if (input === null) world.complain(`sh: can't open ${found}: no such file\n`);
  }
  if (input === null) state.status = 1;
  else {
    const rest = readLine(step, input, state);
    if (rest === null) {
      world.complain('sh: read: out of memory\n');
      return exit(2, state);
    }
    if (id !== undefined) state.inputs = { ...inputs, [id]: rest };
  }
  return waited(aside.tookMs);
}

/** What was never there to be read makes a loop fail. */
function forget(id: number, state: ShellState): null {
  const { [id]: input, ...others } = state.inputs ?? {};
  if (input === undefined) state.status = 1;
  if (Object.keys(others).length > 0) state.inputs = others;
  else delete state.inputs;
  return null;
}

type CaseStep = Extract<ShellStep, { readonly otherwise: number }>;

function choose({ word, clauses, otherwise, substitutions }: CaseStep, state: ShellState, outer: ShellWorld): ShellPause | null {
  const { expansion, aside } = expansionIn(state, new Located(outer, state.directory ?? outer.directory));
  const fits = (text: string, pattern: string): boolean => isLike(text, patternOf(pattern, substitutions, expansion, quotedForPattern));
  const found = attempt(expansion, () => {
    const text = textOf(word, substitutions, expansion);
    return { clause: clauses.find(({ patterns }) => patterns.some((pattern) => fits(text, pattern))) };
  });
  if (found === null) return exit(2, state);
  if (aside.isForever) return FOREVER;
  if (found.clause === undefined) state.status = 0;
  state.pc = found.clause?.to ?? otherwise;
  return waited(aside.tookMs);
}

function takeNext({ next, name, leave }: NextStep, state: ShellState): void {
  const [value, ...others] = state.lists?.[next] ?? [];
  const { [next]: _, ...lists } = state.lists ?? {};
  if (value === undefined) {
    state.pc = leave;
    if (Object.keys(lists).length === 0) delete state.lists;
    else state.lists = lists;
    return;
  }
  state.lists = { ...lists, [next]: others };
  state.variables[name] = value;
}

/** What the words come to; null: they come to nothing, which is told, and the shell ends. */
function attempt<T>({ world }: Expansion, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ArithmeticFault) && !(error instanceof ExpansionFault)) throw error;
    world.complain(`sh: ${error.message}\n`);
    return null;
  }
}

/** Words may hold commands; `aside` is what these come to. */
function expansionIn(state: ShellState, world: Located): { readonly expansion: Expansion; readonly aside: Aside } {
  const aside: Aside = { tookMs: 0, status: 0, isForever: false };
  return { expansion: { state, world, captured: (steps) => captured(steps, state, world, aside) }, aside };
}

interface Words {
  readonly argv: readonly string[];
  /** Name and value, in their order. */
  readonly given: readonly (readonly [string, string])[];
}

/** The words of a command in the order in which a shell works them out: a value that is given counts for those given behind it. */
function wordsOf({ argv, substitutions }: CommandStep, state: ShellState, expansion: Expansion): Words {
  const isPlain = argv.findIndex((word) => assignedName(word) === undefined);
  const count = isPlain < 0 ? argv.length : isPlain;
  const isOfNames = DECLARING.has(argv[count] ?? '');
  const words = argv.slice(count).flatMap((word) => {
    const isGiven = isOfNames && assignedName(word) !== undefined;
    return isGiven ? [textOf(word, substitutions, expansion)] : fieldsOf(word, substitutions, expansion);
  });
  const given = argv.slice(0, count).map((word): [string, string] => {
    const name = assignedName(word) ?? '';
    const value = textOf(word, substitutions, expansion).slice(name.length + 1);
    if (words.length === 0) state.variables[name] = value;
    return [name, value];
  });
  return { argv: words, given };
}

function runCommand(step: CommandStep, state: ShellState, outer: ShellWorld): ShellPause | null {
  const output = new Output(step, state, outer);
  const world = new Located(outer, state.directory ?? outer.directory, { complain: (text) => output.complain(text) });
  const input = state.piped ?? outer.input ?? '';
  delete state.piped;
  const { expansion, aside } = expansionIn(state, world);
  const words = attempt(expansion, () => {
    output.aim(expansion);
    return wordsOf(step, state, expansion);
  });
  if (words === null) return exit(2, state);
  if (aside.isForever) return FOREVER;
  if (words.argv.length === 0) {
    state.status = aside.status;
    output.end('sh');
    return waited(aside.tookMs);
  }
  if (words.argv[0] === 'return' && state.calls !== undefined) {
    if (words.argv[1] !== undefined) state.status = Number(words.argv[1]) & 255;
    leaveFunction(state);
    return waited(aside.tookMs);
  }
  if (isFunction(words.argv[0] ?? '', state)) {
    if (enterFunction(words.argv, step.isAsked === true, state)) return waited(aside.tookMs);
    world.complain(`sh: ${words.argv[0]}: too many calls\n`);
    return exit(2, state);
  }
  const before = words.given.map(([name]) => ({ name, value: Object.hasOwn(state.variables, name) ? state.variables[name] : undefined }));
  for (const [name, value] of words.given) state.variables[name] = value;
  const pause = runProgram(words.argv, { step, state, world, input, output, tookMs: aside.tookMs });
  // What is given before a command is given to it alone.
  for (const { name, value } of before)
    if (value === undefined) delete state.variables[name];
    else state.variables[name] = value;
  return pause;
}

interface Start {
  readonly step: CommandStep;
  readonly state: ShellState;
  readonly world: Located;
  readonly input: string;
  readonly output: Output;
  readonly tookMs: number;
}

function runProgram(words: readonly string[], { step, state, world, input, output, tookMs: beforeMs }: Start): ShellPause | null {
  const argv = words[0] === 'exec' ? words.slice(1) : words;
  const [name, ...rest] = argv;
  if (name === undefined) {
    output.end('sh');
    return waited(beforeMs);
  }
  if (name === 'exit') return exit(rest[0] === undefined ? state.status : Number(rest[0]) & 255, state);
  const program = name.slice(name.lastIndexOf('/') + 1);
  if (program === 'sleep') return sleep(rest, state, world);
  const follows = program === 'tail' ? followed(rest) : null;
  if (follows !== null) {
    const outcome = follow(follows, { step, state, world, input, print: (text) => output.print(text), took: () => {} });
    output.end(program);
    // It stays where it is, and looks again.
    if (outcome === 'looks') state.pc -= 1;
    return outcome === 'ends' ? waited(beforeMs) : outcome === 'looks' ? LOOKING : FOREVER;
  }
  if (name === 'wait' || program === 'pause' || isEndless(program, rest, step)) return FOREVER;
  // Of what comes to it the script sees nothing: the server is all that counts.
  if (step.pipe !== true && serverPort(program, rest) !== undefined) return { kind: 'become' };
  // It goes on showing until somebody ends it.
  if (program === 'top' && step.pipe !== true && world.input === undefined && !rest.some((word) => word.startsWith('-n'))) return FOREVER;
  const command = shellCommand(program, world) ?? overNetwork(program, world);
  if (command === undefined) {
    const status = world.program(argv);
    if (status === BECOME) return { kind: 'become' };
    if (status === null) world.complain(`sh: ${name}: not found\n`);
    state.status = status ?? 127;
    output.end(program);
    return waited(beforeMs);
  }
  let tookMs = beforeMs;
  state.status = command(rest, {
    ...{ state, world, input },
    print: (more) => output.print(more),
    took: (forMs) => (tookMs += forMs),
  });
  output.end(BUILT_IN.has(program) ? 'sh' : program);
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
    const { status, tookMs } = command(rest, {
      network,
      print,
      write,
      read: (path) => world.read(path),
      complain: (text) => world.complain(text),
    });
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

function sleep(rest: readonly string[], state: ShellState, world: ShellWorld): ShellPause | null {
  let forMs = 0;
  for (const word of rest) {
    if (word === 'infinity' || word === 'inf') return FOREVER;
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word);
    if (match === null) {
      world.complain(`sleep: invalid number '${word}'\n`);
      state.status = 1;
      return null;
    }
    forMs += Number(match[1]) * (UNIT_MS[match[2] ?? ''] ?? 1000);
  }
  state.status = rest.length === 0 ? 1 : 0;
  return rest.length === 0 ? null : { kind: 'sleep', forMs };
}

/** What the commands in a command's words came to besides what they wrote. */
interface Aside {
  tookMs: number;
  /** Of the last one; without any 0. */
  status: number;
  isForever: boolean;
}

/** What a shell of its own writes, without the ends of the last lines. Time that it takes is taken once it has ended. */
function captured(steps: readonly ShellStep[], state: ShellState, world: Located, aside: Aside): string {
  let text = '';
  const inner = newShell({ directory: world.directory, variables: state.variables, status: state.status });
  if (state.arrays !== undefined) inner.arrays = state.arrays;
  if (state.parameters !== undefined) inner.parameters = state.parameters;
  const heard = new Located(world, world.directory, {
    print: (more) => {
      text += more;
      if (text.length > WORD_LENGTH_MAX) throw new ExpansionFault('out of memory');
    },
  });
  for (let pauses = 0; pauses < PAUSES_MAX; pauses += 1) {
    const pause = runShell(steps, inner, heard);
    if (pause.kind === 'sleep' && pause.follows !== true) {
      aside.tookMs += pause.forMs;
      continue;
    }
    if (pause.kind === 'sleep' || pause.kind === 'forever') break;
    aside.status = pause.kind === 'exit' ? pause.code : 0;
    return text.replace(/\n+$/, '');
  }
  aside.isForever = true;
  return '';
}
