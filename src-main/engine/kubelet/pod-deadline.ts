// When a pod has had its time: as many seconds after its start as its specification says at the moment.
// upstream: pkg/kubelet/active_deadline.go
import type { Pod } from '../kinds/core/pod.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';

export const DEADLINE_TIMER = 'active-deadline';

/** Anew, for a pod that its kubelet has just found or that was told another time. */
export function armDeadline(world: KubeletWorld, pod: PodState, { spec }: Pod): void {
  stopDeadline(world, pod);
  const seconds = spec.activeDeadlineSeconds;
  if (seconds === undefined) return;
  const dueMs = pod.seenMs + seconds * 1000;
  pod.deadline = world.after(Math.max(0, dueMs - world.nowMs), DEADLINE_TIMER, pod.uid);
}

export function stopDeadline(world: KubeletWorld, pod: PodState): void {
  world.context.time.cancel(pod.deadline);
  pod.deadline = 0;
}
