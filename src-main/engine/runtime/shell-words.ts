// Takes the text of a script apart into words and operators: a library knows quotes and operators, markers stand for what is worked out when a command runs.
import { parse } from 'shell-quote';
import { type Arithmetic, readArithmetic } from './shell-arithmetic.ts';
import type { ShellStep } from './shell-program.ts';

/** What stands in words as a marker, by number. */
export type Substitution =
  /** `$(…)` or a pair of backquotes. */
  | { readonly kind: 'command'; readonly steps: readonly ShellStep[]; readonly isQuoted: boolean }
  /** `$name`, `${name}`, and `${name:-word}` and its like. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly isQuoted: boolean;
      readonly operator?: string;
      readonly word?: MarkedText;
      /** `${name[…]}`: one item of an array, or all. */
      readonly index?: ItemIndex;
    }
  /** `$((…))`. The markers in the expression are names there. */
  | { readonly kind: 'arithmetic'; readonly expression: Arithmetic; readonly within: readonly Substitution[]; readonly isQuoted: boolean }
  /** What stands between `<<` and its end. */
  | { readonly kind: 'text'; readonly text: MarkedText; readonly isQuoted: true };

export type ItemIndex = '@' | '*' | { readonly expression: Arithmetic; readonly within: readonly Substitution[] };

export interface MarkedText {
  readonly text: string;
  readonly substitutions: readonly Substitution[];
}

/** A word that has a star or a question mark outside of quotes begins with a mark of its own. */
export type Token = string | { readonly op: string };

/** How commands within words are read, and how deep within others they lie. */
export interface Reading {
  readonly depth: number;
  /** Of numbers: parentheses are no commands there. */
  readonly isExpression?: true;
  commands(script: string, depth: number): readonly ShellStep[];
}

const DEPTH_MAX = 30;

/** The script uses more than this shell knows. */
export class BeyondThisShell extends Error {}

export const SUBSTITUTION = /\ue002(\d+)\ue003/g;
const ONLY_SUBSTITUTION = /^\ue002(\d+)\ue003$/;
export const GLOB_MARK = '\ue005';
/** A digit right before `>` or `<` says which stream is meant. */
export const STREAM = /^\ue004(\d)$/;
const STREAM_MARK = '\ue004';
/** Before a sign that was quoted: in a pattern it means itself. */
const LITERAL_MARK = '\ue006';
export const LITERAL = /\ue006([\s\S])/g;
/** Behind `name=`, where the items of an array follow in parentheses. */
export const ITEMS_MARK = '\ue007';
const PRIVATE = /[\ue000-\ue007]/;

/** The substitution that is all of a word. */
export function wholeSubstitution(word: string, substitutions: readonly Substitution[] = []): Substitution | undefined {
  return substitutions[Number(ONLY_SUBSTITUTION.exec(word)?.[1] ?? -1)];
}

export function tokensOf(text: string): readonly Token[] {
  return writtenTokensOf(text).map((token) => (typeof token === 'string' ? token.replaceAll(LITERAL_MARK, '') : token));
}

/** With the marks of what was quoted. */
export function writtenTokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const token of parse(text, () => '$')) {
    if (typeof token === 'string') tokens.push(token);
    else if ('comment' in token) continue;
    else if (token.op === 'glob') tokens.push(GLOB_MARK + (token as { readonly pattern: string }).pattern);
    else tokens.push({ op: token.op });
  }
  return tokens;
}

/** Newlines outside quotes end commands; the tokenizer takes them for spaces. Comments go, and markers stand for substitutions. */
export function prepared(script: string, reading: Reading): MarkedText {
  if (PRIVATE.test(script) || reading.depth > DEPTH_MAX) throw new BeyondThisShell();
  return new Preparation(script, reading).all();
}

