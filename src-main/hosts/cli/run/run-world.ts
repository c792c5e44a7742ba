// Drives a cluster as fast as the machine can: to a time, or until a condition holds, with failures at their moments.
import type { Cluster } from '../../../engine/cluster.ts';
import { UnknownFailure } from '../../../engine/failures/failures.ts';
import { failureKinds } from '../../../engine/failures/registry.ts';
import { StatusError } from '../../../engine/meta/status-error.ts';
import { UsageError } from '../usage-error.ts';
import type { Condition } from './condition.ts';
import type { PlannedFailure } from './planned-failure.ts';
import type { PlannedLoad } from './planned-load.ts';

export interface RunPlan {
  /** Virtual milliseconds after the start. */
  readonly forMs: number;
  readonly until: Condition | null;
  readonly planned: readonly Planned[];
  /** Called now and then with the virtual milliseconds that have passed. */
  readonly progress: (passedMs: number) => void;
  /** Called with what was planned for later when the condition comes to hold before it. */
  readonly missed: (planned: readonly Planned[]) => void;
}

export type Planned = PlannedFailure | PlannedLoad;

const ENTRIES_AT_ONCE = 20_000;

/** True when the condition holds, or when there was none and the time is over. */
export function runWorld(cluster: Cluster, { forMs, until, planned, progress, missed }: RunPlan): boolean {
  const startMs = cluster.timeline.nowMs;
  const stops = planned.toSorted((a, b) => a.atMs - b.atMs);
  const late = stops.find((stop) => stop.atMs > forMs);
  if (late !== undefined) throw new UsageError(`--${late.action} ${late.text}: the run ends before that; give it more time with --for`);
  for (const [index, stop] of stops.entries()) {
    if (advance(cluster, startMs, startMs + stop.atMs, until, progress)) {
      missed(stops.slice(index));
      return true;
    }
    strike(cluster, stop);
  }
  const met = advance(cluster, startMs, startMs + forMs, until, progress);
  return until === null || met;
}

/** Advances; true when the condition came to hold on the way. */
function advance(cluster: Cluster, startMs: number, untilMs: number, condition: Condition | null, progress: RunPlan['progress']): boolean {
  const { timeline, store } = cluster;
  if (condition === null) {
    while (!cluster.advance(untilMs, ENTRIES_AT_ONCE)) progress(timeline.nowMs - startMs);
    return false;
  }
  if (condition.isMet(cluster)) return true;
  let revision = store.revision;
  let nextQuestionMs = timeline.nowMs;
  let entries = timeline.processed;
  for (;;) {
    const dueMs = timeline.nextDueMs() ?? Number.POSITIVE_INFINITY;
    // A question that was put off is asked even if nothing more happens.
    const nextMs = store.revision === revision ? dueMs : Math.min(dueMs, nextQuestionMs);
    if (nextMs > untilMs) break;
    cluster.advance(nextMs);
    if (timeline.processed - entries > ENTRIES_AT_ONCE) {
      entries = timeline.processed;
      progress(timeline.nowMs - startMs);
    }
    if (store.revision === revision || timeline.nowMs < nextQuestionMs) continue;
    revision = store.revision;
    nextQuestionMs = timeline.nowMs + condition.everyMs;
    if (condition.isMet(cluster)) return true;
  }
  cluster.advance(untilMs);
  return condition.isMet(cluster);
}

function strike(cluster: Cluster, planned: Planned): void {
  if (planned.action === 'load') {
    send(cluster, planned);
    return;
  }
  const { action, failure, target, text } = planned;
  try {
    if (action === 'fail') cluster.command({ type: 'fail', failure, target });
    else cluster.command({ type: 'heal', id: healedId(cluster, failure, target) });
  } catch (error) {
    if (!(error instanceof UnknownFailure)) throw error;
    throw new UsageError(`--${action} ${text}: ${error.message}${action === 'fail' ? choice(cluster, failure) : ''}`);
  }
}

function send(cluster: Cluster, { service, requestsPerSecond, text }: PlannedLoad): void {
  try {
    cluster.command({ type: 'load', service, requestsPerSecond });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    throw new UsageError(`--load ${text}: ${error.message}`);
  }
}

const CHOICE_MAX = 12;

/** The zones or nodes there are, where a name was none of them. */
function choice({ scenario }: Cluster, failure: string): string {
  const target = failureKinds.find(({ name }) => name === failure)?.target;
  if (target !== 'node' && target !== 'zone') return '';
  const names = [...new Set(scenario.machines.map(({ name, zone }) => (target === 'node' ? name : zone)))];
  const more = names.length > CHOICE_MAX ? `, and ${names.length - CHOICE_MAX} more` : '';
  return `; there are: ${names.slice(0, CHOICE_MAX).join(', ')}${more}`;
}

/** Two names may mean one thing (a volume and its disk), so the failure in force is looked for by what it struck. */
function healedId(cluster: Cluster, failure: string, target: string): string {
  const inForce = cluster.failures.active.filter((active) => active.failure === failure);
  return inForce.find((active) => active.target === target || active.target.endsWith(`/${target}`))?.id ?? `${failure}:${target}`;
}
