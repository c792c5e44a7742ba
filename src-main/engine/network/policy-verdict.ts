// Whether a connection between pods comes about under the NetworkPolicies of both ends, and which of them stands in the way.
// upstream: k8s.io/api/networking/v1 types.go NetworkPolicySpec, website docs/concepts/services-networking/network-policies
import { cidrContains } from '../kinds/core/cidr.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../kinds/networking/network-policy.ts';
import { selectorFor } from '../meta/label-selector.ts';
import type { Labels } from '../meta/labels.ts';

/** One end of a connection: a pod, or an address outside. */
export interface ConnectionEnd {
  readonly pod?: Pod;
  readonly ip: string;
}

export interface Connection {
  readonly from: ConnectionEnd;
  readonly to: ConnectionEnd;
  readonly port: number;
  /** TCP, UDP or SCTP. */
  readonly protocol: string;
}

export interface PolicyWorld {
  readonly policiesIn: (namespace: string) => Iterable<NetworkPolicy>;
  readonly namespaceLabels: (namespace: string) => Labels;
}

export type Direction = 'Egress' | 'Ingress';

/** `by`: the policies that isolate the end and have no rule for the connection. */
export type ConnectionVerdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly direction: Direction; readonly by: readonly NetworkPolicy[] };

const ALLOWED: ConnectionVerdict = { allowed: true };

/** The sender's policies are asked first, as the packet meets them. */
export function connectionVerdict(connection: Connection, world: PolicyWorld): ConnectionVerdict {
  const { from, to } = connection;
  // A pod cannot be cut off from itself.
  if (from.pod !== undefined && from.pod.metadata.uid === to.pod?.metadata.uid) return ALLOWED;
  const egress = isolatingPolicies(from, 'Egress', world);
  if (
    egress.length > 0 &&
    !egress.some(({ spec, metadata }) =>
      (spec.egress ?? []).some((rule) => allows(rule.to, rule.ports, to, metadata.namespace, connection, world)),
    )
  )
    return { allowed: false, direction: 'Egress', by: egress };
  const ingress = isolatingPolicies(to, 'Ingress', world);
  if (
    ingress.length > 0 &&
    !ingress.some(({ spec, metadata }) =>
      (spec.ingress ?? []).some((rule) => allows(rule.from, rule.ports, from, metadata.namespace, connection, world)),
    )
  )
    return { allowed: false, direction: 'Ingress', by: ingress };
  return ALLOWED;
}

/** The policies that select the pod for this direction; none: everything is allowed. Pods on their node's own network are not reached by policies. */
export function isolatingPolicies({ pod }: ConnectionEnd, direction: Direction, { policiesIn }: PolicyWorld): readonly NetworkPolicy[] {
  if (pod === undefined || pod.spec.hostNetwork === true) return [];
  return [...policiesIn(pod.metadata.namespace)].filter(
    ({ spec }) => spec.policyTypes?.includes(direction) === true && selectorFor(spec.podSelector)(pod.metadata.labels),
  );
}

function allows(
  peers: readonly NetworkPolicyPeer[] | undefined,
  ports: readonly NetworkPolicyPort[] | undefined,
  other: ConnectionEnd,
  namespace: string,
  connection: Connection,
  world: PolicyWorld,
): boolean {
  const portMatches = (ports ?? []).length === 0 || (ports ?? []).some((port) => matchesPort(port, connection));
  return portMatches && ((peers ?? []).length === 0 || (peers ?? []).some((peer) => matchesPeer(peer, other, namespace, world)));
}

function matchesPeer(
  { podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer,
  { pod, ip }: ConnectionEnd,
  namespace: string,
  world: PolicyWorld,
): boolean {
  if (ipBlock !== undefined) return cidrContains(ipBlock.cidr, ip) && !(ipBlock.except ?? []).some((except) => cidrContains(except, ip));
  if (pod === undefined || pod.spec.hostNetwork === true) return false;
  const place = pod.metadata.namespace;
  const isThere = namespaceSelector === undefined ? place === namespace : selectorFor(namespaceSelector)(world.namespaceLabels(place));
  return isThere && (podSelector === undefined || selectorFor(podSelector)(pod.metadata.labels));
}

/** A name is that of a port of the pod that is called. */
function matchesPort({ protocol = 'TCP', port, endPort }: NetworkPolicyPort, connection: Connection): boolean {
  if (protocol !== connection.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'string') {
    const containers = connection.to.pod?.spec.containers ?? [];
    return containers.some(({ ports = [] }) =>
      ports.some((one) => one.name === port && one.containerPort === connection.port && (one.protocol ?? 'TCP') === protocol),
    );
  }
  return connection.port >= port && connection.port <= (endPort ?? port);
}
