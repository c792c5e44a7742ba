// What `kubectl get hpa` shows of the metrics of an autoscaler: for each, what was measured and what is wanted.
// upstream: pkg/printers/internalversion/printers.go formatHPAMetrics
import { canonicalQuantity } from '../../meta/quantity.ts';
import type { MetricSpec, MetricStatus, MetricTarget } from './autoscaler.ts';

const SHOWN_MAX = 2;
const UNKNOWN = '<unknown>';

type Measured = NonNullable<MetricStatus['external']>['current'] | undefined;

export function metricsText(specs: readonly MetricSpec[] | undefined, statuses: readonly MetricStatus[] | undefined): string {
  if (specs === undefined || specs.length === 0) return '<none>';
  const texts = specs.slice(0, SHOWN_MAX).map((spec, index) => metricText(spec, statuses?.[index]));
  const more = specs.length - SHOWN_MAX;
  return more > 0 ? `${texts.join(', ')} + ${more} more...` : texts.join(', ');
}

/** One metric, as `cpu: 3%/80%`. */
function metricText(spec: MetricSpec, status: MetricStatus | undefined): string {
  switch (spec.type) {
    case 'External':
      return valueText(spec.external?.target, status?.external?.current);
    case 'Object':
      return valueText(spec.object?.target, status?.object?.current);
    case 'Pods':
      return `${quantity(status?.pods?.current.averageValue)}/${quantity(spec.pods?.target.averageValue)}`;
    case 'Resource':
      return `${spec.resource?.name}: ${resourceText(spec.resource?.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return `${spec.containerResource?.name}: ${resourceText(spec.containerResource?.target, status?.containerResource?.current)}`;
    default:
      return '<unknown type>';
  }
}

function valueText(target: MetricTarget | undefined, current: Measured): string {
  if (target?.averageValue !== undefined) return `${quantity(current?.averageValue)}/${quantity(target.averageValue)} (avg)`;
  return `${quantity(current?.value)}/${quantity(target?.value)}`;
}

function resourceText(target: MetricTarget | undefined, current: Measured): string {
  if (target?.averageValue !== undefined) return `${quantity(current?.averageValue)}/${quantity(target.averageValue)}`;
  const measured = current?.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}%`;
  return `${measured}/${target?.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
}

function quantity(text: string | undefined): string {
  return text === undefined ? UNKNOWN : canonicalQuantity(text);
}
