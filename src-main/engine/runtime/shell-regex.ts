// Extended regular expressions as a shell reads them; RE2 matches them, in time in proportion to the text, whatever a script says.
// upstream: POSIX.1-2017 XBD 9.4, glibc regcomp
import { RE2JS } from 're2js';

/** Of the text times that of the compiled expression. */
const WORK_MAX = 10_000_000;
const LENGTH_MAX = 1000;

/** It cannot be matched: it is no expression, or too much work. */
export class RegexFault extends Error {}

/** The match and its groups; null: there is none. Throws RegexFault. */
export function matchOf(text: string, expression: string): readonly string[] | null {
  const compiled = compile(expression);
  if (text.length * compiled.programSize() > WORK_MAX) throw new RegexFault('regular expression too big');
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return null;
  return Array.from({ length: matcher.groupCount() + 1 }, (_, group) => matcher.group(group) ?? '');
}

/** As a part of an expression, where it means itself. */
export function quotedForRegex(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function compile(expression: string): RE2JS {
  if (expression.length > LENGTH_MAX || expression.includes('(?')) throw new RegexFault('invalid regular expression');
  try {
    return RE2JS.compile(asRe2(expression), RE2JS.DOTALL | RE2JS.LONGEST_MATCH);
  } catch {
    throw new RegexFault('invalid regular expression');
  }
}

/** Within brackets a backslash is a letter, and before a letter outside of them it says no more than the letter, a few aside. */
function asRe2(expression: string): string {
  return expression.replaceAll(
    /\\([\s\S])|\[(\^?)(\]?(?:\[:\w{1,9}:\]|(?!\[:\w{1,9}:\])[^\]])*)\]/g,
    (_, sign?: string, not?: string, members = '') => {
      if (sign !== undefined) return /[A-Zac-rt-vx-z]/.test(sign) && !/[BSW]/.test(sign) ? sign : `\\${sign}`;
      return `[${not}${(members as string).replaceAll(/\\|\[(?!:)|^\]/g, '\\$&')}]`;
    },
  );
}
