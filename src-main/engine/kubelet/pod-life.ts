// Where a pod is in its life: the worker's stage and the published phase, read from the pod chart's configuration text, and what follows from them.
import type { PodState } from './kubelet-state.ts';

export type Stage = 'mounting' | 'sandboxing' | 'initializing' | 'running' | 'stopping' | 'tearingDown' | 'rejected' | 'terminated';

export type PodEvent =
  | 'mounted'
  | 'initialized'
  | 'restarted'
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

/** The look at the pod that stopped a container for its probe or its resources has not yet started it again: nobody looks meanwhile. */
export function isBetweenRuns(pod: PodState): boolean {
  return Object.values(pod.containers).some(({ replacing, process }) => replacing !== undefined && process === null);
}
