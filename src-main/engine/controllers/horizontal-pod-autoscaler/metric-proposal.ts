// What one metric of an autoscaler proposes, and what its status then says was measured. upstream: pkg/controller/podautoscaler/horizontal.go computeReplicasForMetric
import type { MetricSpec, MetricStatus, MetricTarget } from '../../kinds/autoscaling/autoscaler.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { LabelSelector } from '../../meta/label-selector.ts';
import { printQuantity, quantityMilliValue } from '../../meta/quantity.ts';
import { MetricsFailure, type MetricsSource } from './metric-samples.ts';
import { averageReplicas, type CountRules, type Proposal, sharedReplicas, utilizationReplicas, valueReplicas } from './replica-count.ts';

export interface MetricsTarget {
  readonly namespace: string;
  readonly specReplicas: number;
  readonly statusReplicas: number;
  readonly pods: readonly Pod[];
}

export interface MetricProposal {
  readonly replicas: number;
  /** As the reason of a rescale names it. */
  readonly name: string;
  readonly status: MetricStatus;
}

/** The metric gives no proposal: what the condition and the events say of it. */
export class MetricUnusable extends Error {
  override readonly name = 'MetricUnusable';
  readonly reason: string;
  /** With what failed around it, for the event about all metrics. */
  readonly whole: string;

  constructor(reason: string, message: string, whole: string) {
    super(message);
    this.reason = reason;
    this.whole = whole;
  }
}

/** Throws MetricUnusable. */
export function proposalOf(spec: MetricSpec, target: MetricsTarget, source: MetricsSource, rules: CountRules): MetricProposal {
  const use = { target, source, rules };
  const { resource, containerResource, pods, object, external } = spec;
  if (spec.type === 'Resource' && resource !== undefined)
    return trying('FailedGetResourceMetric', `failed to get ${resource.name} resource metric value: `, () => {
      const { name, counted, current } = resourceProposal(resource.name, '', resource.target, use);
      return { replicas: counted.replicas, name, status: { type: spec.type, resource: { name: resource.name, current } } };
    });
  if (spec.type === 'ContainerResource' && containerResource !== undefined)
    return trying('FailedGetContainerResourceMetric', `failed to get ${containerResource.container} container metric value: `, () => {
      const { name: resourceName, container } = containerResource;
      const { name, counted, current } = resourceProposal(resourceName, container, containerResource.target, use);
      const status = { type: spec.type, containerResource: { name: resourceName, container, current } };
      return { replicas: counted.replicas, name, status };
    });
  if (spec.type === 'Pods' && pods !== undefined)
    return trying('FailedGetPodsMetric', 'failed to get pods metric value: ', () => {
      const { metric } = pods;
      const samples = measured(`unable to get metric ${metric.name}: `, () => source.pods(target.pods, metric));
      const average = quantityMilliValue(pods.target.averageValue ?? '');
      const counted = averageReplicas(target.specReplicas, average, '', target.pods, samples, rules);
      const status = { type: spec.type, pods: { metric, current: { averageValue: milliText(counted.current) } } };
      return { replicas: counted.replicas, name: `pods metric ${metric.name}`, status };
    });
  if (spec.type === 'Object' && object !== undefined)
    return trying('FailedGetObjectMetric', 'failed to get object metric value: ', () => objectProposal(object, use));
  if (spec.type === 'External' && external !== undefined)
    return trying('FailedGetExternalMetric', `failed to get ${external.metric.name} external metric value: `, () =>
      externalProposal(external, use),
    );
  const message = `unknown metric source type ${JSON.stringify(spec.type)}`;
  throw new MetricUnusable('InvalidMetricSourceType', message, message);
}

interface Use {
  readonly target: MetricsTarget;
  readonly source: MetricsSource;
  readonly rules: CountRules;
}

function trying(reason: string, around: string, propose: () => MetricProposal): MetricProposal {
  try {
    return propose();
  } catch (error) {
    if (!(error instanceof MetricsFailure)) throw error;
    throw new MetricUnusable(reason, error.message, `${around}${error.around}${error.message}`);
  }
}

/** A failure to measure, with what was to be measured before it. */
function measured<T>(before: string, measure: () => T): T {
  try {
    return measure();
  } catch (error) {
    if (!(error instanceof MetricsFailure)) throw error;
    throw new MetricsFailure(`${before}${error.message}`, error.around);
  }
}

/** Words that only the event about all metrics has around a failure. */
function within<T>(around: string, propose: () => T): T {
  try {
    return propose();
  } catch (error) {
    if (!(error instanceof MetricsFailure)) throw error;
    throw new MetricsFailure(error.message, `${around}${error.around}`);
  }
}

interface ResourceProposal {
  readonly name: string;
  readonly counted: Proposal;
  readonly current: { readonly averageValue: string; readonly averageUtilization?: number };
}

