// What an autoscaler is told of its target's metrics, and who tells it: the metrics APIs of the cluster.
import type { CrossVersionObjectReference, MetricIdentifier } from '../../kinds/autoscaling/autoscaler.ts';
import type { Pod } from '../../kinds/core/pod.ts';

/** One pod's value in thousandths, and the time that it was measured over. */
export interface Sample {
  readonly milliValue: number;
  /** Unix milliseconds of its end. */
  readonly atMs: number;
  readonly windowMs: number;
}

/** By pod name. */
export type Samples = ReadonlyMap<string, Sample>;

/** Each may throw MetricsFailure. upstream: pkg/controller/podautoscaler/metrics/interfaces.go MetricsClient */
export interface MetricsSource {
  /** Of those pods that have been measured: all of a pod's containers together, or the named one. */
  resource(pods: readonly Pod[], resource: string, container: string): Samples;
  pods(pods: readonly Pod[], metric: MetricIdentifier): Samples;
  /** In thousandths. */
  object(namespace: string, object: CrossVersionObjectReference, metric: MetricIdentifier): number;
  /** One for each series that the selector finds. */
  external(namespace: string, metric: MetricIdentifier): readonly number[];
}

/** No number of replicas can be had from this metric; the message is upstream's. */
export class MetricsFailure extends Error {
  override readonly name = 'MetricsFailure';
  /** What the event about all metrics says before the message; conditions do not. */
  readonly around: string;

  constructor(message: string, around = '') {
    super(message);
    this.around = around;
  }
}
