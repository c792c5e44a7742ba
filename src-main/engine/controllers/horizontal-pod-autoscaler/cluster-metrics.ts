// The metrics APIs as an autoscaler asks them: resources from the metrics server; requests that reach pods and Services, and numbers of the world outside, from the lab's own adapter.
// upstream: pkg/controller/podautoscaler/metrics/client.go

import type { CrossVersionObjectReference, MetricIdentifier } from '../../kinds/autoscaling/autoscaler.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { ResourceMetrics } from '../../kinds/metrics/resource-metrics.ts';
import type { Physics } from '../../physics/physics.ts';
import { MetricsFailure, type MetricsSource, type Sample, type Samples } from './metric-samples.ts';

/** The one metric that the lab measures of pods and Services. */
export const REQUESTS_PER_SECOND = 'requests_per_second';

export class ClusterMetrics implements MetricsSource {
  readonly #metrics: ResourceMetrics;
  readonly #physics: Physics;
  readonly #epochMs: number;
  readonly #nowMs: () => number;

  constructor(metrics: ResourceMetrics, physics: Physics, epochMs: number, nowMs: () => number) {
    this.#metrics = metrics;
    this.#physics = physics;
    this.#epochMs = epochMs;
    this.#nowMs = nowMs;
  }

  resource(pods: readonly Pod[], resource: string, container: string): Samples {
    const samples = new Map<string, Sample>();
    for (const pod of pods) {
      const use = pod.status.phase === 'Running' ? this.#metrics.ofPod(pod) : null;
      if (use === null) continue;
      const { name, namespace } = pod.metadata;
      const counted = use.containers.filter((one) => container === '' || one.name === container);
      if (counted.length === 0) throw new MetricsFailure(`container ${container} not present in metrics for pod ${namespace}/${name}`);
      const milliValue = counted.reduce((sum, one) => sum + millisOf(resource, one.cpuNanos, one.memoryBytes), 0);
      samples.set(name, { milliValue, atMs: this.#epochMs + use.atMs, windowMs: use.windowMs });
    }
    if (samples.size === 0) throw new MetricsFailure('no metrics returned from resource metrics API');
    return samples;
  }

  pods(pods: readonly Pod[], { name }: MetricIdentifier): Samples {
    if (name !== REQUESTS_PER_SECOND) throw noMetric(`the server could not find the metric ${name} for pods`);
    const samples = new Map<string, Sample>();
    for (const pod of pods) {
      if (pod.status.phase !== 'Running') continue;
      let perSecond = 0;
      for (const container of pod.spec.containers)
        perSecond += this.#physics.get('traffic', `${pod.metadata.uid}/${container.name}`)?.at(-1)?.requestsPerSecond ?? 0;
      samples.set(pod.metadata.name, { milliValue: Math.round(perSecond * 1000), atMs: this.#epochMs + this.#nowMs(), windowMs: 0 });
    }
    if (samples.size === 0) throw noMetric('no metrics returned from custom metrics API');
    return samples;
  }

  object(namespace: string, { kind, name }: CrossVersionObjectReference, metric: MetricIdentifier): number {
    const load = kind === 'Service' && metric.name === REQUESTS_PER_SECOND ? this.#physics.get('load', `${namespace}/${name}`) : undefined;
    if (kind !== 'Service' || metric.name !== REQUESTS_PER_SECOND)
      throw noMetric(`the server could not find the metric ${metric.name} for ${kind.toLowerCase()}s ${name}`);
    return Math.round((load?.requestsPerSecond ?? 0) * 1000);
  }

  external(namespace: string, { name }: MetricIdentifier): readonly number[] {
    const measured = this.#physics.get('measurement', `${namespace}/${name}`);
    if (measured === undefined)
      throw new MetricsFailure(
        `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`,
      );
    return [Math.round(measured.value * 1000)];
  }
}

function noMetric(message: string): MetricsFailure {
  return new MetricsFailure(`unable to fetch metrics from custom metrics API: ${message}`);
}

/** Rounded up, as quantities are. */
function millisOf(resource: string, cpuNanos: number, memoryBytes: number): number {
  if (resource === 'cpu') return Math.ceil(cpuNanos / 1_000_000);
  return resource === 'memory' ? memoryBytes * 1000 : 0;
}
