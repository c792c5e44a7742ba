// How much of a resource a pod asks for, as an autoscaler counts it: every container must say it. upstream: pkg/controller/podautoscaler/replica_calculator.go calculateRequests
import type { Pod } from '../../kinds/core/pod.ts';
import { quantityMilliValue } from '../../meta/quantity.ts';
import { MetricsFailure } from './metric-samples.ts';

type Requests = Readonly<Record<string, string>> | undefined;

/** In thousandths; of one container, or with '' of the whole pod. */
export function requestedMillis({ metadata, spec }: Pick<Pod, 'metadata' | 'spec'>, resource: string, container: string): number {
  const own = (spec as { readonly resources?: { readonly requests?: Requests } }).resources?.requests;
  if (container === '' && own !== undefined && Object.keys(own).length > 0) {
    const request = own[resource];
    if (request === undefined) throw new MetricsFailure(`missing pod-level request for ${resource} in Pod ${metadata.name}`);
    return quantityMilliValue(request);
  }
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const counted = [...spec.containers, ...sidecars].filter(({ name }) => container === '' || container === name);
  if (container !== '' && counted.length === 0) throw new MetricsFailure(`container ${container} not found in Pod ${metadata.name}`);
  return counted.reduce((sum, { name, resources }) => {
    const request = (resources?.requests as Requests)?.[resource];
    if (request === undefined) throw new MetricsFailure(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`);
    return sum + quantityMilliValue(request);
  }, 0);
}
