// Compiles a simple shell script to a flat list of steps, because a program counter is state that a snapshot can hold.
import { isOwnCommand } from './shell-commands.ts';
import { type Condition, readCondition } from './shell-condition.ts';
import {
  BeyondThisShell,
  prepared,
  type Reading,
  STREAM,
  type Substitution,
  type Token,
  tokensOf,
  wholeSubstitution,
  writtenTokensOf,
} from './shell-words.ts';

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
  /** Where its complaints go: into its output, or elsewhere; absent: to standard error. */
  readonly errors?: Redirect | 'output';
  /** What stands in its words as markers, by number. */
  readonly substitutions?: readonly Substitution[];
}

/** A command, or a jump; `when` null: always, true: after success, false: after failure. Or what is said of the commands before as a whole. */
export type ShellStep =
  | CommandStep
  | { readonly jump: number; readonly when: boolean | null }
  | { readonly negate: true }
  | { readonly succeed: true }
  /** `[[ … ]]` */
  | { readonly condition: Condition; readonly substitutions: readonly Substitution[]; readonly isAsked?: true }
  /** The words of a `for` are worked out, once it is come to. */
  | { readonly list: number; readonly words: readonly string[]; readonly substitutions: readonly Substitution[] }
  /** The next of them is the variable's value; there is none left: on to `leave`. */
  | { readonly next: number; readonly name: string; readonly leave: number };

const STEPS_MAX = 2000;
/** One command within another. */
const DEPTH_MAX = 100;

/** May the output of a program be read by others? */
type Heard = (program: string) => boolean;

/**
 * null: the script uses more than this shell knows, as functions, subshells, background jobs; or it looks at the answers of programs that are not
 * `heard`, since these are not modelled.
 */
export function compileShell(script: string, heard: Heard = isOwnCommand): readonly ShellStep[] | null {
  try {
    return compiled(script, heard, 0);
  } catch (error) {
    if (error instanceof BeyondThisShell) return null;
    throw error;
  }
}

function compiled(script: string, heard: Heard, depth: number): readonly ShellStep[] {
  const reading: Reading = {
    depth,
    commands: (inner, innerDepth) => {
      const steps = compiled(inner, heard, innerDepth);
      if (!steps.every((step) => isHeard(step, heard))) throw new BeyondThisShell();
      return steps;
    },
  };
  const { text, substitutions } = prepared(script, reading);
  const compiler = new Compiler(text, substitutions);
  compiler.list([]);
  if (!compiler.atEnd()) throw new BeyondThisShell();
  const { steps } = compiler;
  const isPiped = (step: ShellStep | undefined): boolean => step !== undefined && 'argv' in step && step.pipe === true;
  if (steps.some((step, at) => (isPiped(step) || isPiped(steps[at - 1])) && !isHeard(step, heard))) throw new BeyondThisShell();
  return steps;
}

/** What `sh -c` is to run, with what its flags set before; undefined: nothing. */
export function scriptIn(argv: readonly string[]): string | undefined {
  const flag = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  const script = flag < 0 ? undefined : argv[flag + 1];
  const ends = argv.slice(1, flag + 1).some((word) => /^-[a-z]*e/.test(word));
  return ends && script !== undefined ? `set -e\n${script}` : script;
}

const SEPARATORS = new Set([';', '&&', '||']);
const CLOSERS = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', '}']);

class Compiler {
  readonly steps: ShellStep[] = [];
  readonly #tokens: readonly Token[];
  /** The same, with the marks of what was quoted. */
  readonly #written: readonly Token[];
  readonly #substitutions: readonly Substitution[];
  /** Of the loops around, the innermost last: jumps of `break` and `continue` that do not yet know where to. */
  readonly #loops: { readonly leaving: number[]; readonly repeating: number[] }[] = [];
  #at = 0;
  #depth = 0;
  #lists = 0;

  constructor(text: string, substitutions: readonly Substitution[]) {
    this.#tokens = tokensOf(text);
    this.#written = writtenTokensOf(text);
    this.#substitutions = substitutions;
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
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new BeyondThisShell();
    this.#anyCommand(this.#tokens[this.#at]);
    this.#depth -= 1;
  }

