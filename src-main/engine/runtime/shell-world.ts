// What a shell remembers between two commands, and what of the world its commands can touch.
import type { FileWorld } from './file-tree.ts';
import type { ShellNetwork } from './network-commands.ts';
import type { Call } from './shell-functions.ts';
import type { Surrounding } from './shell-subshell.ts';
import type { ShellSystem } from './system-commands.ts';

/** JSON. */
export interface ShellState {
  pc: number;
  status: number;
  variables: Record<string, string>;
  /** The items of arrays behind the first one, which is the value of the variable: of a list that is empty there is none. */
  arrays?: Readonly<Record<string, readonly string[]>>;
  /** `trap ... TERM` was called: a SIGTERM ends it. */
  traps: boolean;
  /** `set -e` was called: it ends with the first command that fails. */
  exits?: boolean;
  /** What is left of the words of each `for` that is under way. */
  lists?: Readonly<Record<number, readonly string[]>>;
  /** What is left of the input of each loop that reads. */
  inputs?: Readonly<Record<number, string>>;
  /** Of the subshells that are under way, the innermost last. */
  around?: readonly Surrounding[];
  /** `$1` and those behind it. */
  parameters?: readonly string[];
  /** The step with which each function begins. */
  functions?: Readonly<Record<string, number>>;
  /** The innermost last. */
  calls?: readonly Call[];
  /** What the command before wrote into a pipe. */
  piped?: string;
  /** How much of each file `tail -f` has shown. */
  followed?: Readonly<Record<string, number>>;
  /** Where `cd` has led; absent: where the container's processes begin. */
  directory?: string;
}

export function unset(name: string, state: ShellState): void {
  delete state.variables[name];
  if (state.arrays === undefined || !Object.hasOwn(state.arrays, name)) return;
  const { [name]: _, ...others } = state.arrays;
  state.arrays = others;
}

/** What a shell that somebody types into keeps from one line to the next. */
export interface ShellMemory {
  readonly directory?: string;
  readonly variables: Readonly<Record<string, string>>;
  /** How the line before ended: `$?`. */
  readonly status: number;
}

/** What the script can touch. */
export interface ShellWorld extends FileWorld {
  /** Is there a file there, or below? */
  exists(path: string): boolean;
  environment(name: string): string | undefined;
  /** All variables, in the order of their making. */
  variables?(): readonly (readonly [name: string, value: string])[];
  /** Absent where a command may not speak with others; then its programs are the image's, as any other. */
  readonly network?: ShellNetwork | undefined;
  /** Absent where nobody looks at the machine. */
  readonly system?: ShellSystem | undefined;
  timestamp(): string;
  /** Runs a program that the shell does not know; null: there is none. */
  program(argv: readonly string[]): number | null;
  /** What standard input holds, if there is one. */
  readonly input?: string | undefined;
  /** What is written to standard output. */
  print(text: string): void;
  /** What is written to standard error. */
  complain(text: string): void;
}
