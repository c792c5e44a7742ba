// Suites of the horizontal pod autoscaler: a case's pods and samples are put before the rules that the lab's controller runs.
import { parseTimestamp } from '../../../engine/base/timestamp.ts';
import { autoscale, ScaleRefused } from '../../../engine/controllers/horizontal-pod-autoscaler/autoscale.ts';
import type { AutoscalerMemory, ScaleStep } from '../../../engine/controllers/horizontal-pod-autoscaler/autoscaler-memory.ts';
import { MetricUnusable, proposalOf } from '../../../engine/controllers/horizontal-pod-autoscaler/metric-proposal.ts';
import { MetricsFailure, type MetricsSource, type Sample } from '../../../engine/controllers/horizontal-pod-autoscaler/metric-samples.ts';
import { BEGINNING_MS, groupPods } from '../../../engine/controllers/horizontal-pod-autoscaler/pod-groups.ts';
import type { CountRules, Tolerance } from '../../../engine/controllers/horizontal-pod-autoscaler/replica-count.ts';
import { requestedMillis } from '../../../engine/controllers/horizontal-pod-autoscaler/requested-resource.ts';
import {
  limitByBehavior,
  limitPlain,
  scaleDownLimit,
  scaleUpLimit,
} from '../../../engine/controllers/horizontal-pod-autoscaler/scaling-limits.ts';
import { stabilizeBoth, stabilizeDown } from '../../../engine/controllers/horizontal-pod-autoscaler/stabilization.ts';
import type { Behavior, HorizontalPodAutoscaler, MetricSpec } from '../../../engine/kinds/autoscaling/autoscaler.ts';
import { horizontalPodAutoscalerKind, wholeBehavior } from '../../../engine/kinds/autoscaling/horizontal-pod-autoscaler.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import { parseLabelSelector } from '../../../engine/meta/label-selector-text.ts';
import { compileRequirements } from '../../../engine/meta/labels.ts';
import { parseQuantity, quantityMilliValue } from '../../../engine/meta/quantity.ts';
import type { Suites } from './run-conformance.ts';
import { wholeCasePod } from './whole-object.ts';

const NOW_MS = 1_700_000_000_000;

export const autoscalingSuites: Suites = {
  'hpa.behavior': limits,
  'hpa.stabilization': stabilization,
  'hpa.pod-groups': podGroups,
  'hpa.requests': ({ pod, container }: { pod: Pod; container: string }) =>
    orError(() => ({ milliCpu: requestedMillis(wholeCasePod(pod), 'cpu', container ?? '') })),
  'hpa.replicas': replicas,
  'hpa.conditions': {
    run: conditions,
    compare: (actual, expected) => compareConditions(actual as ConditionsOutcome, expected as ConditionsOutcome),
  },
};

interface PastStep {
  readonly change: number;
  readonly secondsAgo: number;
}

interface LimitCase {
  readonly kind: 'step' | 'upLimit' | 'downLimit';
  readonly currentReplicas: number;
  readonly desiredReplicas: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly behavior: Behavior | null;
  readonly scaleUpEvents?: readonly PastStep[];
  readonly scaleDownEvents?: readonly PastStep[];
}

function limits(given: LimitCase): unknown {
  const { kind, currentReplicas, desiredReplicas, behavior } = given;
  const steps = { ups: past(given.scaleUpEvents), downs: past(given.scaleDownEvents), nowMs: NOW_MS };
  const whole = wholeBehavior(behavior ?? {});
  if (kind === 'upLimit') return { limit: scaleUpLimit(currentReplicas, whole.scaleUp, steps) };
  if (kind === 'downLimit') return { limit: scaleDownLimit(currentReplicas, whole.scaleDown, steps) };
  const { replicas: size, reason } =
    (behavior ?? null) === null
      ? limitPlain(currentReplicas, desiredReplicas, given)
      : limitByBehavior(currentReplicas, desiredReplicas, given, whole, steps);
  return { replicas: size, reason };
}

function past(steps: readonly PastStep[] | undefined): readonly ScaleStep[] {
  return (steps ?? []).map(({ change, secondsAgo }) => ({ change, atMs: NOW_MS - secondsAgo * 1000 }));
}

interface PastSize {
  readonly replicas: number;
  readonly secondsAgo: number;
}

interface StabilizationCase {
  readonly currentReplicas: number | null;
  readonly desiredReplicas: number;
  readonly recommendations: readonly PastSize[];
  readonly scaleUpWindowSeconds: number;
  readonly scaleDownWindowSeconds: number;
}

