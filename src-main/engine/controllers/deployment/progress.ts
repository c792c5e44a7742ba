// What the condition Progressing says of a rollout: the chart decides, the condition follows.
// upstream: pkg/controller/deployment/progress.go syncRolloutStatus, pkg/controller/deployment/sync.go checkPausedConditions
import type { Deployment } from '../../kinds/apps/deployment.ts';
import { findCondition, removeCondition } from '../../meta/conditions.ts';
import { rolloutChart } from '../../statecharts/rollout.chart.ts';
import { type StepHost, step } from '../../statecharts/step.ts';
import {
  type DeploymentCondition,
  type DeploymentStatus,
  hasProgressDeadline,
  hasTimedOut,
  isComplete,
  isProgressing,
  NEW_SET_AVAILABLE,
  newCondition,
  TIMED_OUT,
  withCondition,
} from './status.ts';

export type ProgressEvent = 'count' | 'found' | 'created' | 'createFailed' | 'pause' | 'resume';

/** Facts that some events bring along. */
export interface ProgressNews {
  /** Name of the new ReplicaSet. */
  readonly set?: string;
  readonly failure?: string;
  readonly unixMs: number;
}

const stateOfReason: Readonly<Record<string, string>> = {
  FoundNewReplicaSet: 'started',
  NewReplicaSetCreated: 'started',
  DeploymentResumed: 'started',
  ReplicaSetUpdated: 'progressing',
  [NEW_SET_AVAILABLE]: 'complete',
  [TIMED_OUT]: 'timedOut',
  DeploymentPaused: 'paused',
  ReplicaSetCreateError: 'refused',
};

/** Where the rollout is, by its condition Progressing. */
export function progressState(status: DeploymentStatus): string {
  const condition = findCondition(status.conditions, 'Progressing');
  return condition === undefined ? 'unreported' : (stateOfReason[condition.reason ?? ''] ?? 'started');
}

/** The conditions after the event; the same value when nothing changes. `next` is what was counted just now. */
export function stepProgress(
  deployment: Deployment,
  next: DeploymentStatus,
  event: ProgressEvent,
  news: ProgressNews,
): readonly DeploymentCondition[] {
  let conditions = next.conditions ?? [];
  const hasDeadline = hasProgressDeadline(deployment);
  if (!hasDeadline && event !== 'count') return conditions;
  const host: StepHost = {
    whose: deployment.metadata.uid,
    guard: (name) => answer(name, deployment, next, news.unixMs),
    action: (name) => {
      conditions = report(name, deployment, conditions, news);
    },
  };
  const states = { work: 'unseen', progress: progressState(deployment.status) };
  step(rolloutChart, states, 'progress', hasDeadline ? event : 'dropDeadline', host);
  return conditions;
}

function answer(guard: string, deployment: Deployment, next: DeploymentStatus, unixMs: number): boolean {
  if (guard === 'allUpdated') return next.replicas === next.updatedReplicas;
  if (guard === 'isComplete') return isComplete(deployment, next);
  if (guard === 'isProgressing') return isProgressing(deployment.status, next);
  return hasTimedOut(deployment, next, unixMs);
}

function report(
  action: string,
  deployment: Deployment,
  conditions: readonly DeploymentCondition[],
  news: ProgressNews,
): readonly DeploymentCondition[] {
  const { set, failure = '', unixMs } = news;
  const condition = (status: string, reason: string, message: string): DeploymentCondition =>
    newCondition('Progressing', status, reason, message, unixMs);
  const subject = set === undefined ? `Deployment "${deployment.metadata.name}"` : `ReplicaSet "${set}"`;
  if (action === 'removeReport') return removeCondition(conditions, 'Progressing');
  // Replaced even when it says the same: its update time is what the deadline counts from.
  if (action === 'reportProgress') {
    const current = findCondition(deployment.status.conditions, 'Progressing');
    const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
    const moving = condition('True', 'ReplicaSetUpdated', `${subject} is progressing.`);
    return [...removeCondition(conditions, 'Progressing'), since === undefined ? moving : { ...moving, lastTransitionTime: since }];
  }
  const said: Readonly<Record<string, () => DeploymentCondition>> = {
    reportFound: () => condition('True', 'FoundNewReplicaSet', `Found new replica set "${set}"`),
    reportCreated: () => condition('True', 'NewReplicaSetCreated', `Created new replica set "${set}"`),
    reportCreateError: () => condition('False', 'ReplicaSetCreateError', failure),
    reportPaused: () => condition('Unknown', 'DeploymentPaused', 'Deployment is paused'),
    reportResumed: () => condition('Unknown', 'DeploymentResumed', 'Deployment is resumed'),
    reportComplete: () => condition('True', NEW_SET_AVAILABLE, `${subject} has successfully progressed.`),
    reportTimeout: () => condition('False', TIMED_OUT, `${subject} has timed out progressing.`),
  };
  const make = said[action];
  return make === undefined ? conditions : withCondition(conditions, make());
}
