// Fills in what a service's author may leave out, and keeps what was allocated to it. upstream: pkg/apis/core/v1/defaults.go SetDefaults_Service

import { equal } from '../../base/equal.ts';
import { sameMembers } from './pod-defaults.ts';
import { mapShared } from './pod-spec.ts';
import type { Service } from './service.ts';

type Spec = Service['spec'];
type Port = NonNullable<Spec['ports']>[number];

const AFFINITY_SECONDS = 10_800;

export function defaultService(given: Spec): Spec {
  const type = nonEmpty(given.type) ?? 'ClusterIP';
  const filled: { -readonly [Key in keyof Spec]: Spec[Key] } = {
    ...given,
    type,
    sessionAffinity: nonEmpty(given.sessionAffinity) ?? 'None',
  };
  if (given.ports !== undefined) filled.ports = mapShared(given.ports, defaultPort);
  if (filled.sessionAffinity === 'None') delete filled.sessionAffinityConfig;
  if (filled.sessionAffinity === 'ClientIP' && given.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined)
    filled.sessionAffinityConfig = { clientIP: { timeoutSeconds: AFFINITY_SECONDS } };
  if (isExternallyAccessible({ ...given, type })) filled.externalTrafficPolicy = nonEmpty(given.externalTrafficPolicy) ?? 'Cluster';
  if (type === 'LoadBalancer') filled.allocateLoadBalancerNodePorts = given.allocateLoadBalancerNodePorts ?? true;
  if (type !== 'ExternalName') {
    filled.internalTrafficPolicy = given.internalTrafficPolicy ?? 'Cluster';
    // The simulated cluster has one address family. upstream: pkg/registry/core/service/storage/alloc.go initIPFamilyFields
    const isFree = isFreeOfFamilies(given);
    filled.ipFamilyPolicy = given.ipFamilyPolicy ?? (isFree ? 'RequireDualStack' : 'SingleStack');
    filled.ipFamilies = given.ipFamilies ?? IPV4;
    if (isFree && filled.ipFamilies.length === 1 && filled.ipFamilyPolicy !== 'SingleStack')
      filled.ipFamilies = filled.ipFamilies[0] === 'IPv4' ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
  }
  // upstream: normalizeClusterIPs
  const address = given.clusterIP ?? '';
  if (address !== '' && given.clusterIPs === undefined) filled.clusterIPs = [address];
  else if (address === '' && given.clusterIPs?.[0] !== undefined) filled.clusterIP = given.clusterIPs[0];
  return sameMembers(filled, given) ? given : filled;
}

/** Whoever writes the endpoints of a headless service without selector decides of which families they are, whatever the cluster has. */
export function isFreeOfFamilies({ clusterIP = '', clusterIPs = [], selector = {} }: Spec): boolean {
  return (clusterIP === '' ? clusterIPs[0] : clusterIP) === 'None' && Object.keys(selector).length === 0;
}

/** upstream: pkg/apis/core/v1/helper/service ExternallyAccessible */
export function isExternallyAccessible({ type, externalIPs = [] }: Pick<Spec, 'type' | 'externalIPs'>): boolean {
  return type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && externalIPs.length > 0);
}

/** An update that leaves addresses and node ports out keeps those it has; what only suited the former type is dropped. upstream: patchAllocatedValues, dropTypeDependentFields */
export function keepAllocated(next: Spec, previous: Spec): Spec {
  const spec: { -readonly [Key in keyof Spec]: Spec[Key] } = { ...next };
  keepAddresses(spec, next, previous);
  const health = previous.healthCheckNodePort ?? 0;
  if (needsHealthCheck(next) && needsHealthCheck(previous) && (next.healthCheckNodePort ?? 0) === 0 && health !== 0)
    spec.healthCheckNodePort = health;
  dropTypeDependent(spec, previous);
  if (next.ports !== undefined && needsNodePorts(previous))
    spec.ports = needsNodePorts(next)
      ? withNodePorts(next.ports, previous.ports ?? [])
      : withoutNodePorts(next.ports, previous.ports ?? []);
  return sameMembers(spec, next) ? next : spec;
}

