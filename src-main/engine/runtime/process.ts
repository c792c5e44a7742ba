// A running process: started, woken, asked and stopped by the kubelet; when it next does something is known at once, so nothing polls it.
import type { ProcessPlan } from './process-plan.ts';
import { newShell, runShell } from './shell.ts';
import type { ShellState, ShellWorld } from './shell-world.ts';

/** JSON; the plan is not part of it, it follows from the manifest. */
export interface Process {
  readonly startedMs: number;
  /** When a service answers. */
  upMs: number;
  shell?: ShellState;
}

/** What comes next by itself: a wake-up after some time, an end, or nothing. */
export type Next =
  | { readonly kind: 'wake'; readonly afterMs: number }
  | { readonly kind: 'exit'; readonly code: number; readonly reason: 'Completed' | 'Error' | 'OOMKilled' }
  | null;

/** In the container's log: whoever wonders why it does not do what is written looks there. */
const BEYOND =
  "orrery: the lab's shell knows no background jobs and no eval, and reads only what a file or a pipe holds: instead of this script the image's program is run. The annotations of orrery.dev say how it behaves.\n";

export function startProcess(plan: ProcessPlan, world: ShellWorld, nowMs: number): readonly [Process, Next] {
  const process: Process = { startedMs: nowMs, upMs: nowMs + plan.startUpMs };
  if (plan.kind === 'shell') process.shell = newShell();
  if (plan.isBeyond) world.complain(BEYOND);
  return [process, advanceProcess(plan, process, world, nowMs)];
}

/** Does what is due now. */
export function advanceProcess(plan: ProcessPlan, process: Process, world: ShellWorld, nowMs: number): Next {
  const ranMs = nowMs - process.startedMs;
  if (plan.outOfMemoryMs !== null && ranMs >= plan.outOfMemoryMs) return { kind: 'exit', code: 137, reason: 'OOMKilled' };
  if (plan.runMs !== null && ranMs >= plan.runMs) return ended(plan.exitCode);
  if (process.shell !== undefined) {
    const pause = runShell(plan.steps, process.shell, world);
    if (pause.kind === 'exit') return ended(pause.code);
    if (pause.kind === 'sleep') return soonest(plan, ranMs, pause.forMs);
    if (pause.kind === 'become') {
      delete process.shell;
      process.upMs = nowMs + plan.startUpMs;
    }
    return soonest(plan, ranMs, null);
  }
  if (plan.marker !== null && nowMs < process.upMs) return soonest(plan, ranMs, process.upMs - nowMs);
  if (plan.marker !== null && !world.exists(plan.marker)) world.write(plan.marker, `written ${world.timestamp()}\n`);
  return soonest(plan, ranMs, null);
}

/** Answer to SIGTERM: ends after some time, or goes on (the first process of a container has no default handlers). */
export function terminateProcess(plan: ProcessPlan, process: Process): { readonly afterMs: number; readonly code: number } | null {
  if (process.shell?.traps === true) return { afterMs: 0, code: 0 };
  if (process.shell !== undefined || plan.ignoresTerm) return null;
  return { afterMs: plan.stopMs, code: plan.exitCode };
}

/** Does something listen on the port? */
export function listens(plan: ProcessPlan, process: Process, port: number, nowMs: number): boolean {
  return process.shell === undefined && nowMs >= process.upMs && plan.ports.has(port);
}

/** Does it answer requests with an error? */
export function failsRequests({ httpErrorsAfterMs }: ProcessPlan, { startedMs }: Process, nowMs: number): boolean {
  return httpErrorsAfterMs !== null && nowMs - startedMs >= httpErrorsAfterMs;
}

/** Exit status of a program of the image: it works when the image's service does. */
export function runImageProgram(plan: ProcessPlan, process: Process, nowMs: number): number | null {
  if (plan.kind === 'service') return nowMs >= process.upMs ? 0 : 1;
  return null;
}

function ended(code: number): Next {
  return { kind: 'exit', code, reason: code === 0 ? 'Completed' : 'Error' };
}

function soonest(plan: ProcessPlan, ranMs: number, afterMs: number | null): Next {
  let least = afterMs;
  for (const due of [plan.outOfMemoryMs, plan.runMs, plan.httpErrorsAfterMs]) {
    if (due !== null && due > ranMs && (least === null || due - ranMs < least)) least = due - ranMs;
  }
  return least === null ? null : { kind: 'wake', afterMs: least };
}
