// Which Services must be looked at when a pod, a node or a Service changes, and which of a Service's pods changed since: the same for EndpointSlices and Endpoints.
// upstream: staging/src/k8s.io/endpointslice/util/controller_utils.go GetServicesToUpdate
import type { Cache, ControllerContext } from '../client/component.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { type Service, serviceKind } from '../kinds/core/service.ts';
import { keyOf } from '../meta/object.ts';
import { podEndpointsChanged, selectsPod } from './endpoint-slice/endpoints.ts';

/** What became of the pods of one Service since it was last asked. */
export interface PodNews {
  /** What was known before is void: all selected pods follow. */
  readonly afresh: boolean;
  /** By pod key; undefined: it is not selected any more. */
  readonly changed: ReadonlyMap<string, Pod | undefined>;
}

interface Followed {
  readonly service: Service;
  readonly changed: Set<string>;
}

/** Queues the keys of Services whose endpoints may change, and remembers their changed pods, so that no sync must look at all of them. */
export class ServicesOfPods {
  readonly services: Cache<Service>;
  readonly pods: Cache<Pod>;
  /** What of this was taken from the caches can be taken again: it is in no snapshot. */
  readonly #followed = new Map<string, Followed>();
  /** Services that were told of a pod, by pod key. */
  readonly #followers = new Map<string, readonly string[]>();

  constructor(context: ControllerContext<never>) {
    const { queue } = context;
    this.services = context.cache(serviceKind);
    this.pods = context.cache(podKind);
    const queueFor = (pod: Pod): void => {
      for (const key of this.#selecting(pod)) queue.add(key);
    };
    this.services.onChange((next, previous) => {
      const service = next ?? previous;
      if (service === undefined) return;
      if (next === undefined) this.#followed.delete(keyOf(service));
      queue.add(keyOf(service));
    });
    this.pods.onChange((next, previous) => {
      const pod = next ?? previous;
      if (pod === undefined) return;
      this.touch(keyOf(pod));
      if (next === undefined || previous === undefined) {
        queueFor(pod);
        return;
      }
      const { endpointsChanged, labelsChanged } = podEndpointsChanged(previous, next);
      if (!endpointsChanged && !labelsChanged) return;
      queueFor(next);
      if (labelsChanged) queueFor(previous);
    });
    if (!context.restored) for (const service of this.services.values()) queue.add(keyOf(service));
  }

  /** Something changed that the endpoint of this pod is made of. */
  touch(podKey: string): void {
    for (const service of this.#followers.get(podKey) ?? []) this.#followed.get(service)?.changed.add(podKey);
    if (this.pods.get(podKey) === undefined) this.#followers.delete(podKey);
  }

  /** What changed since the last call for this Service. */
  *take(service: Service): Generator<void, PodNews> {
    const serviceKey = keyOf(service);
    const followed = this.#followed.get(serviceKey);
    if (followed?.service !== service) {
      const all = new Map<string, Pod>();
      for (const pod of yield* this.pods.inNamespaceInSteps(service.metadata.namespace)) {
        yield;
        if (!selectsPod(service, pod.metadata.labels)) continue;
        all.set(keyOf(pod), pod);
        this.#follow(serviceKey, keyOf(pod));
      }
      this.#followed.set(serviceKey, { service, changed: new Set() });
      return { afresh: true, changed: all };
    }
    const changed = new Map<string, Pod | undefined>();
    for (const key of followed.changed) {
      yield;
      const pod = this.pods.get(key);
      const isSelected = pod !== undefined && selectsPod(service, pod.metadata.labels);
      changed.set(key, isSelected ? pod : undefined);
      if (isSelected) this.#follow(serviceKey, key);
    }
    followed.changed.clear();
    return { afresh: false, changed };
  }

  /** Keys of the Services that select this pod; they will hear of it. */
  *#selecting(pod: Pod): Iterable<string> {
    for (const service of this.services.inNamespace(pod.metadata.namespace)) {
      if (!selectsPod(service, pod.metadata.labels)) continue;
      const key = keyOf(service);
      this.#followed.get(key)?.changed.add(keyOf(pod));
      yield key;
    }
  }

  #follow(serviceKey: string, podKey: string): void {
    const followers = this.#followers.get(podKey);
    if (followers === undefined) this.#followers.set(podKey, [serviceKey]);
    else if (!followers.includes(serviceKey)) this.#followers.set(podKey, [...followers, serviceKey]);
  }
}
