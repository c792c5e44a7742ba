// Turns the words and operators of a script into steps: lists, loops, conditions and simple commands.
import { readCondition } from './shell-condition.ts';
import type { CaseClause, CommandStep, Redirect, ShellStep } from './shell-program.ts';
import type { ReadStep } from './shell-read.ts';
import {
  BeyondThisShell,
  ITEMS_MARK,
  STREAM,
  type Substitution,
  type Token,
  tokensOf,
  wholeSubstitution,
  writtenTokensOf,
} from './shell-words.ts';

/** What says of which kind the steps are whose failure ends a script that ends with the first one. */
export const ENDING = ['argv', 'condition', 'items', 'names', 'forget', 'leave', 'back'] as const;

const ITEM_GIVEN = /^[A-Za-z_]\w*\[[^\]]*\]\+?=/;
const STEPS_MAX = 2000;
/** One command within another. */
const DEPTH_MAX = 100;

const SEPARATORS = new Set([';', ';;', ')', '&&', '||']);
/** No function takes their place. */
const ALWAYS: ReadonlySet<string> = new Set([
  'exit',
  'exec',
  'return',
  'set',
  'shift',
  'break',
  'continue',
  'if',
  'for',
  'while',
  'until',
  '!',
  '{',
]);
const CLOSERS = new Set(['then', 'elif', 'else', 'fi', 'do', 'done', 'esac', '}']);

/** Reads the tokens of one script, each command and each compound one, into steps. Throws BeyondThisShell. */
export class Compiler {
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
  #inputs = 0;
  #isInFunction = false;

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
      const token = this.#tokens[this.#at] as Token;
      if (closers.includes(typeof token === 'string' ? token : token.op)) return;
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
      // What it reads is gone with the subshell that it would be.
      if (this.#tokens[this.#at] === 'read') throw new BeyondThisShell();
      if (this.#tokens[this.#at] === 'while' || this.#tokens[this.#at] === 'until')
        this.#subshell(() => this.#compound(() => this.#fedLoop()));
      else this.#command();
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
    else if (token === 'while' || token === 'until') this.#compound(() => this.#fedLoop());
    else if (token === 'if') this.#compound(() => this.#if());
    else if (token === 'for') this.#compound(() => this.#for());
    else if (token === 'case') this.#closed(() => this.#case());
    else if (typeof token === 'string' && token.endsWith(ITEMS_MARK)) this.#compound(() => this.#items(token));
    else if (token === '[[') this.#closed(() => this.#condition());
    else if (this.#isFunction()) this.#closed(() => this.#function());
    else if (this.#isOperator('('))
      this.#closed(() => {
        this.#at += 1;
        this.#subshell(() => this.list([')']));
        this.#at += 1;
      });
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
    if (this.#isPiped() && !this.#isFed()) throw new BeyondThisShell();
    read();
    const after = this.#tokens[this.#at];
    if (typeof after === 'object' && !SEPARATORS.has(after.op)) throw new BeyondThisShell();
  }

  /** A word behind it may only close what is around. */
  #closed(read: () => void): void {
    this.#compound(read);
    const after = this.#tokens[this.#at];
    if (typeof after === 'string' && !CLOSERS.has(after)) throw new BeyondThisShell();
  }

  #isPiped(): boolean {
    const before = this.#tokens[this.#at - 1];
    return typeof before === 'object' && before.op === '|';
  }

