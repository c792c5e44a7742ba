// Patterns of the shell: `*`, `?` and `[…]`. They are walked sign by sign, so that none takes longer than its length times that of the text.
// upstream: POSIX.1-2017 XCU 2.13 Pattern Matching Notation
import { compareText } from '../base/compare-text.ts';
import { absolutePath } from './file-paths.ts';
import type { ShellWorld } from './shell-world.ts';

type Sign = '*' | ((letter: string) => boolean);

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  digit: /\d/,
  lower: /[a-z]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};
const WORK_MAX = 10_000_000;

/** Is the whole text like it? */
export function isLike(text: string, pattern: string): boolean {
  return lengthsLike([...text], signsOf(pattern)).at(-1) === [...text].length;
}

/** As a part of a pattern, where it means itself. */
export function quotedForPattern(text: string): string {
  return text.replaceAll(/[\\*?[\]!^-]/g, '\\$&');
}

/** The text without its beginning, or its end, that is like the pattern. */
export function without(text: string, pattern: string, side: 'beginning' | 'end', which: 'shortest' | 'longest'): string {
  const [letters, signs] = [[...text], [...signsOf(pattern)]];
  if (side === 'end') for (const list of [letters, signs]) list.reverse();
  const length = lengthsLike(letters, signs).at(which === 'shortest' ? 0 : -1);
  if (length === undefined) return text;
  const rest = letters.slice(length);
  return (side === 'end' ? rest.reverse() : rest).join('');
}

/** The paths that are like it, in their order; itself, when there are none. upstream: 2.6.6 Pathname Expansion */
export function pathsLike(pattern: string, world: Pick<ShellWorld, 'files' | 'directory'>): readonly string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  const parts = absolutePath(pattern, world.directory).split('/').slice(1);
  const found = new Set<string>();
  for (const { path } of world.files()) {
    const names = path.split('/').slice(1, parts.length + 1);
    if (names.length < parts.length || names.at(-1) === '') continue;
    if (parts.every((part, at) => isNameLike(names[at] ?? '', part))) found.add(`/${names.join('/')}`);
  }
  if (found.size === 0) return [pattern];
  const from = pattern.startsWith('/') ? '' : world.directory === '/' ? '/' : `${world.directory}/`;
  return [...found].map((path) => (path.startsWith(from) ? path.slice(from.length) : path)).sort(compareText);
}

/** What begins with a dot is only meant by name. */
function isNameLike(name: string, part: string): boolean {
  if (!/[*?[]/.test(part)) return name === part;
  return !(name.startsWith('.') && !part.startsWith('.')) && isLike(name, part);
}

function signsOf(pattern: string): readonly Sign[] {
  return [...pattern.matchAll(/\\(.)|\[([!^]?)(\]?(?:\[:\w{1,9}:\]|\\.|(?!\[:\w{1,9}:\])[^\]\\])*)\]|(.)/gsu)].map(
    ([, escaped, not, members, plain]): Sign => {
      if (members !== undefined) return (letter) => isMember(letter, members) !== (not !== '');
      if (plain === '*') return '*';
      if (plain === '?') return () => true;
      return (letter) => letter === (escaped ?? plain);
    },
  );
}

function isMember(letter: string, members: string): boolean {
  return [...members.matchAll(/\[:(\w+):\]|\\(.)|(.)-(.)|(.)/gsu)].some(([, name, escaped, from, to, one]) => {
    if (name !== undefined) return CLASSES[name]?.test(letter) ?? false;
    return from === undefined ? letter === (escaped ?? one) : letter >= from && letter <= (to ?? '');
  });
}

/** How long the beginnings of the text are that are like the pattern, shortest first. */
function lengthsLike(letters: readonly string[], signs: readonly Sign[]): readonly number[] {
  if (letters.length * signs.length > WORK_MAX) return [];
  const found: number[] = [];
  let places = reached(new Set([0]), signs);
  for (let at = 0; places.size > 0; at += 1) {
    if (places.has(signs.length)) found.push(at);
    const letter = letters[at];
    if (letter === undefined) break;
    const next = new Set<number>();
    for (const place of places) {
      const sign = signs[place];
      if (sign === '*') next.add(place);
      else if (sign?.(letter) === true) next.add(place + 1);
    }
    places = reached(next, signs);
  }
  return found;
}

/** With the places behind stars, which may stand for nothing. */
function reached(places: Set<number>, signs: readonly Sign[]): Set<number> {
  for (const place of places) if (signs[place] === '*') places.add(place + 1);
  return places;
}
