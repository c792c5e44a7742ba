// What a service says of balancers, addresses and traffic is refused in upstream's words, and goes with the type that it suited.
import { expect, test } from 'vitest';
import { type Service, serviceKind } from '../../../../../src-main/engine/kinds/core/service.ts';

const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

function serviceOf(spec: object, annotations?: object): Service {
  const metadata = { name: 'web', namespace: 'default', ...(annotations && { annotations }) };
  return serviceKind.defaults({
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ports: [{ port: 80 }], ...spec },
  } as unknown as Service);
}

function check(spec: object, expected: readonly string[], annotations?: object): void {
  expect(serviceKind.validate(serviceOf(spec, annotations)).map(String)).toEqual(expected);
}

const balanced = { type: 'LoadBalancer' };
const only = "Forbidden: may only be used when `type` is 'LoadBalancer'";
const list = 'must be a list of IP ranges. For example, 10.240.0.0/24,10.250.0.0/24 ';

test('source ranges', () => check({ ...balanced, loadBalancerSourceRanges: [' 10.0.0.0/8 ', '192.168.0.0/16'] }, []));
test('source ranges that are none', () =>
  check({ ...balanced, loadBalancerSourceRanges: ['10.0.0.0/40'] }, [
    `spec.LoadBalancerSourceRanges: Invalid value: "[10.0.0.0/40]": ${list}`,
  ]));
test('source ranges by annotation, without a balancer', () =>
  check({}, [`metadata.annotations[${RANGES}]: ${only}`], { [RANGES]: '10.0.0.0/8' }));
test('no source ranges by annotation', () => check(balanced, [], { [RANGES]: ' ' }));
test('a class without a balancer', () => check({ loadBalancerClass: 'a/b' }, [`spec.loadBalancerClass: ${only}`]));
test('node ports for a balancer that is none', () =>
  check({ allocateLoadBalancerNodePorts: true }, [`spec.allocateLoadBalancerNodePorts: ${only}`]));
test('a health check that nobody needs', () =>
  check({ ...balanced, healthCheckNodePort: 30_000 }, [
    "spec.healthCheckNodePort: Invalid value: 30000: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
  ]));
test('traffic goes where no rule says', () =>
  check({ trafficDistribution: 'PreferFar' }, [
    'spec.trafficDistribution: Unsupported value: "PreferFar": supported values: "PreferClose"',
  ]));
test('a family twice', () => check({ ipFamilies: ['IPv4', 'IPv4'] }, ['spec.ipFamilies[1]: Duplicate value: "IPv4"']));
test('an address of the other family', () =>
  check({ clusterIP: 'fd00::1', ipFamilies: ['IPv4'] }, [
    'spec.clusterIPs[0]: Invalid value: "fd00::1": expected an IPv4 value as indicated by `ipFamilies[0]`',
  ]));
test('an address for a name outside', () =>
  check({ type: 'ExternalName', externalName: 'web.example.com', clusterIP: 'None' }, [
    'spec.clusterIPs: Forbidden: may not be set for ExternalName services',
  ]));
test('none among some', () =>
  check({ clusterIP: 'None', clusterIPs: ['None', '10.0.0.1'] }, [
    'spec.clusterIPs: Invalid value: []string{"None", "10.0.0.1"}: \'None\' must be the first and only value',
  ]));
test('topology said twice', () =>
  expect(
    serviceKind
      .validate(serviceOf({}, { 'service.kubernetes.io/topology-mode': 'Auto', 'service.kubernetes.io/topology-aware-hints': 'Off' }))
      .map(({ field }) => field),
  ).toEqual(['metadata.annotations[service.kubernetes.io/topology-mode]']));

test.each([
  ['ClusterIP', { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' }],
  ['ExternalName', { internalTrafficPolicy: 'Cluster', externalName: 'web.example.com' }],
])('a balancer becomes a service of type %s', (type, kept) => {
  const before = serviceOf({ ...balanced, loadBalancerClass: 'a/b', externalTrafficPolicy: 'Local', healthCheckNodePort: 30_000 });
  const { clusterIP: _address, ...spec } = before.spec;
  const wanted = { ...before, spec: { ...spec, type, ...(type === 'ExternalName' && { externalName: 'web.example.com' }) } } as Service;
  const after = serviceKind.prepareForUpdate(wanted, before);
  const { ports: _ports, ...rest } = after.spec;
  expect(rest).toEqual({ type, sessionAffinity: 'None', ...kept });
  expect(serviceKind.validate(after)).toEqual([]);
});
test('a third address is one too many, and told of once', () =>
  check({ clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7', 'fd00::7', '10.0.0.8'], ipFamilies: ['IPv4', 'IPv6'] }, [
    'spec.clusterIPs: Invalid value: []string{"10.0.0.7", "fd00::7", "10.0.0.8"}: may only hold up to 2 values',
  ]));

const KEPT = 'may not change once set';
test.each<[string, object, object, readonly string[]]>([
  [
    'another address',
    { clusterIP: '10.96.0.7' },
    { clusterIP: '10.96.0.8' },
    [`spec.clusterIPs[0]: Invalid value: []string{"10.96.0.8"}: ${KEPT}`],
  ],
  [
    'none instead of one',
    { clusterIP: '10.96.0.7' },
    { clusterIP: 'None' },
    [`spec.clusterIPs[0]: Invalid value: []string{"None"}: ${KEPT}`],
  ],
  [
    'the other family',
    { clusterIP: '10.96.0.7', ipFamilies: ['IPv4'] },
    { ipFamilies: ['IPv6'] },
    [`spec.ipFamilies[0]: Invalid value: []core.IPFamily{"IPv6"}: ${KEPT}`],
  ],
  [
    'the second is given up',
    { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd00::7'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' },
    { clusterIPs: ['10.96.0.7'], ipFamilies: ['IPv4'] },
    [
      'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to \'SingleStack\' when releasing the secondary clusterIP',
      'spec.ipFamilyPolicy: Invalid value: "PreferDualStack": must be set to \'SingleStack\' when releasing the secondary ipFamily',
    ],
  ],
  [
    'and so it is said',
    { clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd00::7'], ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'PreferDualStack' },
    { clusterIPs: ['10.96.0.7'], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' },
    [],
  ],
])('%s', (_, before, change, expected) => {
  const previous = serviceOf(before);
  const next = serviceKind.prepareForUpdate({ ...previous, spec: { ...previous.spec, ...change } } as Service, previous);
  expect(serviceKind.validateUpdate(next, previous).map(String)).toEqual(expected);
});
