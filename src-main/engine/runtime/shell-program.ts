// Compiles a simple shell script to a flat list of steps, because a program counter is state that a snapshot can hold.
import { parse } from 'shell-quote';
import { type Arithmetic, readArithmetic } from './shell-arithmetic.ts';
import { isOwnCommand } from './shell-commands.ts';
import { numbersOf } from './text-commands.ts';

/** Where a command's output goes. */
export interface Redirect {
  readonly path: string;
  readonly append: boolean;
}

export interface CommandStep {
  readonly argv: readonly string[];
  readonly redirect: Redirect | null;
  /** What it writes is the next command's input. */
  readonly pipe?: true;
  /** Its failure is an answer: `set -e` looks past it. */
  readonly isAsked?: true;
  /** What stands in its words as `SUBSTITUTION`, by number. */
  readonly substitutions?: readonly Substitution[];
}

/** `$(…)` or a pair of backquotes, and `$((…))`. */
export type Substitution =
  | { readonly kind: 'command'; readonly steps: readonly ShellStep[]; readonly isQuoted: boolean }
  /** `within`: commands in the expression, whose markers are names there. */
  | { readonly kind: 'arithmetic'; readonly expression: Arithmetic; readonly within: readonly Substitution[] };

/** A command, or a jump; `when` null: always, true: after success, false: after failure. Or what is said of the commands before as a whole. */
export type ShellStep =
  | CommandStep
  | { readonly jump: number; readonly when: boolean | null }
  | { readonly negate: true }
  | { readonly succeed: true };

type Token = string | { readonly op: string };

const STEPS_MAX = 2000;
/** Marks a variable's name inside a word until the command runs. */
export const VARIABLE = /\ue000([A-Za-z_?][A-Za-z0-9_]*|\d)\ue001/g;

/** Marks a substitution inside a word until the command runs. */
export const SUBSTITUTION = /\ue002(\d+)\ue003/g;
const ONLY_SUBSTITUTION = /^\ue002(\d+)\ue003$/;

/** The substitution that is all of a word. */
export function wholeSubstitution(word: string, substitutions: readonly Substitution[] = []): Substitution | undefined {
  return substitutions[Number(ONLY_SUBSTITUTION.exec(word)?.[1] ?? -1)];
}

/**
 * null: the script uses more than this shell knows: functions, subshells, background jobs. And, unless `typed` by a person who sees what comes of it,
 * what looks at the answers of others, since these are not modelled: pipes, but for those within `$(…)`, and programs in `$(…)` that are not the shell's own.
 */
export function compileShell(script: string, typed = false): readonly ShellStep[] | null {
  return compiled(script, typed, typed);
}

function compiled(script: string, typed: boolean, pipes: boolean): readonly ShellStep[] | null {
  try {
    const { text, substitutions } = prepared(script, typed);
    const compiler = new Compiler(tokensOf(text), substitutions, pipes);
    compiler.list([]);
    return compiler.atEnd() ? compiler.steps : null;
  } catch (error) {
    if (error instanceof BeyondThisShell) return null;
    throw error;
  }
}

/** What `sh -c` is to run, with what its flags set before; undefined: nothing. */
export function scriptIn(argv: readonly string[]): string | undefined {
  const flag = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  const script = flag < 0 ? undefined : argv[flag + 1];
  const ends = argv.slice(1, flag + 1).some((word) => /^-[a-z]*e/.test(word));
  return ends && script !== undefined ? `set -e\n${script}` : script;
}

class BeyondThisShell extends Error {}

const SEPARATORS = new Set([';', '&&', '||']);
const CLOSERS = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', '}']);

class Compiler {
  readonly steps: ShellStep[] = [];
  readonly #tokens: readonly Token[];
  readonly #substitutions: readonly Substitution[];
  readonly #pipes: boolean;
  /** Of the loops around, the innermost last: jumps of `break` and `continue` that do not yet know where to. */
  readonly #loops: { readonly leaving: number[]; readonly repeating: number[] }[] = [];
  #at = 0;

