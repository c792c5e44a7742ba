// What the words of a command become when it runs: values of variables, output of commands, fields, paths.
// upstream: POSIX.1-2017 XCU 2.6 Word Expansions
import { type ArithmeticScope, arithmeticText } from './shell-arithmetic.ts';
import { pathsLike, without } from './shell-pattern.ts';
import type { ShellStep } from './shell-program.ts';
import { GLOB_MARK, type ItemIndex, LITERAL, type MarkedText, SUBSTITUTION, type Substitution, wholeSubstitution } from './shell-words.ts';
import type { ShellState, ShellWorld } from './shell-world.ts';

/** The words cannot be worked out, and the shell ends. */
export class ExpansionFault extends Error {}

export interface Expansion {
  readonly state: ShellState;
  readonly world: ShellWorld;
  /** What a shell of its own writes. */
  captured(steps: readonly ShellStep[]): string;
}

/** Of one word. A script that doubles a text again and again comes to its end there. */
export const WORD_LENGTH_MAX = 1_000_000;

/** What the script says itself, what was found for it within quotes, and without; or the end of a field. */
type Piece = { readonly text: string; readonly from: 'script' | 'quoted' | 'bare' } | { readonly text: ' '; readonly from: 'end' };

const FIELD_END: Piece = { text: ' ', from: 'end' };

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;

/** The name that a word gives a value to. */
export function assignedName(word: string): string | undefined {
  return ASSIGNMENT.exec(word)?.[1];
}

/** The fields that a word becomes: none, one or many. */
export function fieldsOf(word: string, substitutions: readonly Substitution[] | undefined, expansion: Expansion): readonly string[] {
  const isGlob = word.startsWith(GLOB_MARK);
  const bare = isGlob ? word.slice(GLOB_MARK.length) : word;
  const fields = bare.includes('\ue002') ? split(piecesOf(bare, substitutions, expansion)) : [bare];
  return isGlob ? fields.flatMap((field) => pathsLike(field, expansion.world)) : fields;
}

/** What a word becomes where it stays one: in an assignment, as the target of a redirection. */
export function textOf(word: string, substitutions: readonly Substitution[] | undefined, expansion: Expansion): string {
  return piecesOf(word.replace(GLOB_MARK, ''), substitutions, expansion)
    .map(({ text }) => text)
    .join('');
}

/** What a word becomes that is a pattern: `quoted` says how what means itself is written there. */
export function patternOf(
  word: string,
  substitutions: readonly Substitution[] | undefined,
  expansion: Expansion,
  quoted: (text: string) => string,
): string {
  const written = word.replace(GLOB_MARK, '').replaceAll(LITERAL, (_, sign: string) => quoted(sign));
  return piecesOf(written, substitutions, expansion)
    .map(({ text, from }) => (from === 'quoted' ? quoted(text) : text))
    .join('');
}

function piecesOf(word: string, substitutions: readonly Substitution[] = [], expansion: Expansion): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const match of word.matchAll(SUBSTITUTION)) {
    if (match.index > at) pieces.push({ text: word.slice(at, match.index), from: 'script' });
    const substitution = substitutions[Number(match[1])];
    if (substitution !== undefined) pieces.push(...found(substitution, expansion));
    at = match.index + match[0].length;
  }
  if (at < word.length) pieces.push({ text: word.slice(at), from: 'script' });
  if (pieces.reduce((sum, { text }) => sum + text.length, 0) > WORD_LENGTH_MAX) throw new ExpansionFault('out of memory');
  return pieces;
}

/** Of a list each item ends a field, and quotes do not hold them together. */
function found(substitution: Substitution, expansion: Expansion): readonly Piece[] {
  const from = substitution.isQuoted ? 'quoted' : 'bare';
  const list = listOf(substitution, expansion);
  if (list === null) return [{ text: worthOf(substitution, expansion), from }];
  return list.flatMap((text, at) => (at === 0 ? [{ text, from }] : [FIELD_END, { text, from }]));
}

/** null: it comes to one text. */
function listOf(substitution: Substitution, expansion: Expansion): readonly string[] | null {
  if (substitution.kind !== 'variable') return null;
  if (substitution.name === '@' && substitution.operator === undefined) return expansion.state.parameters ?? [];
  if (typeof substitution.index !== 'string' || substitution.operator === 'length') return null;
  const items = itemsOf(substitution.name, expansion);
  const list = substitution.operator === 'keys' ? items.map((_, at) => String(at)) : items;
  return substitution.index === '*' && substitution.isQuoted ? [list.join(' ')] : list;
}

