// `( … )`: what a shell within the shell changes is gone with it. It needs no state of its own but what is put back behind it.
import type { ShellState } from './shell-world.ts';

/** What is put back, and where that is done. */
export interface Surrounding {
  readonly variables: Readonly<Record<string, string>>;
  readonly arrays?: Readonly<Record<string, readonly string[]>>;
  readonly directory?: string;
  readonly traps: boolean;
  readonly exits?: boolean;
  readonly leave: number;
}

export function enterSubshell(state: ShellState, leave: number): void {
  const { variables, arrays, directory, traps, exits } = state;
  const surrounding: Surrounding = {
    variables: { ...variables },
    ...(arrays !== undefined && { arrays }),
    ...(directory !== undefined && { directory }),
    traps,
    ...(exits !== undefined && { exits }),
    leave,
  };
  state.around = [...(state.around ?? []), surrounding];
}

export function leaveSubshell(state: ShellState): void {
  const { around = [] } = state;
  const surrounding = around.at(-1);
  if (surrounding === undefined) return;
  const { leave: _, variables, traps, ...others } = surrounding;
  for (const name of ['arrays', 'directory', 'exits', 'around'] as const) delete state[name];
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
