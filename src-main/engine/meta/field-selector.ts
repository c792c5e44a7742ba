// Field selectors (`--field-selector`, and every component's watch of one field): equality terms over the few fields a kind offers.
// upstream: apimachinery pkg/fields/selector.go
import type { Parsed } from './parsed.ts';

export interface FieldRequirement {
  readonly field: string;
  readonly operator: '=' | '!=';
  readonly value: string;
}

/** The terms in the order of their texts, as upstream sorts them. */
export function parseFieldSelector(text: string): Parsed<readonly FieldRequirement[]> {
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text).sort()) {
    if (term === '') continue;
    const [whole = '', field = '', operator = ''] = /^(.*?)(!=|==|=)/s.exec(term) ?? [];
    if (operator === '') return { error: `invalid selector: '${text}'; can't understand '${term}'` };
    const unescaped = withoutEscapes(term.slice(whole.length));
    if (unescaped.value === undefined) return unescaped;
    requirements.push({ field, operator: operator === '!=' ? '!=' : '=', value: unescaped.value });
  }
  return { value: requirements };
}

/** True when all terms hold; a field the object lacks is the empty string. */
export function matchesFields(requirements: readonly FieldRequirement[], fields: Readonly<Record<string, string>>): boolean {
  return requirements.every(({ field, operator, value }) => {
    const actual = Object.hasOwn(fields, field) ? fields[field] : '';
    return (actual === value) === (operator === '=');
  });
}

/** The value one term pins a field to, which lets a list or a watch go to one object. upstream: Selector.RequiresExactMatch */
export function exactFieldValue(requirements: readonly FieldRequirement[], field: string): string | undefined {
  return requirements.find((requirement) => requirement.field === field && requirement.operator === '=')?.value;
}

export function printFieldSelector(requirements: readonly FieldRequirement[]): string {
  return requirements.map(({ field, operator, value }) => `${field}${operator}${value.replace(/[\\,=]/g, '\\$&')}`).join(',');
}

// A comma after a backslash belongs to its term.
function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === '\\') index++;
    if (character !== ',') continue;
    terms.push(text.slice(start, index));
    start = index + 1;
  }
  return [...terms, text.slice(start)];
}

function withoutEscapes(text: string): Parsed<string> {
  let value = '';
  let escaping = false;
  for (const character of text) {
    const special = character === '\\' || character === ',' || character === '=';
    if (escaping && !special) return { error: `invalid field selector: invalid escape sequence: \\${character}` };
    if (!escaping && special && character !== '\\') {
      return { error: `invalid field selector: unescaped character in value: ${character.charCodeAt(0)}` };
    }
    escaping = !escaping && character === '\\';
    if (!escaping) value += character;
  }
  return escaping ? { error: 'invalid field selector: invalid escape sequence: \\' } : { value };
}
