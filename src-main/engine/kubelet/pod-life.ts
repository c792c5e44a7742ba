// Reads the pod chart's configuration text: the worker's stage and the published phase.
import type { PodState } from './kubelet-state.ts';

export type Stage = 'mounting' | 'sandboxing' | 'initializing' | 'running' | 'stopping' | 'tearingDown' | 'rejected' | 'terminated';

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