const NAME = /^\$([A-Za-z_]\w*|[\d?#$!@*-])/;
const BRACED = /^\$\{(#?)([A-Za-z_]\w*|\d+|[?#$!@*-])(?:(:?[-=+?]|##?|%%?)([\s\S]*))?\}$/;
const ITEM = /^\$\{[#!]?[A-Za-z_]\w*\[/;
const ONLY_INPUT = /^\s*<(?=[^<&>(;|\n]+$)/;
const HERE = /^<<(-?)[ \t]*(?:'([^'\n]+)'|"([^"\n]+)"|\\?([A-Za-z_]\w*))/;

type TestPlace = 'outside' | 'words' | 'regular expression';

/** What stands before the first word of a command. */
const COMMAND_BEGINS = /(?:^|[;&|(){!]|(?:^|[\s;])(?:if|then|elif|else|while|until|do))\s*$/;
const COMMAND_BEGINS_LENGTH = 200;
const ITEMS_BEGIN = /(?:^|[\s;&|({])[A-Za-z_]\w*\+?=$/;
const NAME_LENGTH_MAX = 200;

class Preparation {
  readonly #script: string;
  readonly #reading: Reading;
  readonly #substitutions: Substitution[] = [];
  /** Texts that begin behind the end of this line. */
  #awaited: { readonly end: string; readonly isPlain: boolean; readonly withoutTabs: boolean; readonly at: number }[] = [];
  #text = '';
  #quote = '';
  /** `$'…'`, of which the tokenizer knows more. */
  #isAnsi = false;
  #test: TestPlace = 'outside';
  /** Of the regular expression that is read. */
  #parentheses = 0;
  #isInItems = false;

  constructor(script: string, reading: Reading) {
    this.#script = script;
    this.#reading = reading;
  }

  all(): MarkedText {
    for (let at = 0; at < this.#script.length; ) at = this.#step(at);
    if (this.#quote !== '' || this.#awaited.length > 0) throw new BeyondThisShell();
    return { text: this.#text, substitutions: this.#substitutions };
  }

  /** Takes what begins there; where the next begins. */
  #step(at: number): number {
    const character = this.#script[at] as string;
    const quote = this.#quote;
    const end = quote === "'" ? 0 : this.#substitution(at);
    if (end > 0) return end;
    if (character === '\\' && quote !== "'") return this.#backslash(at);
    if (quote !== '') {
      if (character === quote) this.#quote = '';
      this.#text += character === quote || this.#isAnsi ? character : literal(character);
      return at + 1;
    }
    if (character === '#') return this.#hash(at);
    const behind = this.#inTest(at) || (this.#test === 'outside' ? this.#items(at) : 0);
    if (behind > 0) return behind;
    if (character === '\n') return this.#lineEnd(at);
    if (character === '<') {
      const after = this.#here(at);
      if (after > 0) return after;
    }
    // A stream's number is a word of its own only to the eye.
    if (/[<>]/.test(character) && /^[\s;]?\d$/.test(this.#text.slice(-2)))
      this.#text = `${this.#text.slice(0, -1)}${STREAM_MARK}${this.#text.slice(-1)}`;
    if (character === '"' || character === "'") {
      this.#quote = character;
      this.#isAnsi = character === "'" && this.#text.endsWith('$');
    }
    this.#text += character;
    return at + 1;
  }

  #backslash(at: number): number {
    const next = this.#script[at + 1] ?? '';
    if (next === '\n') return at + 2;
    // Between double quotes it quotes but few signs, and is one itself before the others.
    if (this.#quote === '"' && !/["\\$`]/.test(next)) this.#text += literal('\\') + literal(next);
    else this.#text += `${LITERAL_MARK}\\${next}`;
    return at + 2;
  }

  /**
   * Between `[[` and `]]` a newline parts words, and the signs of a regular expression are letters. 0: nothing of that is there.
   * upstream: bash parse.y cond_term
   */
  #inTest(at: number): number {
    const character = this.#script[at] as string;
    const isWord = (word: string): boolean =>
      this.#script.startsWith(word, at) && /^(?:$|[\s;&|)])/.test(this.#script.slice(at + word.length, at + word.length + 1));
    const isFirst = /(?:^|\s)$/.test(this.#text.slice(-1));
    if (this.#test === 'outside') {
      if (character === '[' && isWord('[[') && COMMAND_BEGINS.test(this.#text.slice(-COMMAND_BEGINS_LENGTH))) this.#test = 'words';
      return 0;
    }
    if (this.#test === 'regular expression') return this.#regularExpression(at);
    if (isFirst && isWord(']]')) this.#test = 'outside';
    else if (character === '\n') {
      this.#text += ' ';
      return at + 1;
    } else if (isFirst && isWord('=~')) {
      const [all] = /^=~\s*/.exec(this.#script.slice(at)) as RegExpExecArray;
      this.#text += '=~ ';
      this.#test = 'regular expression';
      this.#parentheses = 0;
      return at + all.length;
    }
    return 0;
  }

  /** `name=(…)`: a newline parts words there. 0: nothing of that is there. */
  #items(at: number): number {
    const character = this.#script[at] as string;
    // An expression as a command.
    if (this.#script.startsWith('((', at) && this.#reading.isExpression !== true) throw new BeyondThisShell();
    if (character === '(' && ITEMS_BEGIN.test(this.#text.slice(-NAME_LENGTH_MAX))) {
      this.#isInItems = true;
      this.#text += `${ITEMS_MARK} ( `;
      return at + 1;
    }
    if (character === ')') this.#isInItems = false;
    if (!this.#isInItems || character !== '\n') return 0;
    this.#text += ' ';
    return at + 1;
  }

  #regularExpression(at: number): number {
    const character = this.#script[at] as string;
    if (/\s/.test(character) && this.#parentheses === 0) {
      this.#test = 'words';
      return 0;
    }
    if (character === '(') this.#parentheses += 1;
    if (character === ')') this.#parentheses -= 1;
    if (!/[()|<>&;\s]/.test(character)) return 0;
    this.#text += `\\${character}`;
    return at + 1;
  }

  /** A comment goes; within a word it is a letter, of which the tokenizer has to be told. */
  #hash(at: number): number {
    if (at > 0 && !/[\s;]/.test(this.#script[at - 1] as string)) {
      this.#text += '\\#';
      return at + 1;
    }
    const end = this.#script.indexOf('\n', at);
    return end < 0 ? this.#script.length : end;
  }

  #lineEnd(at: number): number {
    this.#text += ' ; ';
    let from = at + 1;
    for (const { end, isPlain, withoutTabs, at: place } of this.#awaited) {
      const lines: string[] = [];
      for (;;) {
        if (from >= this.#script.length) throw new BeyondThisShell();
        const until = this.#script.indexOf('\n', from);
        const line = this.#script.slice(from, until < 0 ? undefined : until);
        const shown = withoutTabs ? line.replace(/^\t+/, '') : line;
        from = until < 0 ? this.#script.length : until + 1;
        if (shown === end) break;
        lines.push(`${shown}\n`);
      }
      const text = isPlain ? { text: lines.join(''), substitutions: [] } : hereText(lines.join(''), this.#reading);
      this.#substitutions[place] = { kind: 'text', text, isQuoted: true };
    }
    this.#awaited = [];
    return from;
  }

  /** `<<END`: what stands below this line. 0: it is another sign. */
  #here(at: number): number {
    const [all, tabs, single, double, bare] = HERE.exec(this.#script.slice(at, at + 200)) ?? [];
    if (all === undefined) return 0;
    const isPlain = bare === undefined || all.includes('\\');
    const place = this.#mark({ kind: 'text', text: { text: '', substitutions: [] }, isQuoted: true }, ' <<< ');
    this.#awaited.push({ end: single ?? double ?? bare ?? '', isPlain, withoutTabs: tabs === '-', at: place });
    return at + all.length;
  }

  #mark(substitution: Substitution, before = ''): number {
    this.#text += `${before}\ue002${this.#substitutions.length}\ue003`;
    return this.#substitutions.push(substitution) - 1;
  }

  /** Behind the substitution that begins there; 0: none does. */
  #substitution(at: number): number {
    const isQuoted = this.#quote !== '';
    const character = this.#script[at];
    if (character !== '$' && character !== '`') return 0;
    const next = character === '`' ? '`' : this.#script[at + 1];
    if (next !== '`' && next !== '(' && next !== '{') {
      const [all, name = ''] = NAME.exec(this.#script.slice(at, at + 300)) ?? [];
      if (all === undefined) return 0;
      this.#mark({ kind: 'variable', name, isQuoted });
      return at + all.length;
    }
    const end = substitutionEnd(this.#script, at);
    const written = this.#script.slice(at, end);
    this.#mark(next === '{' ? variableOf(written, isQuoted, this.#reading) : substitutionOf(written, isQuoted, this.#reading));
    return end;
  }
}

function literal(sign: string): string {
  return /[\w\s]/.test(sign) ? sign : LITERAL_MARK + sign;
}

function deeper(reading: Reading): Reading {
  return { ...reading, depth: reading.depth + 1 };
}

/** Of a text in which quotes are letters. */
function hereText(text: string, reading: Reading): MarkedText {
  const { text: marked, substitutions } = prepared(
    `"${text.replaceAll(/(\\?)"/g, (_, before) => (before === '' ? '\\"' : '\\\\\\"'))}"`,
    deeper(reading),
  );
  return { text: wordOf(marked), substitutions };
}

/** Where the substitution ends that begins there. */
function substitutionEnd(script: string, from: number): number {
  const isBackquoted = script[from] === '`';
  const [open, close] = script.startsWith('${', from) ? ['{', '}'] : ['(', ')'];
  let depth = 0;
  let quote = '';
  for (let at = from + 1; at < script.length; at += 1) {
    const character = script[at] as string;
    if (character === '\\' && quote !== "'") at += 1;
    else if (isBackquoted ? character === '`' : quote === '' && character === close && depth === 1) return at + 1;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === open) depth += 1;
    else if (character === close) depth -= 1;
  }
  throw new BeyondThisShell();
}

function substitutionOf(written: string, isQuoted: boolean, reading: Reading): Substitution {
  if (written.startsWith('$((') && written.endsWith('))')) {
    const { text, substitutions: within } = prepared(written.slice(3, -2), { ...deeper(reading), isExpression: true });
    const expression = readArithmetic(text);
    if (expression === null) throw new BeyondThisShell();
    return { kind: 'arithmetic', expression, within, isQuoted };
  }
  const script = written.startsWith('`') ? written.slice(1, -1) : written.slice(2, -1);
  // What a file holds. upstream: bash builtins/evalstring.c optimize_subshell_command, cat_file
  const steps = reading.commands(script.replace(ONLY_INPUT, 'cat '), reading.depth + 1);
  return { kind: 'command', steps, isQuoted };
}

/** `${…}`. */
function variableOf(whole: string, isQuoted: boolean, reading: Reading): Substitution {
  const [before] = ITEM.exec(whole) ?? [];
  if (before === undefined) return bracedOf(whole, isQuoted, reading);
  const end = itemEnd(whole, before.length);
  const index = itemIndex(whole.slice(before.length, end), reading);
  const keys = before.startsWith('${!');
  const rest = (keys ? `\${${before.slice(3, -1)}` : before.slice(0, -1)) + whole.slice(end + 1);
  const read = bracedOf(rest, isQuoted, reading);
  const isAll = typeof index === 'string';
  // Of all items together only how many they are is known, and which.
  if (keys ? !isAll || read.operator !== undefined : isAll && ![undefined, 'length'].includes(read.operator)) throw new BeyondThisShell();
  if (!isAll && read.operator?.endsWith('=') === true) throw new BeyondThisShell();
  return { ...read, index, ...(keys && { operator: 'keys' }) };
}

/** Where the bracket is closed that stands right before. */
function itemEnd(written: string, from: number): number {
  let depth = 1;
  for (let at = from; at < written.length; at += 1) {
    if (written[at] === '[') depth += 1;
    if (written[at] === ']') depth -= 1;
    if (depth === 0) return at;
  }
  throw new BeyondThisShell();
}

function itemIndex(written: string, reading: Reading): ItemIndex {
  if (written === '@' || written === '*') return written;
  const { text, substitutions: within } = prepared(written, { ...deeper(reading), isExpression: true });
  const expression = readArithmetic(text);
  if (expression === null || text.trim() === '') throw new BeyondThisShell();
  return { expression, within };
}

function bracedOf(written: string, isQuoted: boolean, reading: Reading): Extract<Substitution, { kind: 'variable' }> {
  const [all, length, name = '', operator, word = ''] = BRACED.exec(written) ?? [];
  if (all === undefined || (length === '#' && operator !== undefined)) throw new BeyondThisShell();
  if (length === '#') return { kind: 'variable', name, isQuoted, operator: 'length' };
  if (operator === undefined) return { kind: 'variable', name, isQuoted };
  const { text, substitutions } = prepared(isQuoted ? `"${word}"` : word, deeper(reading));
  return { kind: 'variable', name, isQuoted, operator, word: { text: wordOf(text), substitutions } };
}

/** Without its quotes. */
function wordOf(text: string): string {
  const tokens = tokensOf(text);
  if (!tokens.every((token) => typeof token === 'string')) throw new BeyondThisShell();
  return tokens.map((token) => token.replace(GLOB_MARK, '')).join(' ');
}
