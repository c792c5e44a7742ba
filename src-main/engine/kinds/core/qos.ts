// The quality-of-service class of a pod, which decides who is evicted and killed first. upstream: pkg/apis/core/v1/helper/qos/qos.go ComputePodQOS
import { quantityMilliValue } from '../../meta/quantity.ts';
import type { PodSpec, ResourceList } from './pod-spec.ts';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const counted = ['cpu', 'memory'] as const;

export function qosClass(spec: Pick<PodSpec, 'containers' | 'initContainers' | 'resources'>): QosClass {
  const parts = spec.resources === undefined ? [...spec.containers, ...(spec.initContainers ?? [])] : [spec];
  const requests = new Map<string, number>();
  const limits = new Map<string, number>();
  let guaranteed = true;
  for (const { resources } of parts) {
    add(requests, resources?.requests);
    if (add(limits, resources?.limits) < counted.length) guaranteed = false;
  }
  if (requests.size === 0 && limits.size === 0) return 'BestEffort';
  for (const [name, request] of requests) if (limits.get(name) !== request) guaranteed = false;
  return guaranteed && requests.size === limits.size ? 'Guaranteed' : 'Burstable';
}

/** Adds what is above zero; returns how many of the counted resources were. */
function add(sums: Map<string, number>, list: ResourceList | undefined): number {
  let found = 0;
  for (const name of counted) {
    const quantity = list?.[name];
    const amount = quantity === undefined ? 0 : quantityMilliValue(quantity);
    if (amount <= 0) continue;
    found += 1;
    sums.set(name, (sums.get(name) ?? 0) + amount);
  }
  return found;
}
