// Why the containers of a pod are not started although nothing of theirs is missing: one before them, or a hook, is not done.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { isSidecar } from '../../engine/kinds/core/pod-spec.ts';
import type { ContainerState } from '../../engine/kubelet/kubelet-state.ts';
import { type ContainerSpec, containersOf } from './kubelet-memory.ts';
import { line, type Question } from './question.ts';

export const startHeldUp: Question = {
  name: 'startHeldUp',
  answer: (cluster, kind, object) => (kind === 'Pod' ? ofPod(cluster, object as Pod) : []),
};

/** Containers are started one after the other. upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go computeInitContainerActions, startContainer */
function ofPod(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  if (pod.metadata.deletionTimestamp !== undefined) return [];
  const all = pod.spec.initContainers?.length ?? 0;
  for (const [done, { spec, state }] of containersOf(cluster, pod).entries()) {
    if (state.life.value === 'running.postStart') return [line('hook', ranFrom(spec, state))];
    if (done >= all) continue;
    if (isDone(pod, spec, state)) continue;
    if (state.process === null) return [];
    return [line(isSidecar(spec) ? 'sidecar' : 'init', { ...ranFrom(spec, state), done, all })];
  }
  return [];
}

function isDone({ status }: Pod, spec: ContainerSpec, { ended, process }: ContainerState): boolean {
  if (!isSidecar(spec)) return process === null && ended?.exitCode === 0;
  return (status.initContainerStatuses ?? []).some(({ name, started }) => name === spec.name && started === true);
}

function ranFrom({ name }: ContainerSpec, { startedMs }: ContainerState): WhyLine['values'] {
  return { container: name, sinceAtMs: startedMs };
}
