// `read`: takes one line of what is left of an input, and parts it among variables. upstream: POSIX.1-2017 XCU read
import type { ShellState } from './shell-world.ts';

export interface ReadStep {
  readonly names: readonly string[];
  /** A backslash is a letter. */
  readonly isRaw: boolean;
  /** Each sign of it ends a field; absent: white space does. */
  readonly separators?: string;
  /** Of the loop around, whose input it shares: a file or a text, or without them what came through a pipe. Absent: what came through a pipe to it alone. */
  readonly input?: { readonly id: number; readonly path?: string; readonly text?: string };
  readonly isAsked?: true;
}

const WHITE = ' \t\n';
/** Nobody reads a longer line. */
const LINE_LENGTH_MAX = 100_000;

/** How an input begins. */
interface Line {
  /** A letter that a backslash quoted parts nothing. */
  readonly letters: readonly { readonly letter: string; readonly isQuoted: boolean }[];
  readonly rest: string;
  readonly isWhole: boolean;
}

/** Gives the variables their values; what is left of the input. Without a whole line it has failed. null: the line is too long. */
export function readLine({ names, isRaw, separators = WHITE }: ReadStep, input: string, state: ShellState): string | null {
  const line = lineOf(input, isRaw);
  if (line === null) return null;
  const { letters, rest, isWhole } = line;
  const parts = partsOf(letters, separators, Math.max(names.length, 1));
  for (const [at, name] of names.entries()) state.variables[name] = parts[at] ?? '';
  if (names.length === 0) state.variables['REPLY'] = letters.map(({ letter }) => letter).join('');
  state.status = isWhole ? 0 : 1;
  return rest;
}

function lineOf(input: string, isRaw: boolean): Line | null {
  const letters: { letter: string; isQuoted: boolean }[] = [];
  for (let at = 0; at < input.length; at += 1) {
    if (letters.length > LINE_LENGTH_MAX) return null;
    const letter = input[at] as string;
    if (letter === '\n') return { letters, rest: input.slice(at + 1), isWhole: true };
    if (letter !== '\\' || isRaw) letters.push({ letter, isQuoted: false });
    else {
      at += 1;
      const quoted = input[at] ?? '\n';
      if (quoted !== '\n') letters.push({ letter: quoted, isQuoted: true });
    }
  }
  return { letters, rest: '', isWhole: false };
}

/** The last one takes all that is left. White space around a part is none of it. */
function partsOf(letters: Line['letters'], separators: string, count: number): readonly string[] {
  const isOne = (at: number, signs: string): boolean => letters[at]?.isQuoted === false && signs.includes(letters[at]?.letter ?? '');
  const white = [...separators].filter((sign) => WHITE.includes(sign)).join('');
  const parts: string[] = [];
  let at = 0;
  const skipWhite = (): void => {
    while (at < letters.length && isOne(at, white)) at += 1;
  };
  for (skipWhite(); parts.length < count - 1 && at < letters.length; skipWhite()) {
    let part = '';
    for (; at < letters.length && !isOne(at, separators); at += 1) part += letters[at]?.letter;
    parts.push(part);
    skipWhite();
    if (isOne(at, separators)) at += 1;
  }
  let end = letters.length;
  while (end > at && isOne(end - 1, white)) end -= 1;
  const last = letters.slice(at, end);
  // A separator that ends the last part alone is none of it.
  const only = last.findIndex((_, index) => isOne(at + index, separators));
  if (only >= 0 && only === last.length - 1) last.pop();
  parts.push(last.map(({ letter }) => letter).join(''));
  return parts;
}
