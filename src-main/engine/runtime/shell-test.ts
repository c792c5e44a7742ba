// `test` and `[`: POSIX.1-2017 XCU test, with the words of busybox 1.36 for what is no expression.
import { entryAt, isDirectory } from './file-tree.ts';
import type { ShellWorld } from './shell-world.ts';

/** Its text is what is said of it. */
class NoExpression extends Error {}

const DEPTH_MAX = 100;

type Binary = (left: string, right: string) => boolean;

const numbers =
  (compare: (left: bigint, right: bigint) => boolean): Binary =>
  (left, right) =>
    compare(numberIn(left), numberIn(right));

const BINARY: Readonly<Record<string, Binary>> = {
  '=': (left, right) => left === right,
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '-eq': numbers((left, right) => left === right),
  '-ne': numbers((left, right) => left !== right),
  '-lt': numbers((left, right) => left < right),
  '-gt': numbers((left, right) => left > right),
  '-le': numbers((left, right) => left <= right),
  '-ge': numbers((left, right) => left >= right),
};

/** Questions about one word. */
export const UNARY: Readonly<Record<string, (word: string, world: ShellWorld) => boolean>> = {
  '-z': (word) => word === '',
  '-n': (word) => word !== '',
  '-e': (path, world) => world.exists(path),
  '-f': (path, world) => world.exists(path) && !isDirectory(path, world),
  '-d': (path, world) => isDirectory(path, world),
  '-s': (path, world) => isDirectory(path, world) || (world.read(path) ?? '') !== '',
  '-r': (path, world) => world.exists(path),
  '-w': (path, world) => world.exists(path),
  '-x': (path, world) => isDirectory(path, world) || ((entryAt(path, world)?.mode ?? 0) & 0o111) !== 0,
  '-L': () => false,
  '-h': () => false,
  '-p': () => false,
  '-S': () => false,
  '-b': () => false,
  '-c': (path) => path.startsWith('/dev/'),
  '-t': () => false,
};

/** 0: it holds; 1: it does not; 2: it is no expression, which is told. */
export function test(words: readonly string[], world: ShellWorld): number {
  try {
    return holds(words, world) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NoExpression)) throw error;
    world.complain(`sh: ${error.message}\n`);
    return 2;
  }
}

export function bracket(words: readonly string[], world: ShellWorld): number {
  if (words.at(-1) === ']') return test(words.slice(0, -1), world);
  world.complain('sh: missing ]\n');
  return 2;
}

/** How many words there are says what they mean, up to four of them. */
function holds(words: readonly string[], world: ShellWorld): boolean {
  const [first = '', second = '', third = ''] = words;
  if (words.length <= 1) return first !== '';
  if (words.length === 3 && isOperator(BINARY, second)) return (BINARY[second] as Binary)(first, third);
  if (first === '!' && words.length <= 4) return !holds(words.slice(1), world);
  const reader = new Reader(words, world);
  const found = reader.either();
  const rest = reader.rest();
  if (rest !== undefined) throw new NoExpression(`${rest}: unknown operand`);
  return found;
}

class Reader {
  readonly #words: readonly string[];
  readonly #world: ShellWorld;
  #at = 0;
  #depth = 0;

  constructor(words: readonly string[], world: ShellWorld) {
    this.#words = words;
    this.#world = world;
  }

  rest(): string | undefined {
    return this.#words[this.#at];
  }

  either(): boolean {
    let found = this.#both();
    while (this.#take('-o')) found = this.#both() || found;
    return found;
  }

  #both(): boolean {
    let found = this.#not();
    while (this.#take('-a')) found = this.#not() && found;
    return found;
  }

  #not(): boolean {
    let isNegated = false;
    while (this.#words[this.#at + 1] !== undefined && this.#take('!')) isNegated = !isNegated;
    return this.#primary() !== isNegated;
  }

  #primary(): boolean {
    const [word, next, after] = this.#words.slice(this.#at, this.#at + 3);
    if (word === undefined) throw new NoExpression('argument expected');
    if (next !== undefined && after !== undefined && isOperator(BINARY, next)) {
      this.#at += 3;
      return (BINARY[next] as Binary)(word, after);
    }
    if (word === '(') {
      this.#at += 1;
      this.#depth += 1;
      if (this.#depth > DEPTH_MAX) throw new NoExpression('closing paren expected');
      const found = this.either();
      if (!this.#take(')')) throw new NoExpression('closing paren expected');
      return found;
    }
    if (next !== undefined && isOperator(UNARY, word)) {
      this.#at += 2;
      return UNARY[word]?.(next, this.#world) ?? false;
    }
    if (next !== undefined && isOperator(BINARY, next)) throw new NoExpression(`${next}: argument expected`);
    this.#at += 1;
    return word !== '';
  }

  #take(word: string): boolean {
    if (this.#words[this.#at] !== word) return false;
    this.#at += 1;
    return true;
  }
}

function isOperator(operators: Readonly<Record<string, unknown>>, word: string): boolean {
  return Object.hasOwn(operators, word);
}

function numberIn(word: string): bigint {
  if (!/^\s*[+-]?\d{1,40}\s*$/.test(word)) throw new NoExpression(`${word}: bad number`);
  return BigInt(word.trim().replace('+', ''));
}
