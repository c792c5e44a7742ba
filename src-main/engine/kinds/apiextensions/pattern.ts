// Regular expressions as schemas write them: Go's syntax, which is JavaScript's but for a few marks.

const compiled = new Map<string, RegExp | null>();
const COMPILED_MAX = 1_000;

/** null when it is no regular expression. */
export function compiledPattern(pattern: string): RegExp | null {
  let found = compiled.get(pattern);
  if (found === undefined) {
    if (compiled.size >= COMPILED_MAX) compiled.clear();
    found = compile(pattern);
    compiled.set(pattern, found);
  }
  return found;
}

function compile(pattern: string): RegExp | null {
  const [, flags = '', rest = pattern] = /^\(\?([is]+)\)([\s\S]*)$/.exec(pattern) ?? [];
  const source = rest.replace(/\\A/g, '^').replace(/\\z/g, '$');
  // Unicode mode refuses escapes that Go allows.
  for (const mode of ['u', '']) {
    try {
      return new RegExp(source, flags + mode);
    } catch {
      // Tried in the other mode, then given up: no regular expression.
    }
  }
  return null;
}