/** upstream: computeStatusForResourceMetricGeneric */
function resourceProposal(resource: string, container: string, wanted: MetricTarget, { target, source, rules }: Use): ResourceProposal {
  const what = container === '' ? `${resource} resource` : `${resource} container resource`;
  const percent = wanted.averageUtilization;
  const samplesOf = () =>
    measured(`unable to get metrics for resource ${resource}: `, () => source.resource(target.pods, resource, container));
  return measured(`failed to get ${resource} ${wanted.averageValue === undefined ? 'utilization' : 'usage'}: `, () => {
    const { specReplicas, pods } = target;
    if (wanted.averageValue !== undefined) {
      const counted = averageReplicas(specReplicas, quantityMilliValue(wanted.averageValue), resource, pods, samplesOf(), rules);
      return { name: `${resource} resource`, counted, current: { averageValue: milliText(counted.current) } };
    }
    if (percent === undefined)
      throw new MetricsFailure(
        'invalid resource metric source: neither an average utilization target nor an average value (usage) target was set',
      );
    const counted = utilizationReplicas(specReplicas, percent, { resource, container }, pods, samplesOf(), rules);
    const current = { averageUtilization: counted.utilization ?? 0, averageValue: milliText(counted.current) };
    return { name: `${what} utilization (percentage of request)`, counted, current };
  });
}

function objectProposal(
  { describedObject, metric, target: wanted }: NonNullable<MetricSpec['object']>,
  { target, source, rules }: Use,
): MetricProposal {
  const { namespace, specReplicas, statusReplicas, pods } = target;
  const { kind, name } = describedObject;
  const value = (): number =>
    measured(`unable to get metric ${metric.name}: ${kind} on ${namespace} ${name}/`, () =>
      source.object(namespace, describedObject, metric),
    );
  if (wanted.type === 'Value' && wanted.value !== undefined) {
    const counted = valueReplicas(specReplicas, value(), quantityMilliValue(wanted.value), pods, rules.tolerance);
    const status = { type: 'Object', object: { describedObject, metric, current: { value: milliText(counted.current) } } };
    return { replicas: counted.replicas, name: `${kind} metric ${metric.name}`, status };
  }
  if (wanted.type === 'AverageValue' && wanted.averageValue !== undefined) {
    const average = quantityMilliValue(wanted.averageValue);
    const counted = within(`failed to get ${metric.name} object metric: `, () =>
      sharedReplicas(statusReplicas, value(), average, rules.tolerance),
    );
    const status = { type: 'Object', object: { describedObject, metric, current: { averageValue: milliText(counted.current) } } };
    return { replicas: counted.replicas, name: metricText(metric), status };
  }
  throw new MetricsFailure('invalid object metric source: neither a value target nor an average value target was set');
}

function externalProposal({ metric, target: wanted }: NonNullable<MetricSpec['external']>, { target, source, rules }: Use): MetricProposal {
  const { namespace, specReplicas, statusReplicas, pods } = target;
  const sum = (): number =>
    measured(`unable to get external metric ${namespace}/${metric.name}/${selectorText(metric.selector)}: `, () =>
      source.external(namespace, metric).reduce((all, one) => all + one, 0),
    );
  if (wanted.averageValue !== undefined) {
    const average = quantityMilliValue(wanted.averageValue);
    const counted = within(`failed to get ${metric.name} external metric: `, () =>
      sharedReplicas(statusReplicas, sum(), average, rules.tolerance),
    );
    const status = { type: 'External', external: { metric, current: { averageValue: milliText(counted.current) } } };
    return { replicas: counted.replicas, name: metricText(metric), status };
  }
  if (wanted.value === undefined)
    throw new MetricsFailure('invalid external metric source: neither a value target nor an average value target was set');
  const value = quantityMilliValue(wanted.value);
  const counted = within(`failed to get external metric ${metric.name}: `, () =>
    valueReplicas(specReplicas, sum(), value, pods, rules.tolerance),
  );
  const status = { type: 'External', external: { metric, current: { value: milliText(counted.current) } } };
  return { replicas: counted.replicas, name: metricText(metric), status };
}

/** upstream: resource.NewMilliQuantity(value, DecimalSI) */
function milliText(millis: number): string {
  return printQuantity({ nanos: BigInt(Math.trunc(millis)) * 1_000_000n, format: 'DecimalSI' });
}

function metricText({ name, selector }: { readonly name: string; readonly selector?: LabelSelector }): string {
  return `external metric ${name}(${selectorText(selector)})`;
}

/** As Go prints a pointer to one. upstream: apimachinery pkg/apis/meta/v1 LabelSelector.String */
function selectorText(selector: LabelSelector | undefined): string {
  if (selector === undefined) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  const expressions = (selector.matchExpressions ?? []).map(
    ({ key, operator, values }) => `LabelSelectorRequirement{Key:${key},Operator:${operator},Values:[${(values ?? []).join(' ')}],},`,
  );
  const map = labels.map(([key, value]) => `${key}: ${value},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${map}},MatchExpressions:[]LabelSelectorRequirement{${expressions.join('')}},}`;
}
