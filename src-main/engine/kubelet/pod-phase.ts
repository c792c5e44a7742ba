// Pod phase as the kubelet computes it: the phase is a summary of the containers' states, never set by hand.
import type { Pod } from '../kinds/core/pod.ts';
import type { Container, ContainerStatus } from './pod-types.ts';
import { isSidecar, statusOf } from './pod-types.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

interface Count {
  unknown: number;
  running: number;
  waiting: number;
  stopped: number;
  succeeded: number;
}

/** `terminal`: nothing of the pod will be started again. A `previous` phase that is final stays. upstream: pkg/kubelet/kubelet_pods.go getPhase */
export function podPhase(
  spec: Pod['spec'],
  statuses: readonly ContainerStatus[],
  terminal: boolean,
  previous: string | undefined,
): PodPhase {
  if (previous === 'Succeeded' || previous === 'Failed') return previous;
  const { containers, initContainers = NONE } = spec;
  const [sidecars, others] = initContainers.length === 0 ? NO_CONTAINERS : partition(initContainers);
  const regular = countInitContainers(others, statuses);
  const count: Count = { unknown: 0, running: 0, waiting: 0, stopped: 0, succeeded: 0 };
  const pendingSidecars = countSidecars(sidecars, statuses, count);
  for (let index = 0; index < containers.length; index += 1)
    countContainer(statusOf(statuses, (containers[index] as Container).name), count);
  if (regular.failed > 0 && spec.restartPolicy === 'Never') return 'Failed';
  if (regular.pending > 0 || (pendingSidecars > 0 && !anyRegularStarted(spec, statuses)) || count.waiting > 0) return 'Pending';
  if (count.unknown > 0) return 'Pending';
  if (count.running > 0) return 'Running';
  return count.stopped > 0 ? phaseOfStopped(spec, count, terminal) : 'Pending';
}

type Containers = readonly Container[];
const NONE: Containers = [];
const NO_CONTAINERS: readonly [Containers, Containers] = [NONE, NONE];

function partition(initContainers: Containers): readonly [sidecars: Containers, others: Containers] {
  return [initContainers.filter(isSidecar), initContainers.filter((container) => !isSidecar(container))];
}

/** upstream: pkg/kubelet/container/helpers.go HasAnyRegularContainerStarted */
export function anyRegularStarted(spec: Pod['spec'], statuses: readonly ContainerStatus[]): boolean {
  return (spec.containers ?? []).some(({ name }) => {
    const state = statusOf(statuses, name)?.state;
    return state?.running !== undefined || state?.terminated !== undefined;
  });
}

function phaseOfStopped(spec: Pod['spec'], { stopped, succeeded }: Count, terminal: boolean): PodPhase {
  if (terminal) return stopped === succeeded ? 'Succeeded' : 'Failed';
  if (spec.restartPolicy === undefined || spec.restartPolicy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return spec.restartPolicy === 'Never' ? 'Failed' : 'Running';
}

function countInitContainers(
  containers: readonly Container[],
  statuses: readonly ContainerStatus[],
): { readonly pending: number; readonly failed: number } {
  let pending = 0;
  let failed = 0;
  for (const { name } of containers) {
    const status = statusOf(statuses, name);
    const ended = status?.state?.terminated ?? (status?.state?.waiting === undefined ? undefined : status.lastState?.terminated);
    if (status?.state?.running !== undefined || ended === undefined) pending += 1;
    else if (ended.exitCode !== 0) failed += 1;
  }
  return { pending, failed };
}

/** Returns how many sidecars hold the start up. */
function countSidecars(containers: readonly Container[], statuses: readonly ContainerStatus[], count: Count): number {
  let pending = 0;
  for (const { name } of containers) {
    const status = statusOf(statuses, name);
    if (status === undefined) count.unknown += 1;
    else if (status.state?.running !== undefined) {
      count.running += 1;
      if (status.started !== true) pending += 1;
    } else if (status.state?.terminated !== undefined) continue;
    else if (status.state?.waiting === undefined) {
      count.unknown += 1;
      pending += 1;
    } else if (status.lastState?.terminated === undefined) {
      count.waiting += 1;
      pending += 1;
    }
  }
  return pending;
}

function countContainer(status: ContainerStatus | undefined, count: Count): void {
  const state = status?.state;
  if (state?.running !== undefined) count.running += 1;
  else if (state?.terminated !== undefined) {
    count.stopped += 1;
    if (state.terminated.exitCode === 0) count.succeeded += 1;
  } else if (state?.waiting === undefined) count.unknown += 1;
  else if (status?.lastState?.terminated === undefined) count.waiting += 1;
  else count.stopped += 1;
}
