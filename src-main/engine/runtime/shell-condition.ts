// `[[ … ]]`: its words are neither parted nor taken for paths, and what stands right of `==` and `=~` is a pattern.
// upstream: bash parse.y cond_expr, execute_cmd.c execute_cond_node
import { ArithmeticFault, arithmeticText, readArithmetic } from './shell-arithmetic.ts';
import { type Expansion, itemsOf, patternOf, scopeOf, setItems } from './shell-expansion.ts';
import { isLike, quotedForPattern } from './shell-pattern.ts';
import { matchOf, quotedForRegex, RegexFault } from './shell-regex.ts';
import { UNARY } from './shell-test.ts';
import { BeyondThisShell, GLOB_MARK, type Substitution, type Token } from './shell-words.ts';

/** Words with the marks of what was quoted in them. */
export type Condition =
  | { readonly kind: 'both' | 'either'; readonly parts: readonly [Condition, Condition] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'unary'; readonly operator: string; readonly word: string }
  | { readonly kind: 'binary'; readonly operator: string; readonly words: readonly [string, string] };

const DEPTH_MAX = 50;
const ARITHMETIC_LENGTH_MAX = 1000;

type Compare = (left: bigint, right: bigint) => boolean;

const NUMBERS: Readonly<Record<string, Compare>> = {
  '-eq': (left, right) => left === right,
  '-ne': (left, right) => left !== right,
  '-lt': (left, right) => left < right,
  '-le': (left, right) => left <= right,
  '-gt': (left, right) => left > right,
  '-ge': (left, right) => left >= right,
};
const TEXTS: ReadonlySet<string> = new Set(['=', '==', '!=', '=~', '<', '>']);

/** Takes what stands between the brackets. Throws BeyondThisShell. */
export function readCondition(tokens: readonly Token[]): Condition {
  const reader = new Reader(tokens);
  const read = reader.either();
  if (!reader.atEnd()) throw new BeyondThisShell();
  return read;
}

/** 0: it holds; 1: it does not; 2: a regular expression is none, which is told. */
export function conditionStatus(condition: Condition, substitutions: readonly Substitution[], expansion: Expansion): number {
  try {
    return new Judge(substitutions, expansion).holds(condition) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof RegexFault) && !(error instanceof ArithmeticFault)) throw error;
    expansion.world.complain(`sh: [[: ${error.message}\n`);
    return error instanceof RegexFault ? 2 : 1;
  }
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  atEnd(): boolean {
    return this.#at >= this.#tokens.length;
  }

  either(): Condition {
    let read = this.#both();
    while (this.#takes('||')) read = { kind: 'either', parts: [read, this.#both()] };
    return read;
  }

  #both(): Condition {
    let read = this.#one();
    while (this.#takes('&&')) read = { kind: 'both', parts: [read, this.#one()] };
    return read;
  }

  #one(): Condition {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new BeyondThisShell();
    const read = this.#anyOne();
    this.#depth -= 1;
    return read;
  }

  #anyOne(): Condition {
    if (this.#takes('(')) {
      const within = this.either();
      if (!this.#takes(')')) throw new BeyondThisShell();
      return within;
    }
    const word = this.#word();
    if (word === '!') return { kind: 'not', part: this.#one() };
    if ((Object.hasOwn(UNARY, word) || word === '-v') && this.#tokens[this.#at] !== undefined)
      return { kind: 'unary', operator: word, word: this.#word() };
    const operator = this.#tokens[this.#at];
    const sign = typeof operator === 'object' ? operator.op : operator;
    if (sign === undefined || ['&&', '||', ')'].includes(sign)) return { kind: 'unary', operator: '-n', word };
    this.#at += 1;
    if (!TEXTS.has(sign) && !Object.hasOwn(NUMBERS, sign)) throw new BeyondThisShell();
    return { kind: 'binary', operator: sign, words: [word, this.#word()] };
  }

  #word(): string {
    const token = this.#tokens[this.#at];
    if (typeof token !== 'string') throw new BeyondThisShell();
    this.#at += 1;
    return token.replace(GLOB_MARK, '');
  }

  #takes(op: string): boolean {
    const token = this.#tokens[this.#at];
    if (typeof token !== 'object' || token.op !== op) return false;
    this.#at += 1;
    return true;
  }
}

class Judge {
  readonly #substitutions: readonly Substitution[];
  readonly #expansion: Expansion;

  constructor(substitutions: readonly Substitution[], expansion: Expansion) {
    this.#substitutions = substitutions;
    this.#expansion = expansion;
  }

  holds(condition: Condition): boolean {
    switch (condition.kind) {
      case 'both':
        return this.holds(condition.parts[0]) && this.holds(condition.parts[1]);
      case 'either':
        return this.holds(condition.parts[0]) || this.holds(condition.parts[1]);
      case 'not':
        return !this.holds(condition.part);
      case 'unary':
        return this.#unary(condition.operator, this.#text(condition.word));
      case 'binary':
        return this.#binary(condition.operator, condition.words);
    }
  }

  #unary(operator: string, word: string): boolean {
    if (operator === '-v') return itemsOf(word, this.#expansion).length > 0;
    return UNARY[operator]?.(word, this.#expansion.world) ?? false;
  }

  #binary(operator: string, [first, second]: readonly [string, string]): boolean {
    const left = this.#text(first);
    if (operator === '=~') return this.#matches(left, this.#pattern(second, quotedForRegex));
    if (operator === '=' || operator === '==') return isLike(left, this.#pattern(second, quotedForPattern));
    if (operator === '!=') return !isLike(left, this.#pattern(second, quotedForPattern));
    const right = this.#text(second);
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    return (NUMBERS[operator] as Compare)(this.#number(left), this.#number(right));
  }

  /** What was found, and its groups, are the items of BASH_REMATCH. */
  #matches(text: string, expression: string): boolean {
    const found = matchOf(text, expression);
    setItems('BASH_REMATCH', found ?? [], this.#expansion.state);
    return found !== null;
  }

  #text(word: string): string {
    return patternOf(word, this.#substitutions, this.#expansion, (text) => text);
  }

  #pattern(word: string, quoted: (text: string) => string): string {
    return patternOf(word, this.#substitutions, this.#expansion, quoted);
  }

  /** Numbers are expressions there. */
  #number(text: string): bigint {
    const expression = text.length > ARITHMETIC_LENGTH_MAX ? null : readArithmetic(text);
    if (expression === null) throw new ArithmeticFault(`${text}: syntax error`);
    return BigInt(arithmeticText(expression, scopeOf(this.#expansion)));
  }
}
