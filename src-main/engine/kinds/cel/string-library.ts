// Functions of texts: those of cel-go's string extension that the library lacks or does otherwise, and Kubernetes' find and findAll.
// Patterns are RE2's, which take time in proportion to the text. upstream: cel-go ext/strings.go (version 2), apiserver pkg/cel/library/regex.go
import type { Environment } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { goQuote } from '../../meta/go-quote.ts';
import { CelFault, spend, weightOf } from './budget.ts';
import { formatText } from './string-format.ts';

export function registerStrings(environment: Environment): void {
  const add = (signature: string, run: (...given: never[]) => unknown): void => {
    environment.registerFunction(signature, run);
  };
  add('orrery_matches(string, string): bool', (text: string, pattern: string) => isMatch(text, pattern));
  add('string.orrery_matches(string): bool', (text: string, pattern: string) => isMatch(text, pattern));
  add('string.find(string): string', (text: string, pattern: string) => findAll(text, pattern, 1)[0] ?? '');
  add('string.findAll(string): list<string>', (text: string, pattern: string) => findAll(text, pattern, Number.POSITIVE_INFINITY));
  add('string.findAll(string, int): list<string>', (text: string, pattern: string, limit: bigint) =>
    findAll(text, pattern, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit)),
  );
  add('string.orrery_lowerAscii(): string', (text: string) => paid(text.replace(/[A-Z]+/g, (part) => part.toLowerCase())));
  add('string.orrery_upperAscii(): string', (text: string) => paid(text.replace(/[a-z]+/g, (part) => part.toUpperCase())));
  add('list.orrery_join(): string', (items: readonly unknown[]) => join(items, ''));
  add('list.orrery_join(string): string', (items: readonly unknown[], separator: string) => join(items, separator));
  add('string.charAt(int): string', (text: string, index: bigint) => charAt(text, Number(index)));
  add('string.replace(string, string): string', (text: string, from: string, to: string) =>
    replace(text, from, to, Number.POSITIVE_INFINITY),
  );
  add('string.replace(string, string, int): string', (text: string, from: string, to: string, limit: bigint) =>
    replace(text, from, to, limit < 0n ? Number.POSITIVE_INFINITY : Number(limit)),
  );
  add('string.format(list): string', (text: string, given: readonly unknown[]) => paid(formatText(text, given)));
  environment.registerType('StringsNamespace', StringsNamespace);
  environment.registerConstant('strings', 'StringsNamespace', new StringsNamespace());
  add('StringsNamespace.quote(string): string', (_strings: unknown, text: string) => paid(goQuote(text)));
}

class StringsNamespace {
  readonly name = 'strings';
}

/** The text, paid for. */
export function paid(text: string): string {
  spend(weightOf(text));
  return text;
}

/** Throws with Go's text for a pattern that is none. */
export function pattern(source: string): RE2JS {
  let known = patterns.get(source);
  if (known === undefined) {
    if (source.length > PATTERN_LENGTH_MAX) throw new CelFault('error parsing regexp: expression too large');
    if (patterns.size >= PATTERNS_MAX) patterns.clear();
    known = compile(source);
    patterns.set(source, known);
  }
  return known;
}

const patterns = new Map<string, RE2JS>();
const PATTERNS_MAX = 500;
const PATTERN_LENGTH_MAX = 4_096;

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    throw new CelFault(error instanceof Error ? error.message : String(error));
  }
}

function isMatch(text: string, source: string): boolean {
  spend(Math.ceil((text.length * (source.length + 4)) / 40));
  return pattern(source).matcher(text).find();
}

function findAll(text: string, source: string, limit: number): readonly string[] {
  spend(Math.ceil((text.length * (source.length + 4)) / 40));
  const matcher = pattern(source).matcher(text);
  const found: string[] = [];
  while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '');
  return found;
}

function join(items: readonly unknown[], separator: string): string {
  spend(weightOf(items) + Math.ceil((separator.length * items.length) / 10));
  if (!items.every((item) => typeof item === 'string')) throw new CelFault('no such overload');
  return items.join(separator);
}

function charAt(text: string, index: number): string {
  const characters = [...text];
  if (index < 0 || index > characters.length) throw new CelFault(`index out of range: ${index}`);
  return characters[index] ?? '';
}

function replace(text: string, from: string, to: string, limit: number): string {
  const pieces = text.split(from);
  const count = Math.min(limit, pieces.length - 1);
  spend(weightOf(text) + Math.ceil((to.length * count) / 10));
  return [...pieces.slice(0, count + 1)].join(to) + (pieces.length > count + 1 ? from + pieces.slice(count + 1).join(from) : '');
}
