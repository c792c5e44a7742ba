// Finds the loop of a script that does nothing but send requests: such a loop is load, and is not run round by round.
import type { ShellStep } from './shell-program.ts';

/** A process that sends one request after the other. */
export interface RequestLoop {
  readonly host: string;
  readonly port: number;
  /** From an answer to the next request. */
  readonly pauseMs: number;
  /** The script until the loop begins. */
  readonly before: readonly ShellStep[];
}

/** Starting wget or curl once. */
const CLIENT_MS = 5;
/** They do not fail. */
const SURE: ReadonlySet<string> = new Set(['sleep', 'true', ':', 'echo', 'date']);
const QUIET: ReadonlySet<string> = new Set([...SURE, 'wget', 'curl']);
/** Where it stands, the shell of the process waits for ever. */
export const WAIT_FOR_EVER: ShellStep = { argv: ['tail', '-f', '/dev/null'], redirect: null };

/** null: the script does other things as well, or sends nothing. */
export function requestLoopOf(steps: readonly ShellStep[]): RequestLoop | null {
  for (const [end, step] of steps.entries()) {
    if (!('jump' in step) || step.when !== null || step.jump > end || mayLeave(steps, step.jump, end)) continue;
    const body = steps.slice(step.jump, end).flatMap((one) => ('argv' in one ? [one.argv] : []));
    const before = steps.slice(0, step.jump);
    const target = body.map(urlOf).find((url) => url !== null);
    const onlyAsks = body.every(([name = '']) => QUIET.has(programOf(name)));
    const ends =
      endsByFailure(before) && steps.slice(step.jump, end).some((one) => 'argv' in one && urlOf(one.argv) !== null && one.isAsked !== true);
    if (
      target === undefined ||
      target === null ||
      !onlyAsks ||
      ends ||
      before.some((one) => 'argv' in one && programOf(one.argv[0] ?? '') === 'sleep')
    )
      continue;
    const sleptMs = body.reduce((sum, argv) => sum + sleepMs(argv), 0);
    return { ...target, pauseMs: sleptMs + CLIENT_MS, before };
  }
  return null;
}

/** A loop that ends when a request is answered, or is not, waits for something; one that chooses does other things: both are run round by round. */
function mayLeave(steps: readonly ShellStep[], from: number, end: number): boolean {
  return steps.slice(from, end).some((step, index) => {
    if (!('argv' in step || 'jump' in step || 'negate' in step || 'succeed' in step)) return true;
    if (!('jump' in step) || (step.jump >= from && step.jump <= end)) return false;
    const before = steps[from + index - 1];
    return before === undefined || !('argv' in before) || !SURE.has(programOf(before.argv[0] ?? ''));
  });
}

/** `set -e`: a request that fails ends the script. */
function endsByFailure(before: readonly ShellStep[]): boolean {
  return before.some(
    (one) => 'argv' in one && one.argv[0] === 'set' && one.argv.some((word) => /^-[a-z]*e/.test(word) || word === 'errexit'),
  );
}

function programOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function urlOf(argv: readonly string[]): { readonly host: string; readonly port: number } | null {
  const [name = '', ...rest] = argv;
  if (!['wget', 'curl'].includes(programOf(name))) return null;
  for (const word of rest.toReversed()) {
    const match = /^(?:(https?):\/\/)?([a-z0-9]([-a-z0-9.]*[a-z0-9])?)(?::(\d+))?(?:\/.*)?$/.exec(word);
    if (match === null || (match[1] === undefined && /^\d*$/.test(word))) continue;
    const [, scheme = 'http', host = '', , port] = match;
    // What the API server answers counts, and it is nobody's load.
    if (API_SERVER.test(host)) return null;
    return { host, port: port === undefined ? (scheme === 'https' ? 443 : 80) : Number(port) };
  }
  return null;
}

const API_SERVER = /^kubernetes(\.default(\.svc(\.cluster\.local)?)?)?$/;

const UNITS: Readonly<Record<string, number>> = { '': 1000, s: 1000, m: 60_000 };

function sleepMs([name = '', word = '']: readonly string[]): number {
  const match = programOf(name) === 'sleep' ? /^(\d*\.?\d+)([sm]?)$/.exec(word) : null;
  return match === null ? 0 : Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? 1000));
}
