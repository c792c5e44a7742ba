// What a container has written: the lines of its run and of the run before, as `kubectl logs` shows them. Bounded, because a loop may write for days.
import type { ContainerFiles } from './container-files.ts';
import type { ContainerState, LogLine } from './kubelet-state.ts';

/** Of the newest run; older lines go, as log rotation takes them. upstream: containerLogMaxSize, in spirit */
const LINES_MAX = 200;

/** A new run begins: what was written becomes the log of the previous one. */
export function turnLog(state: ContainerState): void {
  if (state.log === undefined) delete state.previousLog;
  else state.previousLog = state.log;
  delete state.log;
  delete state.logged;
}

/** Takes over what the process has written by now. */
export function keepOutput(
  state: ContainerState,
  { output, complaints }: Pick<ContainerFiles, 'output' | 'complaints'>,
  atMs: number,
): void {
  const text = output + complaints;
  if (text === '') return;
  const lines: LogLine[] = text
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({ atMs, text: line }));
  state.logged = (state.logged ?? 0) + lines.length;
  state.log = [...(state.log ?? []), ...lines].slice(-LINES_MAX);
}
