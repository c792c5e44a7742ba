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
    filled.ipFamilyPolicy = given.ipFamilyPolicy ?? 'SingleStack';
    filled.ipFamilies = given.ipFamilies ?? IPV4;
    const address = given.clusterIP ?? '';
    if (address !== '' && given.clusterIPs === undefined) filled.clusterIPs = [address];
    else if (address === '' && given.clusterIPs?.[0] !== undefined) filled.clusterIP = given.clusterIPs[0];
  }
  return sameMembers(filled, given) ? given : filled;
}

/** upstream: pkg/apis/core/v1/helper/service ExternallyAccessible */
export function isExternallyAccessible({ type, externalIPs = [] }: Pick<Spec, 'type' | 'externalIPs'>): boolean {
  return type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && externalIPs.length > 0);
}

/** An update that leaves addresses and node ports out keeps those it has; what only suited the former type is dropped. upstream: patchAllocatedValues, dropTypeDependentFields */
export function keepAllocated(next: Spec, previous: Spec): Spec {
  const spec: { -readonly [Key in keyof Spec]: Spec[Key] } = { ...next };
  if (
    next.type !== 'ExternalName' &&
    previous.type !== 'ExternalName' &&
    (next.clusterIP ?? '') === '' &&
    previous.clusterIP !== undefined
  ) {
    spec.clusterIP = previous.clusterIP;
    if (previous.clusterIPs !== undefined) spec.clusterIPs = previous.clusterIPs;
  }
  dropTypeDependent(spec, previous);
  const hadPorts = previous.type === 'NodePort' || previous.type === 'LoadBalancer';
  if (next.ports === undefined || !hadPorts) return sameMembers(spec, next) ? next : spec;
  if (next.type === 'NodePort' || next.type === 'LoadBalancer') spec.ports = mapShared(next.ports, (port) => withNodePort(port, previous));
  else if (next.type === 'ClusterIP') spec.ports = mapShared(next.ports, (port) => withoutNodePort(port, previous));
  return sameMembers(spec, next) ? next : spec;
}

/** What only suited the former type goes with it, unless it was changed in the same step. upstream: dropTypeDependentFields */
function dropTypeDependent(spec: { -readonly [Key in keyof Spec]: Spec[Key] }, previous: Spec): void {
  const drop = (...fields: readonly (keyof Spec)[]): void => {
    for (const field of fields) if (equal(spec[field], previous[field])) delete spec[field];
  };
  const isBalanced = ({ type }: Spec): boolean => type === 'LoadBalancer';
  const checksHealth = (one: Spec): boolean => isBalanced(one) && one.externalTrafficPolicy === 'Local';
  if (spec.type === 'ExternalName' && previous.type !== 'ExternalName') drop('clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy');
  if (previous.type === 'ExternalName' && spec.type !== 'ExternalName') drop('externalName');
  if (checksHealth(previous) && !checksHealth(spec)) drop('healthCheckNodePort');
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

function samePort(port: Port, previous: Spec): Port | undefined {
  return previous.ports?.find((other) => other.port === port.port && other.protocol === port.protocol);
}

function withNodePort(port: Port, previous: Spec): Port {
  const nodePort = samePort(port, previous)?.nodePort;
  return (port.nodePort ?? 0) === 0 && nodePort !== undefined ? { ...port, nodePort } : port;
}

/** Node ports that only repeat what the service had are dropped with its type. upstream: dropTypeDependentFields */
function withoutNodePort(port: Port, previous: Spec): Port {
  if (port.nodePort === undefined || port.nodePort !== samePort(port, previous)?.nodePort) return port;
  const { nodePort: _dropped, ...rest } = port;
  return rest;
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}