  constructor(tokens: readonly Token[], substitutions: readonly Substitution[], pipes: boolean) {
    this.#tokens = tokens;
    this.#substitutions = substitutions;
    this.#pipes = pipes;
  }

  atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** Commands until one of the closing words, which stays. */
  list(closers: readonly string[]): void {
    while (!this.atEnd()) {
      const token = this.#tokens[this.#at];
      if (typeof token === 'string' && closers.includes(token)) return;
      if (this.#isOperator(';')) this.#at += 1;
      else this.#chain();
      if (this.steps.length > STEPS_MAX) throw new BeyondThisShell();
    }
    if (closers.length > 0) throw new BeyondThisShell();
  }

  /** a && b || c */
  #chain(): void {
    let from = this.steps.length;
    this.#pipeline();
    while (this.#isOperator('&&') || this.#isOperator('||')) {
      this.#asked(from);
      const skipWhen = this.#isOperator('||');
      this.#at += 1;
      const skip = this.#hole();
      from = this.steps.length;
      this.#pipeline();
      this.#fill(skip, skipWhen);
    }
  }

  /** a | b: commands alone, one after the other, each with what the one before wrote. */
  #pipeline(): void {
    this.#command();
    while (this.#isOperator('|')) {
      const last = this.steps.at(-1);
      if (last === undefined || !('argv' in last)) throw new BeyondThisShell();
      this.steps[this.steps.length - 1] = { ...last, pipe: true };
      this.#at += 1;
      this.#command();
    }
  }

  #command(): void {
    const token = this.#tokens[this.#at];
    if (token === '!') {
      this.#at += 1;
      const from = this.steps.length;
      this.#command();
      this.#asked(from);
      this.steps.push({ negate: true });
    } else if (token === 'break' || token === 'continue') this.#jumpOut(token);
    else if (token === 'while' || token === 'until') this.#loop(token === 'until');
    else if (token === 'if') this.#if();
    else if (token === 'for') this.#for();
    else if (token === '{') {
      this.#at += 1;
      this.list(['}']);
      this.#at += 1;
    } else this.#simple();
  }

  #loop(until: boolean): void {
    this.#at += 1;
    const start = this.steps.length;
    this.list(['do']);
    this.#asked(start);
    this.#at += 1;
    const leave = this.#hole();
    const loop = this.#inLoop(() => this.list(['done']));
    this.#at += 1;
    for (const hole of loop.repeating) this.steps[hole] = { jump: start, when: null };
    this.steps.push({ jump: start, when: null });
    this.#fill(leave, until);
    for (const hole of loop.leaving) this.#fill(hole, null);
    // That its condition is over is not the loop's failure.
    this.steps.push({ succeed: true });
  }

  #inLoop(body: () => void): { readonly leaving: readonly number[]; readonly repeating: readonly number[] } {
    const loop = { leaving: [], repeating: [] };
    this.#loops.push(loop);
    body();
    this.#loops.pop();
    return loop;
  }

  /** `break` and `continue`, of the innermost loop. */
  #jumpOut(word: 'break' | 'continue'): void {
    const loop = this.#loops.at(-1);
    this.#at += 1;
    if (loop === undefined || typeof this.#tokens[this.#at] === 'string') throw new BeyondThisShell();
    loop[word === 'break' ? 'leaving' : 'repeating'].push(this.#hole());
  }

  #if(): void {
    this.#at += 1;
    const from = this.steps.length;
    this.list(['then']);
    this.#asked(from);
    this.#at += 1;
    const otherwise = this.#hole();
    this.list(['elif', 'else', 'fi']);
    const leave = this.#hole();
    this.#fill(otherwise, false);
    const closer = this.#tokens[this.#at];
    if (closer === 'elif') this.#if();
    else {
      this.#at += 1;
      if (closer === 'else') {
        this.list(['fi']);
        this.#at += 1;
        // That no condition held is no failure.
      } else this.steps.push({ succeed: true });
    }
    this.#fill(leave, null);
  }

  /** `for NAME in WORDS; do ...; done`, unrolled. */
  #for(): void {
    const name = this.#tokens[this.#at + 1];
    if (typeof name !== 'string' || this.#tokens[this.#at + 2] !== 'in') throw new BeyondThisShell();
    this.#at += 3;
    const words: string[] = [];
    for (; typeof this.#tokens[this.#at] === 'string'; this.#at += 1) words.push(...this.#roundsOf(this.#tokens[this.#at] as string));
    while (this.#isOperator(';')) this.#at += 1;
    if (this.#tokens[this.#at] !== 'do' || words.length > 100) throw new BeyondThisShell();
    const body = this.#at + 1;
    const leaving: number[] = [];
    for (const word of words.length === 0 ? [null] : words) {
      this.#at = body;
      const from = this.steps.length;
      if (word !== null) this.steps.push(this.#commandStep([`${name}=${word}`], null));
      const loop = this.#inLoop(() => this.list(['done']));
      if (word === null) this.steps.splice(from, this.steps.length, { succeed: true });
      else {
        for (const hole of loop.repeating) this.#fill(hole, null);
        leaving.push(...loop.leaving);
      }
    }
    for (const hole of leaving) this.#fill(hole, null);
    this.#at += 1;
  }

  #simple(): void {
    const argv: string[] = [];
    let redirect: Redirect | null = null;
    let source: string | undefined;
    for (; !this.atEnd(); this.#at += 1) {
      const token = this.#tokens[this.#at] as Token;
      if (typeof token === 'string') {
        if (argv.length === 0 && CLOSERS.has(token)) throw new BeyondThisShell();
        argv.push(token);
      } else if (token.op === '>' || token.op === '>>') {
        const path = this.#tokens[this.#at + 1];
        if (typeof path !== 'string') throw new BeyondThisShell();
        const descriptor = argv.at(-1);
        if (descriptor === '2') argv.pop();
        else redirect = { path, append: token.op === '>>' };
        this.#at += 1;
      } else if (token.op === '<' && this.#pipes) {
        const path = this.#tokens[this.#at + 1];
        if (typeof path !== 'string') throw new BeyondThisShell();
        source = path;
        this.#at += 1;
      } else if (token.op === '>&') {
        if (argv.at(-1) === '2' || argv.at(-1) === '1') argv.pop();
        this.#at += 1;
      } else if (SEPARATORS.has(token.op) || (this.#pipes && token.op === '|')) break;
      else throw new BeyondThisShell();
    }
    if (argv.length === 0 && redirect === null) throw new BeyondThisShell();
    // A command that reads a file is one behind a pipe from it.
    if (source !== undefined) this.steps.push({ ...this.#commandStep(['cat', source], null), pipe: true });
    this.steps.push(this.#commandStep(argv, redirect));
  }

  #commandStep(argv: readonly string[], redirect: Redirect | null): CommandStep {
    const hasAny = [...argv, redirect?.path ?? ''].some((word) => word.includes('\ue002'));
    return { argv, redirect, ...(hasAny && { substitutions: this.#substitutions }) };
  }

  /** How often a loop goes round must be known here: of what a command writes, only `seq` says it before it is run. */
  #roundsOf(word: string): readonly string[] {
    const whole = wholeSubstitution(word, this.#substitutions);
    if (whole?.kind !== 'command' || whole.isQuoted) return [word];
    const [step, another] = whole.steps;
    if (another !== undefined || step === undefined || !('argv' in step) || step.argv[0] !== 'seq') throw new BeyondThisShell();
    const numbers = numbersOf(step.argv.slice(1));
    if (numbers === null) throw new BeyondThisShell();
    return numbers.map(String);
  }

  /** The commands since then are conditions. upstream: POSIX.1-2017 XCU 2.14 set -e */
  #asked(from: number): void {
    for (let at = from; at < this.steps.length; at += 1) {
      const step = this.steps[at];
      if (step !== undefined && 'argv' in step) this.steps[at] = { ...step, isAsked: true };
    }
  }

  #isOperator(op: string): boolean {
    const token = this.#tokens[this.#at];
    return typeof token === 'object' && token.op === op;
  }

  #hole(): number {
    this.steps.push({ jump: -1, when: null });
    return this.steps.length - 1;
  }

  #fill(hole: number, when: boolean | null): void {
    this.steps[hole] = { jump: this.steps.length, when };
  }
}

function tokensOf(text: string): readonly Token[] {
  const parsed = parse(text, (name: string) => (name === '' ? '$' : `\ue000${name}\ue001`));
  const tokens: Token[] = [];
  for (const token of parsed) {
    if (typeof token === 'string') tokens.push(token);
    else if ('comment' in token) continue;
    else if (token.op === 'glob') tokens.push((token as { readonly pattern: string }).pattern);
    else tokens.push({ op: token.op });
  }
  return tokens;
}

/** Newlines outside quotes end commands; the tokenizer takes them for spaces. Comments go, and markers stand for substitutions. */
function prepared(script: string, typed: boolean): { readonly text: string; readonly substitutions: readonly Substitution[] } {
  const substitutions: Substitution[] = [];
  let quote = '';
  let text = '';
  for (let at = 0; at < script.length; at += 1) {
    const character = script[at] as string;
    const end = quote === "'" ? 0 : substitutionEnd(script, at);
    if (end > 0) {
      text += `\ue002${substitutions.length}\ue003`;
      substitutions.push(substitutionOf(script.slice(at, end), quote !== '', typed));
      at = end - 1;
    } else if (character === '\\' && quote !== "'") {
      const next = script[at + 1] ?? '';
      text += next === '\n' ? '' : character + next;
      at += 1;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      text += character;
    } else if (character === '#' && (at === 0 || /[\s;]/.test(script[at - 1] as string))) {
      while (at + 1 < script.length && script[at + 1] !== '\n') at += 1;
    } else {
      if (character === '"' || character === "'") quote = character;
      text += character === '\n' ? ' ; ' : character;
    }
  }
  return { text, substitutions };
}

/** Behind the substitution that begins there; 0: none does. */
function substitutionEnd(script: string, from: number): number {
  const isBackquoted = script[from] === '`';
  if (!isBackquoted && !script.startsWith('$(', from)) return 0;
  let depth = 0;
  let quote = '';
  for (let at = from + 1; at < script.length; at += 1) {
    const character = script[at] as string;
    if (character === '\\' && quote !== "'") at += 1;
    else if (isBackquoted ? character === '`' : quote === '' && character === ')' && depth === 1) return at + 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
  }
  throw new BeyondThisShell();
}

function substitutionOf(written: string, isQuoted: boolean, typed: boolean): Substitution {
  if (written.startsWith('$((') && written.endsWith('))')) {
    const { text, substitutions: within } = prepared(written.slice(3, -2), typed);
    const expression = readArithmetic(text);
    if (expression === null) throw new BeyondThisShell();
    return { kind: 'arithmetic', expression, within };
  }
  const steps = compiled(written.startsWith('`') ? written.slice(1, -1) : written.slice(2, -1), typed, true);
  if (steps === null || (!typed && !steps.every(isOwn))) throw new BeyondThisShell();
  return { kind: 'command', steps, isQuoted };
}

/** A jump, an assignment, or a command of the shell's own. */
function isOwn(step: ShellStep): boolean {
  if (!('argv' in step)) return true;
  const [name] = step.argv.filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  return name === undefined || ['sleep', 'exit'].includes(name) || isOwnCommand(name);
}
