// From a pod and its Service to one entry of an EndpointSlice: which pods belong, under which address, ports and conditions.
// upstream: staging/src/k8s.io/endpointslice/utils.go, staging/src/k8s.io/endpointslice/util/controller_utils.go
import { equal } from '../../base/equal.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { Service } from '../../kinds/core/service.ts';
import type { EndpointSlice } from '../../kinds/discovery/endpoint-slice.ts';
import { selectorForMap } from '../../meta/label-selector.ts';
import { isPodReady, isPodTerminal } from '../pod-state.ts';

export type Endpoint = EndpointSlice['endpoints'][number];
export type EndpointPort = NonNullable<EndpointSlice['ports']>[number];

/** upstream: podToEndpoint, for IPv4 */
export function podToEndpoint(pod: Pod, node: Node | undefined, service: Service): Endpoint {
  const serving = isPodReady(pod);
  const terminating = pod.metadata.deletionTimestamp !== undefined;
  const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'] ?? '';
  const { nodeName, hostname } = pod.spec;
  const { namespace, name, uid } = pod.metadata;
  return {
    addresses: ipv4Addresses(pod),
    conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(shouldSetHostname(pod, service) && hostname !== undefined && { hostname }),
    ...(nodeName !== undefined && nodeName !== '' && { nodeName }),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(zone !== '' && { zone }),
  };
}

/** upstream: ShouldPodBeInEndpoints */
export function shouldBeInEndpoints(pod: Pod, includeTerminating: boolean): boolean {
  if (isPodTerminal(pod)) return false;
  if ((pod.status.podIP ?? '') === '' && (pod.status.podIPs ?? []).length === 0) return false;
  return includeTerminating || pod.metadata.deletionTimestamp === undefined;
}

/** upstream: ShouldSetHostname */
export function shouldSetHostname(pod: Pod, service: Service): boolean {
  const { hostname = '', subdomain } = pod.spec;
  return hostname !== '' && subdomain === service.metadata.name && service.metadata.namespace === pod.metadata.namespace;
}

/** A named port that the pod does not have is left out. upstream: getEndpointPorts, findPort */
export function endpointPorts(service: Service, pod: Pod): readonly EndpointPort[] {
  return (service.spec.ports ?? []).flatMap(({ name = '', port: own, targetPort, protocol = 'TCP', appProtocol }) => {
    const port = typeof targetPort === 'string' ? namedPort(pod, targetPort, protocol) : (targetPort ?? own);
    return port === undefined ? [] : [{ name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) }];
  });
}

export function withoutHint(endpoint: Endpoint): Endpoint {
  if (endpoint.hints === undefined) return endpoint;
  const { hints: _dropped, ...rest } = endpoint;
  return rest;
}

/** Must the endpoint be rebuilt, and may the pod have joined or left Services? upstream: podEndpointsChanged */
export function podEndpointsChanged(before: Pod, after: Pod): { readonly endpointsChanged: boolean; readonly labelsChanged: boolean } {
  const labelsChanged =
    !equal(before.metadata.labels ?? {}, after.metadata.labels ?? {}) ||
    (before.spec.hostname ?? '') !== (after.spec.hostname ?? '') ||
    (before.spec.subdomain ?? '') !== (after.spec.subdomain ?? '');
  const endpointsChanged =
    before.metadata.deletionTimestamp !== after.metadata.deletionTimestamp ||
    isPodReady(before) !== isPodReady(after) ||
    !equal(before.status.podIPs ?? [], after.status.podIPs ?? []);
  return { endpointsChanged, labelsChanged };
}

/** A Service without a selector has no pods of its own. */
export function selectsPod(service: Service, labels: Readonly<Record<string, string>> | undefined): boolean {
  const { selector } = service.spec;
  return selector !== undefined && Object.keys(selector).length > 0 && selectorForMap(selector)(labels);
}

function ipv4Addresses(pod: Pod): readonly string[] {
  const all = pod.status.podIPs?.map(({ ip }) => ip ?? '') ?? [pod.status.podIP ?? ''];
  return all.filter((ip) => ip !== '' && !ip.includes(':'));
}

function namedPort(pod: Pod, name: string, protocol: string): number | undefined {
  const sidecars = (pod.spec.initContainers ?? []).filter(
    (container) => (container as { readonly restartPolicy?: string }).restartPolicy === 'Always',
  );
  for (const container of [...pod.spec.containers, ...sidecars])
    for (const port of container.ports ?? []) if (port.name === name && (port.protocol ?? 'TCP') === protocol) return port.containerPort;
  return undefined;
}
