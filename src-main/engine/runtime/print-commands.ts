// The programs of the small shell that write what they are told: echo, printf and expr, in the words of busybox 1.36.
export interface PrintWorld {
  print(text: string): void;
  complain(text: string): void;
}

type PrintCommand = (rest: readonly string[], world: PrintWorld) => number;

export const printCommands: Readonly<Record<string, PrintCommand>> = { echo, printf, expr };

const SIGNS: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', e: '\x1b', '\\': '\\' },
};
const ESCAPES = /\\(?:([ntrabfve\\])|0?([0-7]{1,3})|x([0-9a-fA-F]{1,2}))/g;
/** Nobody prints a wider field. */
const WIDTH_MAX = 1000;
const LENGTH_MAX = 1_000_000;

function echo(rest: readonly string[], { print }: PrintWorld): number {
  let at = 0;
  const flags = new Set<string>();
  for (; /^-[neE]+$/.test(rest[at] ?? ''); at += 1) for (const flag of (rest[at] as string).slice(1)) flags.add(flag);
  const text = rest.slice(at).join(' ');
  if (!flags.has('e')) print(text + (flags.has('n') ? '' : '\n'));
  else {
    // Behind a \c nothing is written.
    const [shown = '', ...cut] = text.split('\\c');
    print(unescaped(shown) + (flags.has('n') || cut.length > 0 ? '' : '\n'));
  }
  return 0;
}

function unescaped(text: string): string {
  return text.replaceAll(ESCAPES, (_, sign?: string, octal?: string, hexadecimal?: string) =>
    sign === undefined
      ? String.fromCharCode(Number.parseInt(octal ?? hexadecimal ?? '0', octal === undefined ? 16 : 8) & 255)
      : (SIGNS[sign] ?? ''),
  );
}

const DIRECTIVE = /%(?:%|([-+ 0#]*)(\*|\d*)(?:\.(\d*))?([diouxXcsbeEfFgG]))/g;

/** The format is used again while there are words left for it. */
function printf([format, ...words]: readonly string[], world: PrintWorld): number {
  if (format === undefined) {
    world.complain('sh: usage: printf FORMAT [ARG]...\n');
    return 2;
  }
  const strange = /%(?!%|[-+ 0#]*(?:\*|\d*)(?:\.\d*)?[diouxXcsbeEfFgG])/.exec(format.replaceAll('%%', ''));
  if (strange !== null) {
    world.complain(`sh: ${strange.input.slice(strange.index)}: invalid format\n`);
    return 1;
  }
  const left = [...words];
  let status = 0;
  let text = '';
  do {
    const count = left.length;
    text += unescaped(format).replaceAll(
      DIRECTIVE,
      (all, flags: string | undefined, width = '', precision: string | undefined, type = '') => {
        if (all === '%%') return '%';
        const wide = Math.min(WIDTH_MAX, Number(width === '*' ? (left.shift() ?? '0') : width));
        const word = left.shift() ?? '';
        if (!isNumber(word) && !'csb'.includes(type)) {
          world.complain(`sh: invalid number '${word}'\n`);
          status = 1;
        }
        return field(shown(type, word, precision), type, flags ?? '', wide);
      },
    );
    // One that takes no words is used once.
    if (left.length === count || text.length > LENGTH_MAX) break;
  } while (left.length > 0);
  world.print(text);
  return status;
}

/** A letter behind a quote is its number. */
function isNumber(word: string): boolean {
  return /^\s*([-+]?(0[xX][0-9a-fA-F]+|\d+(\.\d*)?([eE][-+]?\d+)?|\.\d+)|["'].*)?$/.test(word);
}

function shown(type: string, word: string, precision: string | undefined): string {
  const places = Math.min(50, Number(precision ?? 6));
  if (type === 's' || type === 'b') {
    const text = type === 'b' ? unescaped(word) : word;
    return precision === undefined ? text : text.slice(0, Number(precision));
  }
  if (type === 'c') return word.slice(0, 1);
  const value = /^["']/.test(word) ? (word.codePointAt(1) ?? 0) : isNumber(word) ? Number(word) : 0;
  if ('fF'.includes(type)) return value.toFixed(places);
  if ('eE'.includes(type)) return value.toExponential(places).replace(/e([-+])(\d)$/, 'e$10$2');
  if ('gG'.includes(type)) return String(Number(value.toPrecision(Math.max(1, places))));
  const whole = BigInt(Math.trunc(Number.isFinite(value) ? value : 0));
  const digits = { o: 8, x: 16, X: 16 }[type];
  const text = digits === undefined ? String(whole) : BigInt.asUintN(64, whole).toString(digits);
  return type === 'X' ? text.toUpperCase() : text;
}

function field(text: string, type: string, flags: string, width: number): string {
  const signed = flags.includes('+') && 'dieEfFgG'.includes(type) && !text.startsWith('-') ? `+${text}` : text;
  if (flags.includes('-')) return signed.padEnd(width);
  if (!flags.includes('0') || 'csb'.includes(type)) return signed.padStart(width);
  const [, sign = '', digits = ''] = /^([-+]?)(.*)$/s.exec(signed) ?? [];
  return sign + digits.padStart(width - sign.length, '0');
}

type Operation = (left: bigint, right: bigint) => bigint;
const ARITHMETIC: Readonly<Record<string, Operation>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
};
const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '==': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};
/** What binds most tightly comes first. */
const LEVELS = [['*', '/', '%'], ['+', '-'], Object.keys(COMPARISONS)];

/** Numbers that are reckoned with and compared; words that are compared, or measured. */
function expr(rest: readonly string[], { print, complain }: PrintWorld): number {
  const fault = (why: string): number => {
    complain(`expr: ${why}\n`);
    return 2;
  };
  const [first, ...more] = rest;
  if (first === undefined) return fault('syntax error');
  let words = first === 'length' && more.length === 1 ? [String([...(more[0] ?? '')].length)] : [...rest];
  for (const operators of LEVELS) {
    const left: string[] = [];
    for (let at = 0; at < words.length; at += 1) {
      const [word = '', next] = [words[at], words[at + 1]];
      if (left.length === 0 || !operators.includes(word)) {
        left.push(word);
        continue;
      }
      if (next === undefined) return fault('syntax error');
      const before = left.pop() ?? '';
      at += 1;
      const isReckoned = /^-?\d{1,40}$/.test(before) && /^-?\d{1,40}$/.test(next);
      const operation = ARITHMETIC[word];
      if (operation !== undefined) {
        if (!isReckoned) return fault('non-numeric argument');
        if ((word === '/' || word === '%') && BigInt(next) === 0n) return fault('division by zero');
        left.push(String(BigInt.asIntN(64, operation(BigInt(before), BigInt(next)))));
      } else {
        const difference = isReckoned ? BigInt(before) - BigInt(next) : before < next ? -1n : before > next ? 1n : 0n;
        left.push(COMPARISONS[word]?.(difference < 0n ? -1 : difference > 0n ? 1 : 0) === true ? '1' : '0');
      }
    }
    words = left;
  }
  if (words.length !== 1) return fault('syntax error');
  print(`${words[0]}\n`);
  return words[0] === '' || words[0] === '0' ? 1 : 0;
}
