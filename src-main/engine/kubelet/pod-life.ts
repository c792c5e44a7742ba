// Where a pod is in its life: the worker's stage and the published phase, read from the pod chart's configuration text, and what follows from them.
import type { ContainerState, PodState } from './kubelet-state.ts';

export type Stage =
  | 'mounting'
  | 'sandboxFailed'
  | 'sandboxing'
  | 'initializing'
  | 'running'
  | 'stopping'
  | 'tearingDown'
  | 'rejected'
  | 'terminated';

export type PodEvent =
  | 'mounted'
  | 'initialized'
  | 'restarted'
  | 'spared'
  | 'reject'
  | 'terminate'
  | 'stopped'
  | 'phasePending'
  | 'phaseRunning'
  | 'phaseSucceeded'
  | 'phaseFailed';

/** What tells the chart of the phase that was published. */
export const PHASE_EVENTS: Readonly<Record<string, PodEvent>> = {
  Pending: 'phasePending',
  Running: 'phaseRunning',
  Succeeded: 'phaseSucceeded',
  Failed: 'phaseFailed',
};

export function stageOf({ life }: PodState): Stage {
  return life.value.slice('work.'.length, life.value.indexOf('|')) as Stage;
}

export function phaseOf({ life }: PodState): string {
  return life.value.slice(life.value.indexOf('|') + '|phase.'.length);
}

/** The pod's containers are being stopped, or are. */
export function isEnding(pod: PodState): boolean {
  const stage = stageOf(pod);
  return stage === 'stopping' || stage === 'tearingDown' || stage === 'terminated' || stage === 'rejected';
}

/** The kubelet has begun to end it, and its phase does not tell. */
export function isJudgedUntold(pod: PodState): boolean {
  const stage = stageOf(pod);
  const phase = phaseOf(pod);
  return pod.verdict !== null && (stage === 'stopping' || stage === 'tearingDown') && (phase === 'Pending' || phase === 'Running');
}

/** The look at the pod that stopped a container for its probe or its resources has not yet started it again: nobody looks meanwhile. */
export function isBetweenRuns(pod: PodState): boolean {
  return Object.values(pod.containers).some(({ replacing, process }) => replacing !== undefined && process === null);
}

const STARTING: ReadonlySet<string> = new Set(['waiting.pulling', 'waiting.creating', 'running.postStart']);

/** The look at the pod that starts the container has not come to its end: a hook that fails ends the run within the same look. */
export function isStarting({ life, hookFault, process }: ContainerState): boolean {
  return STARTING.has(life.value) || (hookFault !== undefined && process !== null);
}

/** Of a look that goes on. */
export const LOOK_TIMER = 'look';

/** Containers are started one after the other by one look at the pod, which tells of none of it before the end. upstream: pkg/kubelet/kuberuntime/kuberuntime_manager.go SyncPod */
export function isBusy(pod: PodState): boolean {
  return !isEnding(pod) && Object.values(pod.containers).some(isStarting);
}
