// Which container of a pod a request is about, and whether it can be reached. upstream: pkg/registry/core/pod/strategy.go LogLocation, streamLocation; pkg/kubelet/kubelet_pods.go
import type { Pod } from '../../../kinds/core/pod.ts';
import { podKind } from '../../../kinds/core/pod.ts';
import { badRequest, internal } from '../../../meta/status-error.ts';
import { type Call, keyOfCall } from '../call.ts';
import type { ContainerAccess } from '../container-access.ts';
import { parameter } from '../rest-request.ts';

export interface PodContainer {
  readonly pod: Pod;
  readonly container: string;
}

/** Throws StatusError (400) when the pod has no such container, or has several and none is named. */
export function podContainer(call: Call): PodContainer {
  const pod = call.server.get(podKind, keyOfCall(call));
  const { name } = pod.metadata;
  const wanted = parameter(call.request, 'container') ?? '';
  const names = (list: readonly { readonly name: string }[] | undefined): readonly string[] => (list ?? []).map((one) => one.name);
  const own = names(pod.spec.containers);
  const initial = names(pod.spec.initContainers);
  const debugging = names(pod.spec.ephemeralContainers);
  if (wanted !== '') {
    if ([...own, ...initial, ...debugging].includes(wanted)) return { pod, container: wanted };
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  if (own.length === 1) return { pod, container: own[0] ?? '' };
  const more = (title: string, list: readonly string[]): string =>
    list.length === 0 ? '' : ` or one of the ${title}: [${list.join(' ')}]`;
  const choices = `choose one of: [${own.join(' ')}]${more('init containers', initial)}${more('ephemeral containers', debugging)}`;
  throw badRequest(`a container name must be specified for pod ${name}, ${choices}`);
}

/** Throws StatusError when the pod is on no node (400), or its kubelet does not answer (500). */
export function requireReachable({ pod }: PodContainer, containers: ContainerAccess): void {
  if ((pod.spec.nodeName ?? '') === '') throw badRequest(`pod ${pod.metadata.name} does not have a host assigned`);
  const why = containers.unreachable(pod);
  if (why !== undefined) throw internal(`error dialing backend: ${why}`);
}