function stabilization({ currentReplicas, desiredReplicas, recommendations, ...seconds }: StabilizationCase): unknown {
  const known = sizes(recommendations ?? []);
  const windows = { scaleUpMs: seconds.scaleUpWindowSeconds * 1000, scaleDownMs: seconds.scaleDownWindowSeconds * 1000 };
  const stabilized =
    currentReplicas === null || currentReplicas === undefined
      ? stabilizeDown(desiredReplicas, known, NOW_MS, windows.scaleDownMs)
      : stabilizeBoth(currentReplicas, desiredReplicas, known, NOW_MS, windows);
  return { replicas: stabilized.replicas };
}

function sizes(list: readonly PastSize[]): AutoscalerMemory['recommendations'] & readonly unknown[] {
  return list.map(({ replicas: size, secondsAgo }) => ({ replicas: size, atMs: NOW_MS - secondsAgo * 1000 }));
}

interface TimedSample {
  readonly timestamp?: string;
  readonly windowSeconds?: number;
}

interface Timing {
  readonly now: string;
  readonly cpuInitializationSeconds: number;
  readonly initialReadinessSeconds: number;
}

interface GroupCase extends Timing {
  readonly resource: string;
  readonly pods: readonly Pod[];
  readonly samples: Readonly<Record<string, TimedSample>>;
}

function podGroups(given: GroupCase): unknown {
  const samples = new Map(Object.entries(given.samples ?? {}).map(([name, sample]) => [name, sampleOf(sample, 0)]));
  return groupPods((given.pods ?? []).map(wholeCasePod), samples, given.resource, readinessOf(given));
}

function readinessOf({ now, cpuInitializationSeconds, initialReadinessSeconds }: Timing) {
  return {
    nowMs: parseTimestamp(now) ?? 0,
    cpuInitializationMs: cpuInitializationSeconds * 1000,
    initialReadinessMs: initialReadinessSeconds * 1000,
  };
}

/** A time that is left out lies at the beginning of all times. */
function sampleOf({ timestamp, windowSeconds = 0 }: TimedSample, milliValue: number): Sample {
  const atMs = parseTimestamp(timestamp ?? '') ?? BEGINNING_MS;
  return { milliValue, atMs, windowMs: windowSeconds * 1000 };
}

interface PodSample extends TimedSample {
  readonly pod: string;
  readonly value?: string;
  readonly containers?: Readonly<Record<string, string>>;
}

interface ReplicasCase extends Timing {
  readonly currentReplicas: number;
  readonly tolerance: Tolerance;
  readonly metric: MetricSpec;
  readonly pods: readonly Pod[];
  readonly samples: readonly PodSample[] | string | readonly string[] | null;
}

function replicas({ currentReplicas, tolerance, metric, pods, samples, ...timing }: ReplicasCase): unknown {
  const target = {
    namespace: 'test-namespace',
    specReplicas: currentReplicas,
    statusReplicas: currentReplicas,
    pods: (pods ?? []).map(wholeCasePod),
  };
  const rules: CountRules = { ...readinessOf(timing), tolerance };
  return orError(() => {
    const { replicas: size, status } = proposalOf(metric, target, sourceOf(samples), rules);
    const { resource, containerResource, pods: own, object, external } = status;
    const current = (resource ?? containerResource ?? own ?? object ?? external)?.current;
    const utilization = current?.averageUtilization;
    return {
      replicas: size,
      ...(utilization === undefined ? {} : { utilization }),
      current: quantityMilliValue(current?.averageValue ?? current?.value ?? ''),
    };
  });
}

/** Answers each question with what the case says that the metrics API returns. */
function sourceOf(given: ReplicasCase['samples']): MetricsSource {
  const list = (): readonly PodSample[] => {
    if (given === null || given === undefined) throw new MetricsFailure('no metrics returned from resource metrics API');
    return given as readonly PodSample[];
  };
  return {
    resource: (_pods, _resource, container) =>
      new Map(
        list().map((sample) => {
          const used = Object.entries(sample.containers ?? {}).filter(([name]) => container === '' || name === container);
          return [
            sample.pod,
            sampleOf(
              sample,
              used.reduce((sum, [, text]) => sum + quantityMilliValue(text), 0),
            ),
          ];
        }),
      ),
    pods: () => new Map(list().map((sample) => [sample.pod, sampleOf(sample, quantityMilliValue(sample.value ?? ''))])),
    object: () => quantityMilliValue(known(given) as string),
    external: () => (known(given) as readonly string[]).map(quantityMilliValue),
  };
}

function known<T>(given: T | null | undefined): T {
  if (given === null || given === undefined) throw new MetricsFailure('unable to get metric');
  return given;
}

function orError(run: () => object): object {
  try {
    return run();
  } catch (error) {
    if (error instanceof MetricsFailure || error instanceof MetricUnusable) return { error: true };
    throw error;
  }
}

