// How much a process has used at any time, in closed form: nothing counts along, so that use costs nothing while nobody looks.
import type { TrafficSpan } from '../physics/physics.ts';
import type { ResourceProfile } from './resource-profile.ts';

/** One run of a process. */
export interface ProcessRun {
  readonly startedMs: number;
  /** When its service answers. */
  readonly upMs: number;
  readonly profile: ResourceProfile;
  /** What its limit, or else its node, lets it have. */
  readonly cpuMillisMax: number;
  /** Requests a second since when, oldest first. */
  readonly traffic: readonly TrafficSpan[];
}

/** The average between two times, in thousandths of a core. */
export function cpuMillisBetween(run: ProcessRun, fromMs: number, toMs: number): number {
  const from = Math.max(fromMs, run.startedMs);
  if (toMs <= from) return 0;
  const turns = [run.upMs, ...run.traffic.map((span) => span.fromMs)].filter((atMs) => atMs > from && atMs < toMs).sort((a, b) => a - b);
  let used = 0;
  let sinceMs = from;
  for (const untilMs of [...turns, toMs]) {
    used += cpuMillisAt(run, sinceMs) * (untilMs - sinceMs);
    sinceMs = untilMs;
  }
  return used / (toMs - from);
}

/** What it burns at a moment. */
export function cpuMillisAt({ upMs, profile, cpuMillisMax, traffic }: ProcessRun, atMs: number): number {
  if (atMs < upMs) return Math.min(cpuMillisMax, profile.startUpCpuMillis);
  return Math.min(cpuMillisMax, profile.idleCpuMillis + requestsAt(traffic, atMs) * profile.cpuMsPerRequest);
}

export function memoryBytesAt({ startedMs, profile }: ProcessRun, atMs: number): number {
  return profile.memoryBytes + Math.max(0, atMs - startedMs) * (profile.memoryGrowthBytesPerSecond / 1000);
}

/** Since when its use has been the same; infinite while it grows. */
export function steadyFromMs({ upMs, profile, traffic }: ProcessRun): number {
  return profile.memoryGrowthBytesPerSecond > 0 ? Number.POSITIVE_INFINITY : Math.max(upMs, traffic.at(-1)?.fromMs ?? upMs);
}

export function requestsAt(traffic: readonly TrafficSpan[], atMs: number): number {
  return traffic.findLast(({ fromMs }) => fromMs <= atMs)?.requestsPerSecond ?? 0;
}