  #isFed(): boolean {
    return this.#tokens[this.#at] === 'while' || this.#tokens[this.#at] === 'until';
  }

  /** A loop, with the file or the pipe that the commands in it read. */
  #fedLoop(): void {
    const isPiped = this.#isPiped();
    const from = this.steps.length;
    this.#loop(this.#tokens[this.#at] === 'until');
    const source = this.#source();
    if (source === null && !isPiped) return;
    const id = this.#inputs;
    this.#inputs += 1;
    let readers = 0;
    for (const [at, step] of this.steps.entries())
      if (at >= from && 'names' in step && step.input === undefined && !this.#isPipe(this.steps[at - 1])) {
        this.steps[at] = { ...step, input: { id, ...source } };
        readers += 1;
      }
    if (readers === 0) throw new BeyondThisShell();
    this.steps.push({ forget: id });
  }

  /** The file, or the text below, that is given behind a loop. */
  #source(): { readonly path: string } | { readonly text: string } | null {
    const [isFile, isText] = [this.#isOperator('<'), this.#isOperator('<<<')];
    if (!isFile && !isText) return null;
    const word = this.#nextWord();
    this.#at += 1;
    if (isText && wholeSubstitution(word, this.#substitutions)?.kind !== 'text') throw new BeyondThisShell();
    return isFile ? { path: word } : { text: word };
  }

  #isPipe(step: ShellStep | undefined): boolean {
    return step !== undefined && 'pipe' in step;
  }

  /** What is left within it cannot be left without. */
  #subshell(read: () => void): void {
    const [around, isInside] = [this.#loops.splice(0), this.#isInFunction];
    this.#isInFunction = false;
    const place = this.#hole();
    read();
    this.#isInFunction = isInside;
    if (this.steps.length === place + 1) throw new BeyondThisShell();
    this.steps[place] = { enter: this.steps.length };
    this.steps.push({ leave: true });
    this.#loops.push(...around);
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
    const words = this.#words();
    this.#newlines();
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

  /** `name() { …; }` */
  #isFunction(): boolean {
    const [name, ...signs] = this.#tokens.slice(this.#at, this.#at + 3).map((token) => (typeof token === 'string' ? token : token.op));
    return /^[A-Za-z_]\w*$/.test(name ?? '') && signs.join('') === '()' && signs.length === 2;
  }

  #function(): void {
    const name = String(this.#tokens[this.#at]);
    if (CLOSERS.has(name) || UNKNOWN_PARTS.has(name) || ALWAYS.has(name)) throw new BeyondThisShell();
    this.#at += 3;
    this.#newlines();
    if (this.#tokens[this.#at] !== '{') throw new BeyondThisShell();
    this.#at += 1;
    const [around, isInside] = [this.#loops.splice(0), this.#isInFunction];
    this.#isInFunction = true;
    const place = this.#hole();
    this.list(['}']);
    if (this.steps.length === place + 1) throw new BeyondThisShell();
    this.#at += 1;
    this.steps.push({ back: true });
    this.steps[place] = { define: name, behind: this.steps.length };
    this.#isInFunction = isInside;
    this.#loops.push(...around);
  }

  /** `case WORD in PATTERN|PATTERN) ... ;; esac` */
  #case(): void {
    const word = this.#nextWord();
    this.#at += 1;
    this.#newlines();
    if (this.#tokens[this.#at] !== 'in') throw new BeyondThisShell();
    this.#at += 1;
    const place = this.#hole();
    const [clauses, leaving]: [CaseClause[], number[]] = [[], []];
    for (this.#newlines(); this.#tokens[this.#at] !== 'esac'; this.#newlines()) {
      clauses.push({ patterns: this.#patterns(), to: this.steps.length });
      this.list([';;', 'esac']);
      if (clauses.at(-1)?.to === this.steps.length) this.steps.push({ succeed: true });
      leaving.push(this.#hole());
      if (this.#isOperator(';;')) this.#at += 1;
    }
    this.#at += 1;
    this.steps[place] = { word, clauses, otherwise: this.steps.length, substitutions: this.#substitutions };
    for (const hole of leaving) this.#fill(hole, null);
  }

  /** Up to the parenthesis behind them. */
  #patterns(): readonly string[] {
    if (this.#isOperator('(')) this.#at += 1;
    const patterns: string[] = [];
    for (let isLast = false; !isLast; this.#at += 1) {
      const pattern = this.#written[this.#at];
      if (typeof pattern !== 'string') throw new BeyondThisShell();
      patterns.push(pattern);
      this.#at += 1;
      isLast = this.#isOperator(')');
      if (!isLast && !this.#isOperator('|')) throw new BeyondThisShell();
    }
    return patterns;
  }

  #newlines(): void {
    while (this.#isOperator(';')) this.#at += 1;
  }

  /** `name=(…)` */
  #items(token: string): void {
    const [, items = '', more] = /^(\w+)(\+?)=/.exec(token) ?? [];
    this.#at += 2;
    const words = this.#words();
    if (!this.#isOperator(')') || typeof this.#tokens[this.#at + 1] === 'string') throw new BeyondThisShell();
    this.#at += 1;
    this.steps.push({ items, isMore: more === '+', words, substitutions: this.#substitutions });
  }

  #words(): readonly string[] {
    const words: string[] = [];
    for (; typeof this.#tokens[this.#at] === 'string'; this.#at += 1) words.push(this.#tokens[this.#at] as string);
    return words;
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
    const line = redirect === null && errors === undefined ? readStepOf(argv) : null;
    if (((argv.length === 0 && redirect === null) || isUnknownPart(argv)) && line === null) throw new BeyondThisShell();
    if (!this.#isInFunction && (argv[0] === 'return' || argv[0] === 'local')) throw new BeyondThisShell();
    if (line !== null) {
      if (source !== undefined) this.steps.push({ ...this.#commandStep(source, null), pipe: true });
      this.steps.push({ ...line, substitutions: this.#substitutions });
      return;
    }
    // Another field separator than white space would split words in a way that this shell does not know; and of arrays it gives no single items.
    if (argv.some((word) => word.startsWith('IFS=') || word.endsWith(ITEMS_MARK) || ITEM_GIVEN.test(word))) throw new BeyondThisShell();
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
      if (step !== undefined && ENDING.some((kind) => kind in step)) this.steps[at] = { ...step, isAsked: true } as ShellStep;
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

/** `read`, with what parts the words given right before it; null: it is another command. */
function readStepOf(argv: readonly string[]): ReadStep | null {
  const given = /^IFS=([\s\S]*)$/.exec(argv[0] ?? '');
  const [name, ...rest] = given === null ? argv : argv.slice(1);
  if (name !== 'read') return null;
  const names = rest.filter((word) => word !== '-r');
  const separators = given?.[1];
  if (!names.every((word) => /^[A-Za-z_]\w*$/.test(word)) || separators?.includes('\ue002') === true) throw new BeyondThisShell();
  return { names, isRaw: names.length < rest.length, ...(separators !== undefined && { separators }) };
}

/** A part of every shell that this one lacks: to call it missing would mislead. */
const UNKNOWN_PARTS: ReadonlySet<string> = new Set([
  ...['case', 'function', 'select', 'time', 'read', 'eval', '.', 'source', 'let', 'getopts', 'alias', '[['],
]);

function isUnknownPart(argv: readonly string[]): boolean {
  const [name = '', ...rest] = argv.slice(argv.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word)));
  const isTrapAtEnd = name === 'trap' && rest.some((word) => word === 'EXIT' || word === '0');
  return UNKNOWN_PARTS.has(name) || isTrapAtEnd;
}
