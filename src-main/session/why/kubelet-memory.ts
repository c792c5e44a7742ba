// What the kubelet of a pod's node remembers of it: back-offs, probes and lives, which the API object tells only in part.
import type { Cluster } from '../../engine/cluster.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import type { ContainerState, KubeletState, PodState } from '../../engine/kubelet/kubelet-state.ts';
import { isConditionTrue } from '../../engine/meta/conditions.ts';

export type ContainerSpec = Pod['spec']['containers'][number];

export function kubeletOf({ components }: Cluster): KubeletState | undefined {
  return components.memoryOf('kubelet') as KubeletState | undefined;
}

export function podStateOf(cluster: Cluster, { metadata }: Pod): PodState | undefined {
  return kubeletOf(cluster)?.pods[metadata.uid];
}

/** Containers of the pod with what is known of them, init containers first. */
export function containersOf(cluster: Cluster, pod: Pod): readonly { readonly spec: ContainerSpec; readonly state: ContainerState }[] {
  const states = podStateOf(cluster, pod)?.containers ?? {};
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers].flatMap((spec) => {
    const state = states[spec.name];
    return state === undefined ? [] : [{ spec, state }];
  });
}

/** When a delay of a container's life comes due. */
export function delayOf({ timeline }: Cluster, { life }: ContainerState, name: string): number | null {
  const timer = life.timers[name];
  return timer === undefined ? null : timeline.dueMs(timer);
}

/** Does the API know the node as one whose kubelet answers? */
export function nodeAnswers(cluster: Cluster, name: string): boolean {
  const node = cluster.store.get('Node', name) as Node | undefined;
  return node !== undefined && isConditionTrue(node.status.conditions, 'Ready');
}
