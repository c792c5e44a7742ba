// Reads the text form of a label selector (`kubectl -l`, list and watch requests): a scanner and a recursive descent with upstream's messages.
// upstream: apimachinery pkg/labels/selector.go Parse
import { aggregateText, FieldPath } from './field-error.ts';
import { binaryLabelOperators, keyErrorAt, type LabelOperator, type LabelRequirement, requirementErrors, sortedByKey } from './labels.ts';
import type { Parsed } from './parsed.ts';

/** The requirements ordered by key. */
export function parseLabelSelector(text: string): Parsed<readonly LabelRequirement[]> {
  const parser: Parser = { tokens: scan(text), position: 0 };
  const requirements: LabelRequirement[] = [];
  for (;;) {
    const { kind, literal } = look(parser);
    if (kind === 'end') return { value: sortedByKey(requirements) };
    if (kind !== 'identifier' && kind !== '!') return { error: `found '${literal}', expected: !, identifier, or 'end of string'` };
    const requirement = parseRequirement(parser);
    if (requirement.value === undefined) return { error: `unable to parse requirement: ${requirement.error}` };
    requirements.push(requirement.value);
    const after = take(parser);
    if (after.kind === 'end') return { value: sortedByKey(requirements) };
    if (after.kind !== ',') return { error: `found '${after.literal}', expected: ',' or 'end of string'` };
    const next = look(parser);
    if (next.kind !== 'identifier' && next.kind !== '!') return { error: `found '${next.literal}', expected: identifier after ','` };
  }
}

type TokenKind = 'identifier' | 'end' | 'error' | ')' | '(' | ',' | '!' | '==' | '=' | '!=' | '>' | '<' | 'in' | 'notin';

interface Token {
  readonly kind: TokenKind;
  readonly literal: string;
}

interface Parser {
  readonly tokens: readonly Token[];
  position: number;
}

const symbols: ReadonlyMap<string, TokenKind> = new Map([
  [')', ')'],
  ['(', '('],
  [',', ','],
  ['!', '!'],
  ['==', '=='],
  ['=', '='],
  ['!=', '!='],
  ['>', '>'],
  ['<', '<'],
  ['in', 'in'],
  ['notin', 'notin'],
]);

const operatorOf: ReadonlyMap<TokenKind, LabelOperator> = new Map([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);

const endToken: Token = { kind: 'end', literal: '' };
const blanks = ' \t\r\n';
const specials = '=!(),><';

// A zero character ends the text, as upstream's scanner takes it for the end.
function scan(whole: string): readonly Token[] {
  const zero = whole.indexOf('\0');
  const text = zero < 0 ? whole : whole.slice(0, zero);
  const tokens: Token[] = [];
  let start = 0;
  while (start < text.length) {
    const character = text.charAt(start);
    if (blanks.includes(character)) {
      start++;
      continue;
    }
    const literal = specials.includes(character) ? symbolAt(text, start) : wordAt(text, start);
    tokens.push({ kind: symbols.get(literal) ?? 'identifier', literal });
    start += literal.length;
  }
  return [...tokens, endToken];
}

function symbolAt(text: string, start: number): string {
  const two = text.slice(start, start + 2);
  return symbols.has(two) ? two : text.charAt(start);
}

function wordAt(text: string, start: number): string {
  let end = start;
  while (end < text.length && !blanks.includes(text.charAt(end)) && !specials.includes(text.charAt(end))) end++;
  return text.slice(start, end);
}

// `in` and `notin` are operators only where an operator may stand: they are valid keys and values.
function look(parser: Parser): Token {
  const token = parser.tokens[parser.position] ?? endToken;
  return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', literal: token.literal } : token;
}

function take(parser: Parser): Token {
  const token = look(parser);
  parser.position++;
  return token;
}

function parseRequirement(parser: Parser): Parsed<LabelRequirement> {
  const first = take(parser);
  const absent = first.kind === '!';
  const { kind, literal: key } = absent ? take(parser) : first;
  if (kind !== 'identifier') return { error: `found '${key}', expected: identifier` };
  const keyError = keyErrorAt(noPath, key);
  if (keyError !== undefined) return { error: keyError.toString() };
  const next = look(parser).kind;
  if (absent) return built(key, '!', []);
  if (next === 'end' || next === ',') return built(key, 'exists', []);
  const token = parser.tokens[parser.position] ?? endToken;
  const operator = operatorOf.get(token.kind);
  if (operator === undefined) return { error: `found '${token.literal}', expected: ${binaryLabelOperators.join(', ')}` };
  parser.position++;
  const values = operator === 'in' || operator === 'notin' ? parseValues(parser) : parseExactValue(parser);
  return values.value === undefined ? values : built(key, operator, values.value);
}

// A key without a path of its own prints as Go prints an absent path.
const noPath = new FieldPath('<nil>');

function built(key: string, operator: LabelOperator, values: readonly string[]): Parsed<LabelRequirement> {
  const requirement = { key, operator, values: [...new Set(values)].sort() };
  const errors = requirementErrors(requirement);
  return errors.length === 0 ? { value: requirement } : { error: aggregateText(errors) };
}

function parseValues(parser: Parser): Parsed<readonly string[]> {
  const open = take(parser);
  if (open.kind !== '(') return { error: `found '${open.literal}' expected: '('` };
  const { kind, literal } = look(parser);
  if (kind === ')') {
    take(parser);
    return { value: [''] };
  }
  if (kind !== 'identifier' && kind !== ',') return { error: `found '${literal}', expected: ',', ')' or identifier` };
  const list = parseIdentifiers(parser);
  if (list.value === undefined) return list;
  return take(parser).kind === ')' ? list : { error: `found '${literal}', expected: ')'` };
}

// An empty place in the list stands for the empty string. Release 1.33 refuses some runs of commas (`(a,,)`); later releases, whose tables
// judge this parser, take any number of them.
function parseIdentifiers(parser: Parser): Parsed<readonly string[]> {
  const values: string[] = [];
  for (;;) {
    const { kind, literal } = take(parser);
    const next = look(parser);
    if (kind === 'identifier') {
      values.push(literal);
      if (next.kind === ')') return { value: values };
      if (next.kind !== ',') return { error: `found '${next.literal}', expected: ',' or ')'` };
    } else if (kind === ',') {
      if (values.length === 0) values.push('');
      if (next.kind === ')') return { value: [...values, ''] };
      if (next.kind === ',') values.push('');
    } else {
      return { error: `found '${literal}', expected: ',', or identifier` };
    }
  }
}

function parseExactValue(parser: Parser): Parsed<readonly string[]> {
  const next = look(parser);
  if (next.kind === 'end' || next.kind === ',') return { value: [''] };
  const { kind, literal } = take(parser);
  return kind === 'identifier' ? { value: [literal] } : { error: `found '${literal}', expected: identifier` };
}
