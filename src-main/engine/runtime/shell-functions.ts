// Functions of a script: a call keeps where it came from and what is put back behind it, on a stack that has a bound.
import type { ShellState } from './shell-world.ts';

/** One call that is under way. */
export interface Call {
  /** The step behind it. */
  readonly back: number;
  readonly parameters?: readonly string[];
  /** What the names had before that are the call's own; null: nothing. */
  readonly before: Readonly<Record<string, string | null>>;
  readonly lists?: Readonly<Record<number, readonly string[]>>;
  readonly inputs?: Readonly<Record<number, string>>;
  /** Its failure is an answer, and so are those within it. */
  readonly isAsked: boolean;
}

const CALLS_MAX = 100;

/** Has the script given this name to a function? */
export function isFunction(name: string, { functions = {} }: ShellState): boolean {
  return Object.hasOwn(functions, name);
}

/** false: too many calls are under way. */
export function enterFunction([name = '', ...parameters]: readonly string[], isAsked: boolean, state: ShellState): boolean {
  const { calls = [], functions = {}, parameters: outer, lists, inputs } = state;
  if (calls.length >= CALLS_MAX) return false;
  const call: Call = {
    back: state.pc,
    ...(outer !== undefined && { parameters: outer }),
    before: {},
    ...(lists !== undefined && { lists }),
    ...(inputs !== undefined && { inputs }),
    isAsked: isAsked || calls.at(-1)?.isAsked === true,
  };
  state.calls = [...calls, call];
  state.parameters = parameters;
  state.pc = functions[name] ?? state.pc;
  return true;
}

export function leaveFunction(state: ShellState): void {
  const { calls = [] } = state;
  const call = calls.at(-1);
  if (call === undefined) return;
  for (const key of ['calls', 'parameters', 'lists', 'inputs'] as const) delete state[key];
  if (calls.length > 1) state.calls = calls.slice(0, -1);
  for (const [name, value] of Object.entries(call.before))
    if (value === null) delete state.variables[name];
    else state.variables[name] = value;
  if (call.parameters !== undefined) state.parameters = call.parameters;
  if (call.lists !== undefined) state.lists = call.lists;
  if (call.inputs !== undefined) state.inputs = call.inputs;
  state.pc = call.back;
}

/** `local`: a word is a name, or a name and its value. */
export function makeLocal(words: readonly string[], state: ShellState): void {
  const call = state.calls?.at(-1);
  if (call === undefined) return;
  const before: Record<string, string | null> = { ...call.before };
  for (const word of words) {
    const [, name = '', value] = /^(\w+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    if (name === '') continue;
    if (!Object.hasOwn(before, name)) before[name] = Object.hasOwn(state.variables, name) ? (state.variables[name] ?? null) : null;
    state.variables[name] = value ?? '';
  }
  state.calls = [...(state.calls ?? []).slice(0, -1), { ...call, before }];
}
