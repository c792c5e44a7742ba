// Runs a script of a container's shell for a test: in a world of files, from its start to its end.
import { expect } from 'vitest';
import { newShell, runShell } from '../../../../src-main/engine/runtime/shell.ts';
import { compileShell } from '../../../../src-main/engine/runtime/shell-program.ts';
import type { ShellState } from '../../../../src-main/engine/runtime/shell-world.ts';

/** Runs a script to its end, with its state going through JSON at each pause: what it writes, and its exit code. */
export function checkScript(
  script: string,
  expected: readonly string[] | null,
  files: Record<string, string> = {},
  becomes?: Record<string, string>,
): void {
  const steps = compileShell(script);
  if (steps === null || expected === null) {
    expect(steps).toEqual(expected);
    return;
  }
  const after = { ...files };
  let log = '';
  const world = {
    read: (path: string) => after[path] ?? null,
    write: (path: string, content: string) => {
      after[path] = content;
      return '' as const;
    },
    remove: (path: string) => delete after[path],
    setMode: () => true,
    exists: (path: string) => path in after,
    files: () => Object.entries(after).map(([path, content]) => ({ path, content })),
    directory: '/',
    environment: (name: string) => ({ HOSTNAME: 'web-3', JOB_COMPLETION_INDEX: '2' })[name],
    timestamp: () => 'now',
    program: () => null,
    print: (text: string) => {
      log += text;
    },
    complain: () => {},
  };
  let state: ShellState = newShell();
  for (let pauses = 0; pauses < 6; pauses += 1) {
    const pause = runShell(steps, state, world);
    state = JSON.parse(JSON.stringify(state)) as ShellState;
    if (pause.kind === 'sleep') continue;
    log += pause.kind === 'exit' ? `exit ${pause.code}` : pause.kind;
    break;
  }
  expect({ log: log.split('\n'), files: after }).toEqual({ log: expected, files: becomes ?? files });
}
