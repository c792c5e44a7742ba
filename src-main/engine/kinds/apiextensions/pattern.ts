// Regular expressions as schemas write them: Go's, which is RE2's. They take time in proportion to the text, whatever a schema says.
import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS | null>();
const COMPILED_MAX = 1_000;

/** null when it is no regular expression. */
export function compiledPattern(pattern: string): RE2JS | null {
  let found = compiled.get(pattern);
  if (found === undefined) {
    if (compiled.size >= COMPILED_MAX) compiled.clear();
    found = compile(pattern);
    compiled.set(pattern, found);
  }
  return found;
}

function compile(pattern: string): RE2JS | null {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return null; // No regular expression: that is what the caller wants to know.
  }
}
