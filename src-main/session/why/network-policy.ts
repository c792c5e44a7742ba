// Who may speak to a pod, and to whom it may: the policies that isolate it, the rules that let something through, and the calls that none does.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import type { Service } from '../../engine/kinds/core/service.ts';
import type { EndpointSlice } from '../../engine/kinds/discovery/endpoint-slice.ts';
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../engine/kinds/networking/network-policy.ts';
import { formatLabelSelector, selectorFor } from '../../engine/meta/label-selector.ts';
import { keyOf } from '../../engine/meta/object.ts';
import { connectionVerdict, type Direction, isolatingPolicies, type PolicyWorld } from '../../engine/network/policy-verdict.ts';
import { serviceOfName } from '../../engine/network/service-name.ts';
import { line, type Question } from './question.ts';

const POLICY = 'NetworkPolicy.networking.k8s.io';
const NAMES_MAX = 20;

export const networkPolicy: Question = {
  name: 'networkPolicy',
  answer: (cluster, kind, object) => {
    if (kind === POLICY) return ofPolicy(cluster, object as NetworkPolicy);
    if (kind !== 'Pod') return [];
    const pod = object as Pod;
    const lines = directions.flatMap((direction) => isolation(cluster, pod, direction));
    return lines.length === 0 ? [] : [...lines, ...refusedCalls(cluster, pod)];
  },
};

const directions: readonly Direction[] = ['Ingress', 'Egress'];

function ofPolicy(cluster: Cluster, policy: NetworkPolicy): readonly WhyLine[] {
  const { namespace } = policy.metadata;
  const matches = selectorFor(policy.spec.podSelector);
  const pods = podsOf(cluster).filter((pod) => pod.metadata.namespace === namespace && matches(pod.metadata.labels));
  const names = pods.slice(0, NAMES_MAX).map(({ metadata }) => metadata.name);
  const selector = selectorText(policy.spec.podSelector);
  if (pods.length === 0) return [line('selectsNothing', { selector })];
  const types = directions.filter((direction) => policy.spec.policyTypes?.includes(direction) === true);
  return [line('selects', { count: pods.length }, { names }), ...types.flatMap((direction) => rulesOf(policy, direction))];
}

/** Which policies select the pod for this direction, and what each lets through. */
function isolation(cluster: Cluster, pod: Pod, direction: Direction): readonly WhyLine[] {
  const policies = isolatingPolicies({ pod, ip: '' }, direction, worldOf(cluster));
  if (policies.length === 0) return [];
  const names = policies.map(({ metadata }) => metadata.name);
  const [first] = policies;
  const about = first === undefined ? null : { kind: POLICY, key: keyOf(first) };
  const says = direction === 'Ingress' ? 'isolatedIn' : 'isolatedOut';
  return [line(says, { count: policies.length }, { names, about }), ...policies.flatMap((policy) => rulesOf(policy, direction))];
}

function rulesOf({ metadata, spec }: NetworkPolicy, direction: Direction): readonly WhyLine[] {
  const rules =
    direction === 'Ingress'
      ? (spec.ingress ?? []).map(({ from, ports }) => ({ peers: from, ports }))
      : (spec.egress ?? []).map(({ to, ports }) => ({ peers: to, ports }));
  const suffix = direction === 'Ingress' ? 'In' : 'Out';
  if (rules.length === 0) return [line(`nothing${suffix}`, { policy: metadata.name })];
  return rules.map(({ peers = [], ports = [] }) =>
    line(`rule${suffix}`, { policy: metadata.name, peers: peersText(peers), ports: portsText(ports) }),
  );
}

/** Calls that a container of the pod makes and that come to nothing, with the policies that have no rule for them. */
function refusedCalls(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  const world = worldOf(cluster);
  const lines: WhyLine[] = [];
  for (const [, caller] of cluster.physics.all('caller')) {
    if (caller.pod !== pod.metadata.name || caller.namespace !== pod.metadata.namespace) continue;
    const service = serviceOfName(cluster.store.table('Service') as ReadonlyMap<string, Service>, caller.host, caller.namespace);
    for (const { called, port } of service === null ? [] : endpointsOf(cluster, service)) {
      const ends = { from: { pod, ip: pod.status.podIP ?? '' }, to: { pod: called, ip: called.status.podIP ?? '' } };
      const verdict = connectionVerdict({ ...ends, port, protocol: 'TCP' }, world);
      if (verdict.allowed) continue;
      const says = verdict.direction === 'Ingress' ? 'refusedIn' : 'refusedOut';
      const about = { kind: 'Pod', key: keyOf(called) };
      const names = verdict.by.map(({ metadata }) => metadata.name);
      lines.push(line(says, { service: service ?? '', pod: called.metadata.name, port }, { names, about }));
    }
  }
  return lines.slice(0, NAMES_MAX);
}

function endpointsOf(cluster: Cluster, service: string): readonly { readonly called: Pod; readonly port: number }[] {
  const slices = [...cluster.store.table('EndpointSlice.discovery.k8s.io').values()] as EndpointSlice[];
  return slices
    .filter(({ metadata }) => `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name'] ?? ''}` === service)
    .flatMap(({ metadata, endpoints, ports }) =>
      (endpoints ?? []).flatMap(({ targetRef }) => {
        const called = cluster.store.get('Pod', `${metadata.namespace}/${targetRef?.name ?? ''}`) as Pod | undefined;
        const port = ports?.[0]?.port;
        return called === undefined || port === undefined ? [] : [{ called, port }];
      }),
    );
}

function worldOf({ store }: Cluster): PolicyWorld {
  const policies = [...store.table(POLICY).values()] as NetworkPolicy[];
  return {
    policiesIn: (namespace) => policies.filter(({ metadata }) => metadata.namespace === namespace),
    namespaceLabels: (namespace) => store.get('Namespace', namespace)?.metadata.labels ?? {},
  };
}

function podsOf({ store }: Cluster): readonly Pod[] {
  return [...store.table('Pod').values()] as Pod[];
}

/** `everybody`, or each peer as its selectors write it. */
function peersText(peers: readonly NetworkPolicyPeer[]): string {
  if (peers.length === 0) return '*';
  return peers
    .map(({ podSelector, namespaceSelector, ipBlock }) => {
      if (ipBlock !== undefined) return [ipBlock.cidr, ...(ipBlock.except ?? []).map((except) => `!${except}`)].join(' ');
      const spaces = namespaceSelector === undefined ? [] : [`namespace:${selectorText(namespaceSelector)}`];
      return [...spaces, ...(podSelector === undefined ? [] : [selectorText(podSelector)])].join(' ');
    })
    .join(', ');
}

function portsText(ports: readonly NetworkPolicyPort[]): string {
  if (ports.length === 0) return '*';
  return ports
    .map(({ protocol = 'TCP', port, endPort }) =>
      port === undefined ? protocol : `${protocol}/${port}${endPort === undefined ? '' : `-${endPort}`}`,
    )
    .join(', ');
}

function selectorText(selector: NetworkPolicy['spec']['podSelector']): string {
  const text = formatLabelSelector(selector);
  return text === '' || text === '<none>' ? '*' : text;
}