/** White space in what stood outside of quotes ends a field; where nothing is left, there is none. upstream: 2.6.5 Field Splitting */
function split(pieces: readonly Piece[]): readonly string[] {
  const fields: string[] = [];
  let field: string | null = null;
  for (const { text, from } of pieces) {
    if (from !== 'bare' && from !== 'end') {
      field = (field ?? '') + text;
      continue;
    }
    for (const [index, part] of text.split(/[ \t\n]+/).entries()) {
      if (index > 0 && field !== null) {
        fields.push(field);
        field = null;
      }
      if (part !== '') field = (field ?? '') + part;
    }
  }
  return field === null ? fields : [...fields, field];
}

function worthOf(substitution: Substitution, expansion: Expansion): string {
  switch (substitution.kind) {
    case 'command':
      return expansion.captured(substitution.steps);
    case 'text':
      return marked(substitution.text, expansion);
    case 'arithmetic':
      return arithmeticText(substitution.expression, scopeOf(expansion, substitution.within));
    default:
      return parameter(substitution, expansion);
  }
}

/** What an expression sees: `within` holds what stands in it as markers. */
export function scopeOf(expansion: Expansion, within: readonly Substitution[] = []): ArithmeticScope {
  return {
    get: (name) => {
      const inner = wholeSubstitution(name, within);
      return inner === undefined ? (variable(name, expansion) ?? '') : worthOf(inner, expansion);
    },
    set: (name, value) => {
      expansion.state.variables[name] = value;
    },
  };
}

function marked({ text, substitutions }: MarkedText, expansion: Expansion): string {
  return textOf(text, substitutions, expansion);
}

/** upstream: 2.6.2 Parameter Expansion */
function parameter(substitution: Extract<Substitution, { kind: 'variable' }>, expansion: Expansion): string {
  const { name, operator = '', word, index } = substitution;
  if (operator === 'length' && (name === '@' || name === '*')) return String(expansion.state.parameters?.length ?? 0);
  if (typeof index === 'string') return String(itemsOf(name, expansion).length);
  const value = index === undefined ? variable(name, expansion) : item(name, index, expansion);
  const own = (): string => (word === undefined ? '' : marked(word, expansion));
  const isMissing = value === undefined || (operator.startsWith(':') && value === '');
  switch (operator.replace(':', '')) {
    case '':
      return value ?? '';
    case 'length':
      return String([...(value ?? '')].length);
    case '-':
      return isMissing ? own() : value;
    case '+':
      return isMissing ? '' : own();
    case '=': {
      if (!isMissing) return value;
      const given = own();
      expansion.state.variables[name] = given;
      return given;
    }
    case '?':
      if (!isMissing) return value;
      throw new ExpansionFault(`${name}: ${own() || `parameter not set${operator === ':?' ? ' or null' : ''}`}`);
    default:
      return without(value ?? '', own(), operator.startsWith('#') ? 'beginning' : 'end', operator.length === 1 ? 'shortest' : 'longest');
  }
}

/** Of an array, or of a variable, which is an array of one. upstream: bash arrayfunc.c */
export function itemsOf(name: string, expansion: Expansion): readonly string[] {
  const first = variable(name, expansion);
  const { arrays = {} } = expansion.state;
  return [...(first === undefined ? [] : [first]), ...(Object.hasOwn(arrays, name) ? (arrays[name] ?? []) : [])];
}

function item(name: string, index: Exclude<ItemIndex, string>, expansion: Expansion): string | undefined {
  const items = itemsOf(name, expansion);
  const at = Number(arithmeticText(index.expression, scopeOf(expansion, index.within)));
  if (at < -items.length) expansion.world.complain(`sh: ${name}: bad array subscript\n`);
  return items.at(at);
}

/** Gives a variable the items of an array. */
export function setItems(name: string, [first, ...others]: readonly string[], state: ShellState): void {
  if (first === undefined) delete state.variables[name];
  else state.variables[name] = first;
  state.arrays = { ...state.arrays, [name]: others };
}

export function variable(name: string, { state, world }: Expansion): string | undefined {
  if (name === '?') return String(state.status);
  if (name === '#') return String(state.parameters?.length ?? 0);
  if (name === '@' || name === '*') return state.parameters?.join(' ');
  if (/^[1-9]/.test(name) && state.parameters !== undefined) return state.parameters[Number(name) - 1];
  if (name === '0') return 'sh';
  if (name === '$') return '1';
  return Object.hasOwn(state.variables, name) ? state.variables[name] : world.environment(name);
}
