// Texts with places for values: `'%s has %d'.format([name, count])`. upstream: cel-go ext/formatting.go
import { goQuote } from '../../meta/go-quote.ts';
import { CelFault } from './budget.ts';

export function formatText(text: string, given: readonly unknown[]): string {
  let used = 0;
  const result = text.replace(/%(%|(?:\.(\d+))?([a-zA-Z]))?/g, (place, mark?: string, digits?: string, verb?: string) => {
    if (mark === '%') return '%';
    if (verb === undefined) throw fault('unexpected end of string');
    if (used >= given.length) throw fault(`index ${used} out of range`);
    return formatted(verb, given[used++], digits === undefined ? DIGITS : Number(digits), place);
  });
  if (used < given.length) throw fault(`too many arguments supplied to string.format (expected ${used}, got ${given.length})`);
  return result;
}

const DIGITS = 6;
const DIGITS_MAX = 100;

const fault = (why: string): CelFault => new CelFault(`could not parse formatting clause: ${why}`);

function formatted(verb: string, value: unknown, digits: number, place: string): string {
  switch (verb) {
    case 's':
      return shown(value, false);
    case 'd':
      if (typeof value !== 'bigint' && typeof value !== 'number') break;
      return String(value);
    case 'f':
      return Number(value).toFixed(Math.min(digits, DIGITS_MAX));
    case 'e':
      return exponential(Number(value), Math.min(digits, DIGITS_MAX));
    case 'b':
      if (typeof value === 'boolean') return value ? '1' : '0';
      if (typeof value === 'bigint') return value.toString(2);
      break;
    case 'o':
      if (typeof value === 'bigint') return value.toString(8);
      break;
    case 'x':
    case 'X': {
      const hex = typeof value === 'bigint' ? value.toString(16) : typeof value === 'string' ? hexOf(value) : undefined;
      if (hex === undefined) break;
      return verb === 'x' ? hex : hex.toUpperCase();
    }
  }
  throw new CelFault(`error during formatting: unsupported argument for ${place}`);
}

function exponential(value: number, digits: number): string {
  return value.toExponential(digits).replace(/e([+-])(\d)$/, 'e$10$2');
}

function hexOf(text: string): string {
  return [...text].map((character) => (character.codePointAt(0) ?? 0).toString(16).padStart(2, '0')).join('');
}

/** Texts within lists and maps are quoted. */
function shown(value: unknown, isWithin: boolean): string {
  if (typeof value === 'string') return isWithin ? goQuote(value) : value;
  if (Array.isArray(value)) return `[${value.map((item) => shown(item, true)).join(', ')}]`;
  if (value instanceof Map) return shownMap([...value]);
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
    return shownMap(Object.entries(value));
  return String(value);
}

function shownMap(entries: readonly (readonly [unknown, unknown])[]): string {
  const texts = entries.map(([key, value]) => `${shown(key, true)}:${shown(value, true)}`);
  return `{${texts.sort().join(', ')}}`;
}
