// What a kubelet tells of the use of resources on its node (stats/summary): one run of a process for each container that is up, in closed form.
// upstream: pkg/kubelet/server/stats/summary.go, metrics/collectors/resource_metrics.go

import type { Pod } from '../kinds/core/pod.ts';
import type { PodRun } from '../kinds/metrics/resource-metrics.ts';
import { quantityMilliValue } from '../meta/quantity.ts';
import { resourceProfile } from '../runtime/resource-profile.ts';
import { cpuMillisAt, cpuMillisBetween, memoryBytesAt, type ProcessRun, steadyFromMs } from '../runtime/resource-use.ts';
import type { ContainerState, PodState } from './kubelet-state.ts';
import { containerKey, containerOf, type KubeletWorld } from './kubelet-world.ts';

/** The pod's containers that are up, or were until their machine lost its power. */
export function runsOfPod(world: KubeletWorld, pod: PodState): PodRun {
  const object = world.object(pod);
  const containers = [];
  if (object !== undefined)
    for (const name in pod.containers) {
      const run = runOf(world, pod, object, name, pod.containers[name] as ContainerState);
      if (run === null) continue;
      containers.push({
        name,
        startedMs: run.startedMs,
        steadyFromMs: steadyFromMs(run),
        cpuMillisBetween: (fromMs: number, toMs: number) => cpuMillisBetween(run, fromMs, toMs),
        cpuMillisAt: (atMs: number) => cpuMillisAt(run, atMs),
        memoryBytesAt: (atMs: number) => memoryBytesAt(run, atMs),
      });
    }
  return { uid: pod.uid, containers };
}

function runOf(
  world: KubeletWorld,
  pod: PodState,
  object: Pod,
  name: string,
  { process, startedMs, lostUpMs }: ContainerState,
): ProcessRun | null {
  const spec = containerOf(object, name);
  const { physics } = world.context;
  const upMs = process?.upMs ?? (physics.powered(pod.node) ? undefined : lostUpMs);
  if (upMs === undefined || spec === undefined) return null;
  const limit = spec.resources?.limits?.['cpu'] ?? physics.get('machine', pod.node)?.capacity.cpu ?? '1';
  return {
    startedMs,
    upMs,
    profile: resourceProfile(spec, object.metadata.annotations),
    cpuMillisMax: quantityMilliValue(limit),
    traffic: physics.get('traffic', containerKey(pod, name)) ?? [],
  };
}
