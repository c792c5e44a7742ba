// The programs of the small shell that read text and write text: what people put behind a pipe when they look into a container.
import { byteLength } from './byte-length.ts';
import type { WriteFault } from './file-tree.ts';
import { SOURCES, sizeOf } from './size-commands.ts';
import { bytesBetween, zeros } from './zero-bytes.ts';

export interface TextWorld {
  read(path: string): string | null;
  write(path: string, content: string): WriteFault;
  readonly input: string;
  print(text: string): void;
  complain(text: string): void;
}

type TextCommand = (rest: readonly string[], world: TextWorld) => number;

export const textCommands: Readonly<Record<string, TextCommand>> = {
  grep,
  head,
  tail,
  rev,
  wc,
  sort,
  uniq,
  cut,
  tr,
  tee,
  seq,
  basename,
  dirname,
};

function grep(rest: readonly string[], world: TextWorld): number {
  const { flags, words } = wordsOf(rest, '');
  const [pattern = '', ...paths] = words;
  const expression = expressionOf(flags.has('F') ? pattern.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&') : pattern, flags);
  if (expression === null) return complained(world, `grep: bad regex '${pattern}'\n`, 2);
  let found = 0;
  let status = 1;
  for (const [path, text] of textsOf('grep', paths, world)) {
    if (text === null) {
      status = 2;
      continue;
    }
    const lines = [...linesOf(text).entries()].filter(([, line]) => expression.test(line) !== flags.has('v'));
    found += lines.length;
    const name = paths.length > 1 && !flags.has('h') ? `${path}:` : '';
    if (flags.has('c')) world.print(`${name}${lines.length}\n`);
    else if (!flags.has('q')) for (const [at, line] of lines) world.print(`${name}${flags.has('n') ? `${at + 1}:` : ''}${line}\n`);
  }
  return found > 0 ? 0 : status;
}

function expressionOf(pattern: string, flags: ReadonlySet<string>): RegExp | null {
  // Basic expressions say with a backslash what extended ones say without.
  const text =
    flags.has('E') || flags.has('F')
      ? pattern
      : pattern.replaceAll(/\\?[+?|(){}]/g, (sign) => (sign.length === 2 ? sign.slice(1) : `\\${sign}`));
  try {
    return new RegExp(text, flags.has('i') ? 'i' : '');
  } catch {
    // The person's mistake, which is told.
    return null;
  }
}

/** `-n -2`: all but the last two. */
function head(rest: readonly string[], world: TextWorld): number {
  return part('head', rest, world, (lines, count) => lines.slice(0, Number(count)));
}

/** `-n +2`: from the second on. */
function tail(rest: readonly string[], world: TextWorld): number {
  return part('tail', rest, world, (lines, count) => {
    if (count.startsWith('+')) return lines.slice(Math.max(0, Number(count) - 1));
    return Number(count) === 0 ? [] : lines.slice(-Math.abs(Number(count)));
  });
}

/** The signs of each line the other way round. */
function rev(rest: readonly string[], world: TextWorld): number {
  let status = 0;
  for (const [, text] of textsOf('rev', rest, world)) {
    if (text === null) status = 1;
    else world.print(text.replaceAll(/[^\n]+/g, (line) => [...line].reverse().join('')));
  }
  return status;
}

function part(
  name: string,
  rest: readonly string[],
  world: TextWorld,
  choose: (lines: readonly string[], count: string) => readonly string[],
): number {
  const { values, words } = wordsOf(
    // `-5` and `+5` are options only where no option waits for its number.
    rest.map((word, at) => (/^-[nc]$/.test(rest[at - 1] ?? '') ? word : word.replace(/^-(\d+)$|^(\+\d+)$/, '-n$1$2'))),
    'nc',
  );
  const bytes = values.has('c') ? sizeOf(values.get('c') ?? '') : undefined;
  if (bytes === null) return complained(world, `${name}: invalid number '${values.get('c')}'\n`, 1);
  if (name === 'head' && bytes !== undefined && SOURCES.has(words[0] ?? '')) {
    world.print(zeros(bytes));
    return 0;
  }
  let status = 0;
  for (const [, text] of textsOf(name, words, world)) {
    if (text === null) status = 1;
    else if (bytes !== undefined)
      world.print(name === 'head' ? bytesBetween(text, 0, bytes) : bytesBetween(text, byteLength(text) - bytes, byteLength(text)));
    else
      world.print(
        choose(linesOf(text), values.get('n') ?? '10')
          .map(withEnd)
          .join(''),
      );
  }
  return status;
}

function wc(rest: readonly string[], world: TextWorld): number {
  const { flags, words } = wordsOf(rest, '');
  const wanted = [...'lwc'].filter((flag) => flags.size === 0 || flags.has(flag));
  let status = 0;
  for (const [path, text] of textsOf('wc', words, world)) {
    if (text === null) {
      status = 1;
      continue;
    }
    const counts: Readonly<Record<string, number>> = {
      l: text.split('\n').length - 1,
      w: text.split(/\s+/).filter((word) => word !== '').length,
      c: byteLength(text),
    };
    const columns = wanted.map((flag) => String(counts[flag]).padStart(wanted.length > 1 ? 9 : 0));
    world.print(`${columns.join(wanted.length > 1 ? ' ' : '')}${words.length === 0 ? '' : ` ${path}`}\n`);
  }
  return status;
}

function sort(rest: readonly string[], world: TextWorld): number {
  const { flags, words } = wordsOf(rest, 'kt');
  const lines = [...textsOf('sort', words, world)].flatMap(([, text]) => linesOf(text ?? ''));
  const number = (line: string): number => Number.parseFloat(line) || 0;
  lines.sort((a, b) => (flags.has('n') ? number(a) - number(b) : 0) || (a < b ? -1 : a > b ? 1 : 0));
  if (flags.has('r')) lines.reverse();
  const shown = flags.has('u') ? [...new Set(lines)] : lines;
  world.print(shown.map(withEnd).join(''));
  return 0;
}

function uniq(rest: readonly string[], world: TextWorld): number {
  const { flags, words } = wordsOf(rest, '');
  const groups: { line: string; count: number }[] = [];
  for (const [, text] of textsOf('uniq', words, world))
    for (const line of linesOf(text ?? '')) {
      const last = groups.at(-1);
      if (last?.line === line) last.count += 1;
      else groups.push({ line, count: 1 });
    }
  for (const { line, count } of groups) world.print(flags.has('c') ? `${String(count).padStart(7)} ${line}\n` : `${line}\n`);
  return 0;
}

function cut(rest: readonly string[], world: TextWorld): number {
  const { values, words } = wordsOf(rest, 'dfc');
  const fields = values.get('f');
  const places = rangesOf(fields ?? values.get('c') ?? '');
  const delimiter = fields === undefined ? '' : (values.get('d') ?? '\t');
  for (const [, text] of textsOf('cut', words, world))
    for (const line of linesOf(text ?? '')) {
      const parts = line.split(delimiter);
      const chosen = parts.filter((_, index) => places.some(([from, to]) => index + 1 >= from && index + 1 <= to));
      world.print(`${fields !== undefined && parts.length === 1 ? line : chosen.join(delimiter)}\n`);
    }
  return 0;
}

function rangesOf(text: string): readonly (readonly [number, number])[] {
  return text.split(',').map((range) => {
    const [from = '', to = from] = range.split('-');
    return [from === '' ? 1 : Number(from), to === '' ? Number.POSITIVE_INFINITY : Number(to)] as const;
  });
}

function tr(rest: readonly string[], world: TextWorld): number {
  const { flags, words } = wordsOf(rest, '');
  const [from = [], to = []] = words.map(charactersOf);
  const text = Array.from(world.input, (character) => {
    const at = from.indexOf(character);
    if (at < 0) return character;
    return flags.has('d') ? '' : (to[Math.min(at, to.length - 1)] ?? character);
  });
  world.print(text.join(''));
  return 0;
}

function charactersOf(set: string): readonly string[] {
  const plain = set.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replace('[:lower:]', 'a-z').replace('[:upper:]', 'A-Z');
  const wide = plain.replaceAll(/([^-])-([^-])/g, (_, from: string, to: string) => {
    const length = to.charCodeAt(0) - from.charCodeAt(0) + 1;
    return length > 0 && length < 256 ? Array.from({ length }, (_one, at) => String.fromCharCode(from.charCodeAt(0) + at)).join('') : '';
  });
  return [...wide];
}

function tee(rest: readonly string[], world: TextWorld): number {
  const { flags, words } = wordsOf(rest, '');
  world.print(world.input);
  let status = 0;
  for (const path of words) {
    const fault = world.write(path, `${flags.has('a') ? (world.read(path) ?? '') : ''}${world.input}`);
    // It has forgotten why. upstream: busybox libbb/xfuncs_printf.c die_if_ferror
    if (fault !== '')
      status = complained(world, fault === 'Read-only file system' ? `tee: ${path}: ${fault}\n` : `tee: ${path}: I/O error\n`, 1);
  }
  return status;
}

const COUNT_MAX = 10_000;

function seq(rest: readonly string[], world: TextWorld): number {
  const numbers = numbersOf(rest);
  if (numbers === null) return complained(world, 'seq: invalid number\n', 1);
  for (const number of numbers) world.print(`${number}\n`);
  return 0;
}

/** What `seq` writes, which depends on nothing but its words; null: they are no numbers. */
export function numbersOf(words: readonly string[]): readonly number[] | null {
  const given = words.map(Number);
  const [first = 1, step = 1, last = Number.NaN] =
    given.length === 1 ? [1, 1, given[0]] : given.length === 2 ? [given[0], 1, given[1]] : given;
  if (step === 0 || Number.isNaN(first + step + last)) return null;
  const numbers: number[] = [];
  for (let at = first; (step > 0 ? at <= last : at >= last) && numbers.length < COUNT_MAX; at += step) numbers.push(at);
  return numbers;
}

function basename([path = '', suffix = '']: readonly string[], world: TextWorld): number {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  world.print(`${suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
  return 0;
}

function dirname([path = '']: readonly string[], world: TextWorld): number {
  const parts = path.replace(/\/+$/, '').split('/').slice(0, -1);
  world.print(`${parts.join('/') || (path.startsWith('/') ? '/' : '.')}\n`);
  return 0;
}

/** The files that are named, or the input; null for one that is not there, which is told. */
function* textsOf(program: string, paths: readonly string[], world: TextWorld): Generator<readonly [string, string | null]> {
  if (paths.length === 0) yield ['(standard input)', world.input];
  for (const path of paths) {
    const text = path === '-' ? world.input : world.read(path);
    if (text === null) world.complain(`${program}: ${path}: No such file or directory\n`);
    yield [path, text];
  }
}

/** `valued`: letters that take a value, at once or as the next word. */
function wordsOf(rest: readonly string[], valued: string): { flags: Set<string>; values: Map<string, string>; words: string[] } {
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const words: string[] = [];
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at] as string;
    if (!/^-[A-Za-z]/.test(word)) words.push(word);
    else if (!valued.includes(word[1] as string)) for (const letter of word.slice(1)) flags.add(letter);
    else if (word.length > 2) values.set(word[1] as string, word.slice(2));
    else {
      at += 1;
      values.set(word[1] as string, rest[at] ?? '');
    }
  }
  return { flags, values, words };
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function withEnd(line: string): string {
  return `${line}\n`;
}

function complained({ complain }: TextWorld, text: string, status: number): number {
  complain(text);
  return status;
}
