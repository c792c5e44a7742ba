// The containers of pods and the state of their probes, asked for the few pods that somebody looks at from near.
import type { ContainerPart, PodParts, ProbePart, ProbeType } from '../contract/pod-parts.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import type { KubeletState } from '../engine/kubelet/kubelet-state.ts';

/** More than that are not seen from near at once. */
export const PODS_MAX = 200;

type Container = Pod['spec']['containers'][number];
type ContainerMemory = KubeletState['pods'][string]['containers'][string];

const PROBES: readonly (readonly [ProbeType, 'startupProbe' | 'livenessProbe' | 'readinessProbe'])[] = [
  ['startup', 'startupProbe'],
  ['liveness', 'livenessProbe'],
  ['readiness', 'readinessProbe'],
];

/** Pods that are not there any more are left out. */
export function podParts(cluster: Cluster, keys: readonly string[]): readonly PodParts[] {
  const kubelets = cluster.components.memoryOf('kubelet') as KubeletState | undefined;
  return keys.slice(0, PODS_MAX).flatMap((key) => {
    const pod = cluster.store.get('Pod', key) as Pod | undefined;
    if (pod === undefined) return [];
    const memory = kubelets?.pods[pod.metadata.uid]?.containers ?? {};
    const { initContainers = [], containers } = pod.spec;
    return [
      {
        key,
        containers: [
          ...initContainers.map((container) => containerPart(pod, container, true, memory[container.name])),
          ...containers.map((container) => containerPart(pod, container, false, memory[container.name])),
        ],
      },
    ];
  });
}

function containerPart(pod: Pod, container: Container, isInit: boolean, memory: ContainerMemory | undefined): ContainerPart {
  const statuses = (isInit ? pod.status.initContainerStatuses : pod.status.containerStatuses) ?? [];
  const status = statuses.find(({ name }) => name === container.name);
  const { running, terminated, waiting } = status?.state ?? {};
  const state =
    running !== undefined ? 'running' : terminated === undefined ? 'waiting' : terminated.exitCode === 0 ? 'succeeded' : 'failed';
  return {
    name: container.name,
    isInit,
    state,
    reason: waiting?.reason ?? terminated?.reason ?? '',
    ready: status?.ready === true,
    restarts: status?.restartCount ?? 0,
    probes: PROBES.flatMap(([type, field]): readonly ProbePart[] =>
      container[field] === undefined ? [] : [{ type, state: probeState(type, memory?.probes?.[type]?.life.value) }],
    ),
  };
}

/** States of the probe's chart. A startup probe asks no more once it has succeeded. */
function probeState(type: ProbeType, value: string | undefined): ProbePart['state'] {
  if (value === 'ended' || (type === 'startup' && (value === 'passing' || value === 'gated'))) return 'over';
  return value === 'passing' || value === 'failing' ? value : 'waiting';
}