interface ConditionsCase {
  readonly hpa: { readonly spec: HorizontalPodAutoscaler['spec'] };
  readonly scale: { readonly specReplicas: number; readonly statusReplicas: number; readonly selector: string } | null;
  readonly pods: readonly { readonly name: string; readonly requestCpu: string }[];
  /** Object: a value; External: values. */
  readonly samples: readonly (Readonly<Record<string, string>> | string | readonly string[] | null)[];
  readonly recommendations: readonly PastSize[] | null;
  readonly otherSelectors: readonly string[];
}

interface ConditionsOutcome {
  readonly replicas: number;
  readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
}

function conditions(given: ConditionsCase): ConditionsOutcome {
  const { scale, pods, samples, recommendations } = given;
  const autoscaler = horizontalPodAutoscalerKind.defaults({
    metadata: { name: 'test-hpa', namespace: 'test-namespace' },
    spec: given.hpa.spec,
    status: { desiredReplicas: 0 },
  } as HorizontalPodAutoscaler);
  const { metrics = [] } = autoscaler.spec;
  let size = scale?.specReplicas ?? 3;
  const selected = pods.map((pod) => runningPod(pod, scale?.selector ?? ''));
  const sampleAt = (spec: MetricSpec | undefined) => known(spec === undefined ? null : samples[metrics.indexOf(spec)]);
  const samplesOf = (spec: MetricSpec | undefined) => {
    const values = sampleAt(spec) as Readonly<Record<string, string>>;
    return new Map(Object.entries(values).map(([name, text]) => [name, sampleOf({ timestamp: timestampOf(0) }, quantityMilliValue(text))]));
  };
  const memory: AutoscalerMemory = {
    recommendations: recommendations === null || recommendations === undefined ? null : sizes(recommendations),
    ups: [],
    downs: [],
  };
  const status = autoscale(autoscaler, memory, {
    rules: { nowMs: NOW_MS, cpuInitializationMs: 120_000, initialReadinessMs: 10_000, tolerance: { scaleUp: 0.1, scaleDown: 0.1 } },
    source: {
      resource: (_pods, resource) => samplesOf(metrics.find((one) => one.resource?.name === resource)),
      pods: (_pods, metric) => samplesOf(metrics.find((one) => one.pods?.metric.name === metric.name)),
      object: (_namespace, _object, metric) =>
        quantityMilliValue(sampleAt(metrics.find((one) => one.object?.metric.name === metric.name)) as string),
      external: (_namespace, metric) =>
        [sampleAt(metrics.find((one) => one.external?.metric.name === metric.name)) as string | readonly string[]]
          .flat()
          .map(quantityMilliValue),
    },
    timestamp: timestampOf(0),
    scaleDownWindowMs: 300_000,
    scale: () => {
      if (scale === null || scale === undefined) throw new ScaleRefused('cannot be read');
      return scale;
    },
    rescale: (wanted) => {
      size = wanted;
    },
    pods: () => selected,
    autoscalersOf: (found) => ['test-hpa', ...(given.otherSelectors ?? []).filter((selector) => selectsSome(selector, found))],
    tell: () => {},
  });
  return { replicas: size, conditions: status.conditions ?? [] };
}

function selectsSome(selector: string, pods: readonly Pod[]): boolean {
  const matches = compileRequirements(parseLabelSelector(selector).value ?? []);
  return pods.some(({ metadata }) => matches(metadata.labels));
}

/** The case's pods have just the labels that their autoscaler's target looks for. */
function labelsFor(selector: string): Readonly<Record<string, string>> {
  return Object.fromEntries((parseLabelSelector(selector).value ?? []).map(({ key, values }) => [key, values?.[0] ?? '']));
}

function runningPod({ name, requestCpu }: ConditionsCase['pods'][number], selector: string): Pod {
  const since = timestampOf(3600);
  const requests = parseQuantity(requestCpu).value === undefined ? {} : { requests: { cpu: requestCpu } };
  return {
    metadata: { name, namespace: 'test-namespace', labels: labelsFor(selector) },
    spec: { containers: [{ name: 'container', resources: requests }] },
    status: { phase: 'Running', startTime: since, conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: since }] },
  } as unknown as Pod;
}

function timestampOf(secondsAgo: number): string {
  return new Date(NOW_MS - secondsAgo * 1000).toISOString().replace('.000', '');
}

/** The named conditions must be there; others may be, too. */
function compareConditions(actual: ConditionsOutcome, expected: ConditionsOutcome): readonly string[] {
  const sized = actual.replicas === expected.replicas ? [] : [`replicas: expected ${expected.replicas}, got ${actual.replicas}`];
  const missing = expected.conditions.filter(
    ({ type, status, reason }) =>
      !actual.conditions.some((one) => one.type === type && one.status === status && (reason === undefined || one.reason === reason)),
  );
  return [...sized, ...missing.map((one) => `expected ${JSON.stringify(one)} among ${JSON.stringify(actual.conditions)}`)];
}
