// What is wrong with a text that is no JSON, or that names a field twice, in the words of Go's decoder: people who know a real API server look for these.
// upstream: Go encoding/json scanner.go, as sigs.k8s.io/json keeps it

const END = 'unexpected end of JSON input';
const SPACE = /[ \t\r\n]/;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** Deeper than any object of Kubernetes. */
const DEPTH_MAX = 500;
const WORDS = ['true', 'false', 'null'];

/** Of a text that JSON.parse refuses. */
export function jsonFault(text: string): string {
  const scanner = new Scanner(text);
  try {
    scanner.value();
    scanner.space();
    if (!scanner.isAtEnd()) scanner.refuse('after top-level value');
  } catch (error) {
    if (error instanceof Fault) return error.message;
    throw error;
  }
  return END;
}

/** The paths of the fields that a text of JSON names again, each once, in the order in which they come. */
export function duplicateFields(text: string): readonly string[] {
  const scanner = new Scanner(text);
  scanner.value();
  return [...scanner.duplicates];
}

class Fault extends Error {}

class Scanner {
  readonly #text: string;
  readonly duplicates = new Set<string>();
  #at = 0;
  #depth = 0;
  #path = '';

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  space(): void {
    while (SPACE.test(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  refuse(where: string): never {
    const character = this.#text[this.#at];
    if (character === undefined) throw new Fault(END);
    const named = character === "'" ? "'\\''" : character === '"' ? `'"'` : `'${JSON.stringify(character).slice(1, -1)}'`;
    throw new Fault(`invalid character ${named} ${where}`);
  }

  value(): void {
    this.#depth += 1;
    if (this.#depth > DEPTH_MAX) throw new Fault('exceeded max depth');
    this.space();
    const character = this.#text[this.#at];
    if (character === '{') this.#object();
    else if (character === '[') this.#array();
    else if (character === '"') this.#string();
    else if (/[-\d]/.test(character ?? '')) this.#number();
    else this.#word();
    this.#depth -= 1;
  }

  #object(): void {
    this.#at += 1;
    this.space();
    if (this.#take('}')) return;
    const path = this.#path;
    const seen = new Set<string>();
    for (;;) {
      this.space();
      if (this.#text[this.#at] !== '"') this.refuse('looking for beginning of object key string');
      const name = this.#key();
      this.#path = path === '' ? name : `${path}.${name}`;
      if (seen.has(name)) this.duplicates.add(this.#path);
      seen.add(name);
      this.space();
      if (!this.#take(':')) this.refuse('after object key');
      this.value();
      this.#path = path;
      this.space();
      if (this.#take('}')) return;
      if (!this.#take(',')) this.refuse('after object key:value pair');
    }
  }

  #key(): string {
    const start = this.#at;
    this.#string();
    const quoted = this.#text.slice(start, this.#at);
    return quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1);
  }

  #array(): void {
    this.#at += 1;
    this.space();
    if (this.#take(']')) return;
    const path = this.#path;
    for (let index = 0; ; index += 1) {
      this.#path = `${path}[${index}]`;
      this.value();
      this.#path = path;
      this.space();
      if (this.#take(']')) return;
      if (!this.#take(',')) this.refuse('after array element');
    }
  }

  #string(): void {
    for (this.#at += 1; this.#text[this.#at] !== '"'; this.#at += 1) {
      const character = this.#text[this.#at] ?? '';
      if (character < ' ') this.refuse('in string literal');
      if (character !== '\\') continue;
      this.#at += 1;
      if (!/["\\/bfnrtu]/.test(this.#text[this.#at] ?? '')) this.refuse('in string escape code');
    }
    this.#at += 1;
  }

  #number(): void {
    NUMBER.lastIndex = this.#at;
    const found = NUMBER.exec(this.#text)?.[0];
    this.#at += found?.length ?? 1;
    if (found === undefined) this.refuse('in numeric literal');
  }

  #word(): void {
    const word = WORDS.find((one) => one[0] === this.#text[this.#at]) ?? this.refuse('looking for beginning of value');
    for (const letter of word) {
      if (this.#text[this.#at] !== letter) this.refuse(`in literal ${word} (expecting '${letter}')`);
      this.#at += 1;
    }
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }
}
