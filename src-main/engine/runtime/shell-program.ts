// Compiles a simple shell script to a flat list of steps, because a program counter is state that a snapshot can hold.
import { isOwnCommand } from './shell-commands.ts';
import { Compiler } from './shell-compiler.ts';
import type { Condition } from './shell-condition.ts';
import type { ReadStep } from './shell-read.ts';
import { BeyondThisShell, prepared, type Reading, type Substitution } from './shell-words.ts';

/** Where a command's output goes. */
export interface Redirect {
  readonly path: string;
  readonly append: boolean;
}

export interface CommandStep {
  readonly argv: readonly string[];
  readonly redirect: Redirect | null;
  /** What it writes is the next command's input. */
  readonly pipe?: true;
  /** Its failure is an answer: `set -e` looks past it. */
  readonly isAsked?: true;
  /** Where its complaints go: into its output, or elsewhere; absent: to standard error. */
  readonly errors?: Redirect | 'output';
  /** What stands in its words as markers, by number. */
  readonly substitutions?: readonly Substitution[];
}

/** Patterns, with the marks of what was quoted in them, and where to go on when the word is like one of them. */
export interface CaseClause {
  readonly patterns: readonly string[];
  readonly to: number;
}

/** A command, or a jump; `when` null: always, true: after success, false: after failure. Or what is said of the commands before as a whole. */
export type ShellStep =
  | CommandStep
  | { readonly jump: number; readonly when: boolean | null }
  | { readonly negate: true }
  | { readonly succeed: true }
  /** `[[ … ]]` */
  | { readonly condition: Condition; readonly substitutions: readonly Substitution[]; readonly isAsked?: true }
  /** `name=(…)` and `name+=(…)` */
  | {
      readonly items: string;
      readonly isMore: boolean;
      readonly words: readonly string[];
      readonly substitutions: readonly Substitution[];
      readonly isAsked?: true;
    }
  | (ReadStep & { readonly substitutions: readonly Substitution[] })
  /** The input of a loop is at its end. */
  | { readonly forget: number; readonly isAsked?: true }
  /** `( … )`, and where it is left. */
  | { readonly enter: number }
  | { readonly leave: true; readonly isAsked?: true }
  /** A function, which begins behind it, and where it ends. */
  | { readonly define: string; readonly behind: number }
  | { readonly back: true }
  /** `case`: on to the first clause that fits. */
  | {
      readonly word: string;
      readonly clauses: readonly CaseClause[];
      readonly otherwise: number;
      readonly substitutions: readonly Substitution[];
    }
  /** The words of a `for` are worked out, once it is come to. */
  | { readonly list: number; readonly words: readonly string[]; readonly substitutions: readonly Substitution[] }
  /** The next of them is the variable's value; there is none left: on to `leave`. */
  | { readonly next: number; readonly name: string; readonly leave: number };

/** May the output of a program be read by others? */
type Heard = (program: string) => boolean;

/**
 * null: the script uses more than this shell knows, as background jobs and eval, or a function whose output goes elsewhere; or it looks at the answers of programs that are not
 * `heard`, since these are not modelled.
 */
export function compileShell(script: string, heard: Heard = isOwnCommand): readonly ShellStep[] | null {
  try {
    return compiled(script, heard, 0);
  } catch (error) {
    if (error instanceof BeyondThisShell) return null;
    throw error;
  }
}

function compiled(script: string, heard: Heard, depth: number): readonly ShellStep[] {
  const reading: Reading = {
    depth,
    commands: (inner, innerDepth) => {
      const steps = compiled(inner, heard, innerDepth);
      if (!steps.every((step) => isHeard(step, heard))) throw new BeyondThisShell();
      return steps;
    },
  };
  const { text, substitutions } = prepared(script, reading);
  const compiler = new Compiler(text, substitutions);
  compiler.list([]);
  if (!compiler.atEnd()) throw new BeyondThisShell();
  const { steps } = compiler;
  const isPiped = (step: ShellStep | undefined): boolean => step !== undefined && 'argv' in step && step.pipe === true;
  // What a container's own input holds nobody knows.
  if (steps.some((step, at) => 'names' in step && step.input === undefined && !isPiped(steps[at - 1]))) throw new BeyondThisShell();
  if (!areCallsPlain(steps)) throw new BeyondThisShell();
  if (steps.some((step, at) => (isPiped(step) || isPiped(steps[at - 1])) && !isHeard(step, heard))) throw new BeyondThisShell();
  return steps;
}

/** What `sh -c` is to run, with what its flags set before; undefined: nothing. */
export function scriptIn(argv: readonly string[]): string | undefined {
  const flag = argv.findIndex((word, index) => index > 0 && /^-[a-z]*c$/.test(word));
  const script = flag < 0 ? undefined : argv[flag + 1];
  const ends = argv.slice(1, flag + 1).some((word) => /^-[a-z]*e/.test(word));
  if (script === undefined) return undefined;
  const parameters = argv.slice(flag + 3).map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const asks = parameters.length > 0 && /\$\{?[\d@*#]|\bshift\b/.test(script);
  return `${ends ? 'set -e\n' : ''}${asks ? `set -- ${parameters.join(' ')}\n` : ''}${script}`;
}

/** A jump, an assignment, or a command whose output may be read. */
function isHeard(step: ShellStep, heard: Heard): boolean {
  if (!('argv' in step)) return true;
  const [name] = step.argv.filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  return name === undefined || ['sleep', 'exit'].includes(name) || heard(name.slice(name.lastIndexOf('/') + 1));
}

/** What a function writes cannot be sent elsewhere as a whole, and it has no variables for one call alone. */
function areCallsPlain(steps: readonly ShellStep[]): boolean {
  const names = new Set(steps.flatMap((step) => ('define' in step ? [step.define] : [])));
  if (names.size === 0) return true;
  const calls = (step: ShellStep): boolean => 'argv' in step && step.argv.some((word, at) => names.has(word) && isFirst(step.argv, at));
  const isPlain = (step: ShellStep, at: number): boolean =>
    'argv' in step &&
    step.redirect === null &&
    step.errors === undefined &&
    !('pipe' in step) &&
    names.has(step.argv[0] ?? '') &&
    !('pipe' in (steps[at - 1] ?? {}));
  return steps.every(
    (step, at) => (!calls(step) || isPlain(step, at)) && !commandsWithin(substitutionsOf(step)).some((inner) => inner.some(calls)),
  );
}

function isFirst(argv: readonly string[], at: number): boolean {
  return argv.slice(0, at).every((word) => /^[A-Za-z_]\w*=/.test(word));
}

function substitutionsOf(step: ShellStep): readonly Substitution[] {
  return 'substitutions' in step ? (step.substitutions ?? []) : [];
}

/** Of the commands in words, however deep. */
function commandsWithin(substitutions: readonly Substitution[]): readonly (readonly ShellStep[])[] {
  return substitutions.flatMap((substitution) => {
    switch (substitution.kind) {
      case 'command':
        return [substitution.steps, ...substitution.steps.flatMap((step) => commandsWithin(substitutionsOf(step)))];
      case 'arithmetic':
        return commandsWithin(substitution.within);
      case 'text':
        return commandsWithin(substitution.text.substitutions);
      default:
        return commandsWithin(substitution.word?.substitutions ?? []);
    }
  });
}
