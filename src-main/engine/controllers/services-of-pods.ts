// Which Services must be looked at when a pod, a node or a Service changes: the same for EndpointSlices and Endpoints.
// upstream: staging/src/k8s.io/endpointslice/util/controller_utils.go GetServicesToUpdate
import type { Cache, ControllerContext } from '../client/component.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { type Service, serviceKind } from '../kinds/core/service.ts';
import { keyOf } from '../meta/object.ts';
import { podEndpointsChanged, selectsPod } from './endpoint-slice/endpoints.ts';

/** Queues the keys of Services whose endpoints may change. */
export function queueServices(context: ControllerContext<never>): { readonly services: Cache<Service>; readonly pods: Cache<Pod> } {
  const { queue } = context;
  const services = context.cache(serviceKind);
  const pods = context.cache(podKind);
  const queueFor = (pod: Pod): void => {
    for (const service of services.inNamespace(pod.metadata.namespace))
      if (selectsPod(service, pod.metadata.labels)) queue.add(keyOf(service));
  };
  services.onChange((next, previous) => {
    const service = next ?? previous;
    if (service !== undefined) queue.add(keyOf(service));
  });
  pods.onChange((next, previous) => {
    if (next === undefined || previous === undefined) {
      const pod = next ?? previous;
      if (pod !== undefined) queueFor(pod);
      return;
    }
    const { endpointsChanged, labelsChanged } = podEndpointsChanged(previous, next);
    if (!endpointsChanged && !labelsChanged) return;
    queueFor(next);
    if (labelsChanged) queueFor(previous);
  });
  if (!context.restored) for (const service of services.values()) queue.add(keyOf(service));
  return { services, pods };
}

/** Pods a Service selects. */
export function* selectedPods(service: Service, pods: Cache<Pod>): Iterable<Pod> {
  for (const pod of pods.inNamespace(service.metadata.namespace)) if (selectsPod(service, pod.metadata.labels)) yield pod;
}