  #anyCommand(token: Token | undefined): void {
    if (token === '!') {
      this.#at += 1;
      const from = this.steps.length;
      this.#command();
      this.#asked(from);
      this.steps.push({ negate: true });
    } else if (token === 'break' || token === 'continue') this.#jumpOut(token);
    else if (token === 'while' || token === 'until') this.#compound(() => this.#loop(token === 'until'));
    else if (token === 'if') this.#compound(() => this.#if());
    else if (token === 'for') this.#compound(() => this.#for());
    else if (token === '[[') this.#compound(() => this.#condition());
    else if (token === '{')
      this.#compound(() => {
        this.#at += 1;
        this.list(['}']);
        this.#at += 1;
      });
    else this.#simple();
  }

  /** Its output goes where that of its commands goes, and nowhere else. */
  #compound(read: () => void): void {
    if (this.#isPiped()) throw new BeyondThisShell();
    read();
    const after = this.#tokens[this.#at];
    if (typeof after === 'object' && !SEPARATORS.has(after.op)) throw new BeyondThisShell();
  }

  #isPiped(): boolean {
    const before = this.#tokens[this.#at - 1];
    return typeof before === 'object' && before.op === '|';
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

  /** `for NAME in WORDS; do ...; done` */
  #for(): void {
    const name = this.#tokens[this.#at + 1];
    if (typeof name !== 'string' || !/^[A-Za-z_]\w*$/.test(name) || this.#tokens[this.#at + 2] !== 'in') throw new BeyondThisShell();
    this.#at += 3;
    const words: string[] = [];
    for (; typeof this.#tokens[this.#at] === 'string'; this.#at += 1) words.push(this.#tokens[this.#at] as string);
    while (this.#isOperator(';')) this.#at += 1;
    if (this.#tokens[this.#at] !== 'do') throw new BeyondThisShell();
    this.#at += 1;
    const list = this.#lists;
    this.#lists += 1;
    this.steps.push({ succeed: true }, { list, words, substitutions: this.#substitutions });
    const start = this.#hole();
    const loop = this.#inLoop(() => this.list(['done']));
    this.#at += 1;
    for (const hole of loop.repeating) this.steps[hole] = { jump: start, when: null };
    this.steps.push({ jump: start, when: null });
    this.steps[start] = { next: list, name, leave: this.steps.length };
    for (const hole of loop.leaving) this.#fill(hole, null);
  }

  #condition(): void {
    const end = this.#written.indexOf(']]', this.#at);
    if (end < 0) throw new BeyondThisShell();
    const condition = readCondition(this.#written.slice(this.#at + 1, end));
    this.#at = end + 1;
    this.steps.push({ condition, substitutions: this.#substitutions });
  }

  #simple(): void {
    const argv: string[] = [];
    let redirect: Redirect | null = null;
    let errors: Redirect | 'output' | undefined;
    let source: readonly string[] | undefined;
    for (; !this.atEnd(); this.#at += 1) {
      const token = this.#tokens[this.#at] as Token;
      if (typeof token === 'string') {
        if (argv.length === 0 && CLOSERS.has(token)) throw new BeyondThisShell();
        argv.push(token);
        continue;
      }
      if (SEPARATORS.has(token.op) || token.op === '|') break;
      const [, stream = token.op.startsWith('<') ? '0' : '1'] = STREAM.exec(argv.at(-1) ?? '') ?? [];
      if (STREAM.test(argv.at(-1) ?? '')) argv.pop();
      const path = this.#nextWord();
      if (token.op === '>&') {
        if (stream === '2' && path === '1') errors = redirect === null ? 'output' : redirect;
        else if (stream === '1' && path === '2') redirect = { path: '/dev/stderr', append: true };
        else if (stream !== path) throw new BeyondThisShell();
      } else if (token.op === '>' || token.op === '>>' || token.op === '>|') {
        const to = { path, append: token.op === '>>' };
        if (stream === '1') {
          // Complaints that go where the output went stay there.
          if (errors === 'output') errors = { path: '/dev/stdout', append: true };
          redirect = to;
        } else if (stream === '2') errors = to;
        else throw new BeyondThisShell();
      } else if (token.op === '<<<' && wholeSubstitution(path, this.#substitutions)?.kind === 'text') source = ['echo', '-n', path];
      else if (token.op === '<' && stream === '0') source = ['cat', path];
      else throw new BeyondThisShell();
    }
    if ((argv.length === 0 && redirect === null) || isUnknownPart(argv)) throw new BeyondThisShell();
    // Another field separator than white space would split words in a way that this shell does not know.
    if (argv.some((word) => word.startsWith('IFS='))) throw new BeyondThisShell();
    // A command that reads a file is one behind a pipe from it.
    if (source !== undefined) this.steps.push({ ...this.#commandStep(source, null), pipe: true });
    this.steps.push({
      ...this.#commandStep(argv, redirect, errors),
      ...(errors !== undefined && { errors: errors === redirect ? 'output' : errors }),
    });
  }

  #nextWord(): string {
    this.#at += 1;
    const word = this.#tokens[this.#at];
    if (typeof word !== 'string') throw new BeyondThisShell();
    return word;
  }

  #commandStep(argv: readonly string[], redirect: Redirect | null, errors?: Redirect | 'output'): CommandStep {
    const paths = [redirect, errors].map((to) => (typeof to === 'object' ? (to?.path ?? '') : ''));
    const hasAny = [...argv, ...paths].some((word) => word.includes('\ue002'));
    return { argv, redirect, ...(hasAny && { substitutions: this.#substitutions }) };
  }

  /** The commands since then are conditions. upstream: POSIX.1-2017 XCU 2.14 set -e */
  #asked(from: number): void {
    for (let at = from; at < this.steps.length; at += 1) {
      const step = this.steps[at];
      if (step !== undefined && ('argv' in step || 'condition' in step)) this.steps[at] = { ...step, isAsked: true };
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

/** A part of every shell that this one lacks: to call it missing would mislead. */
const UNKNOWN_PARTS: ReadonlySet<string> = new Set([
  ...['case', 'function', 'select', 'time', 'read', 'eval', '.', 'source', 'shift', 'local', 'return', 'let', 'getopts', 'alias', '[['],
]);

function isUnknownPart(argv: readonly string[]): boolean {
  const [name = '', ...rest] = argv.slice(argv.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word)));
  const isTrapAtEnd = name === 'trap' && rest.some((word) => word === 'EXIT' || word === '0');
  return UNKNOWN_PARTS.has(name) || isTrapAtEnd;
}

/** A jump, an assignment, or a command whose output may be read. */
function isHeard(step: ShellStep, heard: Heard): boolean {
  if (!('argv' in step)) return true;
  const [name] = step.argv.filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  return name === undefined || ['sleep', 'exit'].includes(name) || heard(name.slice(name.lastIndexOf('/') + 1));
}
