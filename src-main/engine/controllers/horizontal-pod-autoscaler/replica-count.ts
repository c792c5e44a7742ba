// How many replicas one metric asks for, before any limit: the ratio of what is measured to what is wanted, with care for pods that tell nothing.
// upstream: pkg/controller/podautoscaler/replica_calculator.go, metrics/utilization.go
import type { Pod } from '../../kinds/core/pod.ts';
import { isPodReady } from '../pod-state.ts';
import { MetricsFailure, type Samples } from './metric-samples.ts';
import { groupPods, type PodGroups, type Readiness } from './pod-groups.ts';
import { requestedMillis } from './requested-resource.ts';

export interface Tolerance {
  readonly scaleUp: number;
  readonly scaleDown: number;
}

export interface CountRules extends Readiness {
  readonly tolerance: Tolerance;
}

export interface Proposal {
  readonly replicas: number;
  /** What was measured, in thousandths. */
  readonly current: number;
  /** Percent of the requests, where that is the measure. */
  readonly utilization?: number;
}

/** A share of the requests. `container` '': of the whole pods. upstream: GetResourceReplicas */
export function utilizationReplicas(
  currentReplicas: number,
  targetPercent: number,
  about: { readonly resource: string; readonly container: string },
  pods: readonly Pod[],
  samples: Samples,
  rules: CountRules,
): Proposal {
  const { groups, values } = counted(pods, samples, about.resource, rules);
  const requests = new Map(pods.map((pod) => [pod.metadata.name, requestedMillis(pod, about.resource, about.container)]));
  const ratioOf = (measured: Values) => utilizationOf(measured, requests, targetPercent);
  const { ratio, percent, average } = ratioOf(values);
  const idle = (name: string): number => Math.trunc(((requests.get(name) ?? 0) * Math.max(100, targetPercent)) / 100);
  // When the others are just right, a pod that tells nothing stays out of the sum.
  const fallback = (name: string, known: number): number | undefined => (known < 1 ? idle(name) : known > 1 ? 0 : undefined);
  const replicas = replicasOf(currentReplicas, values, groups, ratio, (all) => ratioOf(all).ratio, fallback, rules.tolerance);
  return { replicas, utilization: percent, current: average };
}

/** A value that each pod should have on average; `resource` '' for metrics of the pods' own. upstream: calcPlainMetricReplicas */
export function averageReplicas(
  currentReplicas: number,
  target: number,
  resource: string,
  pods: readonly Pod[],
  samples: Samples,
  rules: CountRules,
): Proposal {
  const { groups, values } = counted(pods, samples, resource, rules);
  const averageOf = (measured: Values): number => Math.trunc(total(measured) / measured.size);
  const ratioOf = (measured: Values): number => averageOf(measured) / target;
  // When the others are just right, a pod that tells nothing is taken for idle: upstream makes no third case here.
  const fallback = (_name: string, known: number): number => (known < 1 ? target : 0);
  const replicas = replicasOf(currentReplicas, values, groups, ratioOf(values), ratioOf, fallback, rules.tolerance);
  return { replicas, current: averageOf(values) };
}

/** One value for all, which grows with the ready pods. upstream: GetObjectMetricReplicas, GetExternalMetricReplicas, getUsageRatioReplicaCount */
export function valueReplicas(
  currentReplicas: number,
  value: number,
  target: number,
  pods: readonly Pod[],
  tolerance: Tolerance,
): Proposal {
  const ratio = value / target;
  if (currentReplicas === 0) return { replicas: Math.ceil(ratio), current: value };
  if (isWithin(ratio, tolerance)) return { replicas: currentReplicas, current: value };
  if (pods.length === 0) throw new MetricsFailure(`unable to calculate ready pods: ${NO_PODS}`);
  const ready = pods.filter((pod) => pod.status.phase === 'Running' && isPodReady(pod)).length;
  return { replicas: atMostInt32(Math.ceil(ratio * ready)), current: value };
}

/** One value that the replicas share. upstream: GetObjectPerPodMetricReplicas, GetExternalPerPodMetricReplicas */
export function sharedReplicas(statusReplicas: number, value: number, target: number, tolerance: Tolerance): Proposal {
  const ratio = value / (target * statusReplicas);
  const replicas = isWithin(ratio, tolerance) ? statusReplicas : atMostInt32(Math.ceil(value / target));
  // A target without a pod yet has no share to tell of.
  return { replicas, current: statusReplicas === 0 ? 0 : Math.ceil(value / statusReplicas) };
}

const INT32_MAX = 2_147_483_647;
const NO_PODS = 'no pods returned by selector while calculating replica count';

/** By pod name, in thousandths. */
type Values = ReadonlyMap<string, number>;

function counted(pods: readonly Pod[], samples: Samples, resource: string, rules: CountRules) {
  if (pods.length === 0) throw new MetricsFailure(NO_PODS);
  const groups = groupPods(pods, samples, resource, rules);
  const values = new Map([...samples].map(([name, { milliValue }]) => [name, milliValue]));
  for (const name of [...groups.ignored, ...groups.unready]) values.delete(name);
  if (values.size === 0) throw new MetricsFailure('did not receive metrics for targeted pods (pods might be unready)');
  return { groups, values };
}

/** upstream: GetResourceUtilizationRatio */
function utilizationOf(values: Values, requests: ReadonlyMap<string, number>, targetPercent: number) {
  let [used, requested, entries] = [0, 0, 0];
  for (const [name, value] of values) {
    const request = requests.get(name);
    if (request === undefined) continue;
    used += value;
    requested += request;
    entries += 1;
  }
  if (requested === 0) throw new MetricsFailure('no metrics returned matched known pods');
  const percent = Math.trunc((used * 100) / requested);
  return { ratio: percent / targetPercent, percent, average: Math.trunc(used / entries) };
}

/** `fallback`: what a pod that tells nothing is taken for, beside others that have this ratio. */
function replicasOf(
  currentReplicas: number,
  values: Values,
  { ready, unready, missing }: PodGroups,
  ratio: number,
  ratioOf: (values: Values) => number,
  fallback: (name: string, ratio: number) => number | undefined,
  tolerance: Tolerance,
): number {
  const countsUnready = unready.length > 0 && ratio > 1;
  if (!countsUnready && missing.length === 0) return isWithin(ratio, tolerance) ? currentReplicas : Math.ceil(ratio * ready);
  const all = new Map(values);
  for (const name of missing) {
    const value = fallback(name, ratio);
    if (value !== undefined) all.set(name, value);
  }
  if (countsUnready) for (const name of unready) all.set(name, 0);
  const next = ratioOf(all);
  if (isWithin(next, tolerance) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return currentReplicas;
  const replicas = Math.ceil(next * all.size);
  const turned = (next < 1 && replicas > currentReplicas) || (next > 1 && replicas < currentReplicas);
  return turned ? currentReplicas : replicas;
}

function atMostInt32(replicas: number): number {
  return Math.min(replicas, INT32_MAX);
}

function isWithin(ratio: number, { scaleUp, scaleDown }: Tolerance): boolean {
  return 1 - scaleDown <= ratio && ratio <= 1 + scaleUp;
}

function total(values: Values): number {
  let sum = 0;
  for (const value of values.values()) sum += value;
  return sum;
}
