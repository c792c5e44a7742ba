// `( … )`: what a shell within the shell changes is gone with it. It needs no state of its own but what is put back behind it.
import type { Call } from './shell-functions.ts';
import type { ShellState } from './shell-world.ts';

/** What is put back, and where that is done. */
export interface Surrounding {
  readonly variables: Readonly<Record<string, string>>;
  readonly arrays?: Readonly<Record<string, readonly string[]>>;
  readonly directory?: string;
  readonly traps: boolean;
  readonly exits?: boolean;
  readonly parameters?: readonly string[];
  readonly functions?: Readonly<Record<string, number>>;
  readonly calls?: readonly Call[];
  readonly leave: number;
}

const KEPT = ['arrays', 'directory', 'exits', 'parameters', 'functions', 'calls'] as const;

function kept(state: ShellState): Partial<Pick<ShellState, (typeof KEPT)[number]>> {
  return Object.fromEntries(KEPT.flatMap((name) => (state[name] === undefined ? [] : [[name, state[name]]])));
}

export function enterSubshell(state: ShellState, leave: number): void {
  const surrounding: Surrounding = { variables: { ...state.variables }, traps: state.traps, ...kept(state), leave };
  state.around = [...(state.around ?? []), surrounding];
}

export function leaveSubshell(state: ShellState): void {
  const { around = [] } = state;
  const surrounding = around.at(-1);
  if (surrounding === undefined) return;
  const { leave: _, variables, traps, ...others } = surrounding;
  for (const name of [...KEPT, 'around'] as const) delete state[name];
  Object.assign(state, { variables: { ...variables }, traps, ...others });
  if (around.length > 1) state.around = around.slice(0, -1);
}

/** A shell that has ended within another goes on behind itself; false: it was in none. */
export function endSubshell(state: ShellState): boolean {
  const leave = state.around?.at(-1)?.leave;
  if (leave === undefined) return false;
  state.pc = leave;
  return true;
}
