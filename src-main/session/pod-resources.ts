// What a pod asks for and may use, as `kubectl describe node` counts it: beside what it uses, for whoever looks at it.
import type { PodResources } from '../contract/usage.ts';
import type { Pod } from '../engine/kinds/core/pod.ts';
import { podRequests } from '../engine/kinds/core/pod-requests.ts';
import { isSidecar, type PodSpec } from '../engine/kinds/core/pod-spec.ts';
import { podTotals } from '../engine/kinds/core/pod-totals.ts';
import { scaledQuantity } from '../engine/meta/quantity.ts';

export function podResources({ spec }: Pod): PodResources {
  const { cpuMillis, memoryBytes } = podRequests({ spec });
  return {
    requests: { cpuMillis: cpuMillis || null, memoryBytes: memoryBytes || null },
    limits: { cpuMillis: limitOf(spec, 'cpu', -3), memoryBytes: limitOf(spec, 'memory', 0) },
    containers: [...spec.containers, ...((spec as PodSpec).initContainers ?? []).filter(isSidecar)].map(({ name, resources }) => ({
      name,
      requests: resources?.requests ?? {},
      limits: resources?.limits ?? {},
    })),
  };
}

/** One container without a limit may use whatever there is, and so may its pod. */
function limitOf(spec: Pod['spec'], name: string, scale: number): number | null {
  const whole = spec as PodSpec;
  const isBound = whole.resources?.limits?.[name] !== undefined || spec.containers.every(({ resources }) => resources?.limits?.[name]);
  const limit = isBound ? podTotals(whole, 'limits').get(name) : undefined;
  return limit === undefined ? null : Number(scaledQuantity(limit, scale));
}
