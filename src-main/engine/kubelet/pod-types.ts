// Short names for the parts of a pod that the kubelet's rules speak of, and the questions all of them ask.
import type { Pod } from '../kinds/core/pod.ts';

export type Container = Pod['spec']['containers'][number];
export type ContainerStatus = NonNullable<Pod['status']['containerStatuses']>[number];
export type ContainerStateValue = NonNullable<ContainerStatus['state']>;
export type PodCondition = NonNullable<Pod['status']['conditions']>[number];
export type Probe = NonNullable<Container['livenessProbe']>;
export type ProbeType = 'liveness' | 'readiness' | 'startup';

/** Containers that somebody put into the pod to look around in it; they are started once. */
export function ephemeralOf({ spec }: Pod): readonly Container[] {
  return (spec.ephemeralContainers ?? NONE) as unknown as readonly Container[];
}

const NONE: readonly Container[] = [];

/** An init container that goes on running beside the others. upstream: podutil.IsRestartableInitContainer */
export function isSidecar(container: Container): boolean {
  return (container as { readonly restartPolicy?: string }).restartPolicy === 'Always';
}

/** Does whoever wrote it expect its end? Whatever else ends is started again. */
export function isToEnd({ spec }: Pod, container: Container): boolean {
  if (isSidecar(container)) return false;
  return spec.restartPolicy === 'Never' || spec.restartPolicy === 'OnFailure' || spec.initContainers?.includes(container) === true;
}

export function statusOf(statuses: readonly ContainerStatus[], name: string): ContainerStatus | undefined {
  for (let index = 0; index < statuses.length; index += 1) {
    const status = statuses[index] as ContainerStatus;
    if (status.name === name) return status;
  }
  return undefined;
}