/** Whoever changes or leaves out the one field means the list as well, unless they changed that, too. upstream: normalizeClusterIPs, patchAllocatedValues */
function keepAddresses(spec: { -readonly [Key in keyof Spec]: Spec[Key] }, next: Spec, previous: Spec): void {
  const [given, before] = [next.clusterIP ?? '', previous.clusterIP ?? ''];
  if (given !== '' && given !== before && before !== '' && equal(next.clusterIPs, previous.clusterIPs)) spec.clusterIPs = [given];
  if (next.type === 'ExternalName' || previous.type === 'ExternalName' || given !== '' || before === '') return;
  spec.clusterIP = before;
  if (previous.clusterIPs !== undefined) spec.clusterIPs = previous.clusterIPs;
}

/** Whether node ports are given out by themselves; a load balancer may do without. upstream: needsNodePort */
export function needsNodePorts({ type, allocateLoadBalancerNodePorts }: Spec): boolean {
  return type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);
}

/** A load balancer that keeps to the nodes of endpoints asks each node for them. upstream: pkg/api/service NeedsHealthCheck */
export function needsHealthCheck({ type, externalTrafficPolicy }: Spec): boolean {
  return type === 'LoadBalancer' && externalTrafficPolicy === 'Local';
}

/** What only suited the former type goes with it, unless it was changed in the same step. upstream: dropTypeDependentFields */
function dropTypeDependent(spec: { -readonly [Key in keyof Spec]: Spec[Key] }, previous: Spec): void {
  const drop = (...fields: readonly (keyof Spec)[]): void => {
    for (const field of fields) if (equal(spec[field], previous[field])) delete spec[field];
  };
  const isBalanced = ({ type }: Spec): boolean => type === 'LoadBalancer';
  if (spec.type === 'ExternalName' && previous.type !== 'ExternalName') drop('clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy');
  if (previous.type === 'ExternalName' && spec.type !== 'ExternalName') drop('externalName');
  if (needsHealthCheck(previous) && !needsHealthCheck(spec)) drop('healthCheckNodePort');
  if (isBalanced(previous) && !isBalanced(spec)) drop('allocateLoadBalancerNodePorts', 'loadBalancerClass');
  if (isExternallyAccessible(previous) && !isExternallyAccessible(spec)) drop('externalTrafficPolicy');
}

const IPV4: readonly string[] = ['IPv4'];

function defaultPort(port: Port): Port {
  const protocol = nonEmpty(port.protocol) ?? 'TCP';
  const unset = port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '';
  const targetPort = unset ? port.port : (port.targetPort as string | number);
  return port.protocol === protocol && port.targetPort === targetPort ? port : { ...port, protocol, targetPort };
}

type Ports = readonly Port[];

/** By name, whatever else of the port has changed. upstream: patchAllocatedValues */
function withNodePorts(ports: Ports, previous: Ports): Ports {
  const before = new Map(previous.map(({ name = '', nodePort = 0 }) => [name, nodePort]));
  const taken = nodePortsOf(ports);
  return mapShared(ports, (port) => {
    const nodePort = before.get(port.name ?? '') ?? 0;
    return (port.nodePort ?? 0) !== 0 || nodePort === 0 || taken.has(nodePort) ? port : { ...port, nodePort };
  });
}

/** Node ports that only repeat what the service had are dropped with its type. upstream: dropTypeDependentFields, sameNodePorts */
function withoutNodePorts(ports: Ports, previous: Ports): Ports {
  const before = nodePortsOf(previous);
  if ([...nodePortsOf(ports)].some((nodePort) => !before.has(nodePort))) return ports;
  return mapShared(ports, (port) => {
    const { nodePort, ...rest } = port;
    return nodePort === undefined ? port : rest;
  });
}

function nodePortsOf(ports: Ports): ReadonlySet<number> {
  return new Set(ports.flatMap(({ nodePort = 0 }) => (nodePort === 0 ? [] : [nodePort])));
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
