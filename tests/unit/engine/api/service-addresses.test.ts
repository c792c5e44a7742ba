import { expect, test } from 'vitest';
import { type Service, serviceKind } from '../../../../src-main/engine/kinds/core/service.ts';
import { ipAddressKind } from '../../../../src-main/engine/kinds/networking/ip-address.ts';
import { type ServiceCIDR, serviceCidrKind } from '../../../../src-main/engine/kinds/networking/service-cidr.ts';
import { ApiWorld, refusal, USER } from './api-world.ts';

const service = (world: ApiWorld, name: string, spec: object = {}): Service =>
  world.server.create(serviceKind, { metadata: { name }, spec: { ports: [{ port: 80, protocol: 'TCP' }], ...spec } }, USER);

test('every service gets an address of its own', () => {
  const world = new ApiWorld();
  const addresses = Array.from({ length: 200 }, (_, index) => service(world, `s${index}`).spec.clusterIP as string);
  expect(new Set(addresses).size).toBe(200);
  for (const address of addresses) expect(address).toMatch(/^10\.(9[6-9]|10\d|11[01])\.\d+\.\d+$/);
});

test('an address that was asked for is given, once', () => {
  const world = new ApiWorld();
  const dns = service(world, 'dns', { clusterIP: '10.96.0.10' });
  expect([dns.spec.clusterIP, dns.spec.clusterIPs]).toEqual(['10.96.0.10', ['10.96.0.10']]);
  expect(refusal(() => service(world, 'other', { clusterIP: '10.96.0.10' }))).toBe(
    '422 Invalid: Service "other" is invalid: spec.clusterIPs: Invalid value: []string{"10.96.0.10"}: failed to allocate IP 10.96.0.10: provided IP is already allocated',
  );
});

test.each([
  ['10.1.0.1', 'the provided network does not match the current range'],
  ['10.112.0.0', 'the provided network does not match the current range'],
  ['10.96.0.0', 'the provided IP (10.96.0.0) is not in the valid range. The range of valid IPs is 10.96.0.0/12'],
  ['10.111.255.255', 'the provided IP (10.111.255.255) is not in the valid range. The range of valid IPs is 10.96.0.0/12'],
])('%s is not given', (clusterIP, why) =>
  expect(refusal(() => service(new ApiWorld(), 'a', { clusterIP }))).toBe(
    `422 Invalid: Service "a" is invalid: spec.clusterIPs: Invalid value: []string{"${clusterIP}"}: failed to allocate IP ${clusterIP}: ${why}`,
  ),
);

test.each([
  [
    { ipFamilyPolicy: 'RequireDualStack' },
    'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services',
  ],
  [{ ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
  [
    { ipFamilies: ['IPv4', 'IPv6'] },
    `spec.ipFamilyPolicy: Invalid value: "SingleStack": must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified`,
  ],
])('the cluster has one family of addresses: %j', (spec, fault) =>
  expect(refusal(() => service(new ApiWorld(), 'a', spec))).toBe(`422 Invalid: Service "a" is invalid: ${fault}`),
);

test('who prefers two families gets the one there is', () =>
  expect(service(new ApiWorld(), 'a', { ipFamilyPolicy: 'PreferDualStack' }).spec).toMatchObject({ ipFamilies: ['IPv4'] }));

test('a headless service without selector may have endpoints of both families', () => {
  const both = { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' };
  expect(service(new ApiWorld(), 'a', { clusterIP: 'None' }).spec).toMatchObject(both);
  expect(service(new ApiWorld(), 'a', { clusterIP: 'None', ipFamilyPolicy: 'SingleStack' }).spec).toMatchObject({ ipFamilies: ['IPv4'] });
  const selecting = service(new ApiWorld(), 'a', { clusterIP: 'None', selector: { app: 'a' } }).spec;
  expect(selecting).toMatchObject({ ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
});

test('an address comes free with its service', () => {
  const world = new ApiWorld();
  service(world, 'dns', { clusterIP: '10.96.0.10' });
  world.server.delete(serviceKind, 'default/dns', {}, USER);
  expect(service(world, 'other', { clusterIP: '10.96.0.10' }).spec.clusterIP).toBe('10.96.0.10');
});

test('a headless service has none', () => {
  const { spec } = service(new ApiWorld(), 'db', { clusterIP: 'None' });
  expect([spec.clusterIP, spec.clusterIPs]).toEqual(['None', ['None']]);
});

test('an external name has none', () =>
  expect(service(new ApiWorld(), 'x', { type: 'ExternalName', externalName: 'example.com' }).spec.clusterIP).toBeUndefined());

test('node ports come from their range, each once', () => {
  const world = new ApiWorld();
  const ports = Array.from(
    { length: 100 },
    (_, index) => service(world, `s${index}`, { type: 'NodePort' }).spec.ports?.[0]?.nodePort as number,
  );
  expect(new Set(ports).size).toBe(100);
  for (const port of ports) expect(port >= 30_000 && port <= 32_767).toBe(true);
});

test('a node port that is taken or out of range', () => {
  const world = new ApiWorld();
  const withPort = (name: string, nodePort: number) => () =>
    service(world, name, { type: 'NodePort', ports: [{ port: 80, protocol: 'TCP', nodePort }] });
  withPort('a', 30_080)();
  const where = '422 Invalid: Service "b" is invalid: spec.ports[0].nodePort: Invalid value:';
  expect(refusal(withPort('b', 30_080))).toBe(`${where} 30080: provided port is already allocated`);
  expect(refusal(withPort('b', 80))).toBe(`${where} 80: provided port is not in the valid range. The range of valid ports is 30000-32767`);
});

test('an update keeps address and node port', () => {
  const world = new ApiWorld();
  const made = service(world, 'web', { type: 'NodePort', ports: [{ name: 'http', port: 80, protocol: 'TCP' }] });
  // A node port goes with the name of its port, whatever else of the port changes.
  const ports = [
    { name: 'http', port: 8080, protocol: 'TCP' },
    { name: 'tls', port: 80, protocol: 'TCP' },
  ];
  const next = world.server.update(serviceKind, { ...made, spec: { type: 'NodePort', ports } } as Service, USER);
  expect(next.spec.clusterIP).toBe(made.spec.clusterIP);
  expect(next.spec.ports?.[0]?.nodePort).toBe(made.spec.ports?.[0]?.nodePort);
  expect(next.spec.ports?.[1]?.nodePort).not.toBe(next.spec.ports?.[0]?.nodePort);
});

test('ports of one number and different protocols share a node port in a new service', () => {
  const ports = [
    { name: 'dns', port: 53, protocol: 'UDP' },
    { name: 'dns-tcp', port: 53, protocol: 'TCP' },
    { name: 'metrics', port: 9153, protocol: 'TCP' },
  ];
  const [udp, tcp, metrics] = service(new ApiWorld(), 'dns', { type: 'NodePort', ports }).spec.ports ?? [];
  expect(udp?.nodePort).toBe(tcp?.nodePort);
  expect(metrics?.nodePort).not.toBe(udp?.nodePort);
});

const LOCAL = { type: 'LoadBalancer', externalTrafficPolicy: 'Local' };

test('a load balancer may do without node ports, and may still ask for one', () => {
  const ports = [
    { name: 'http', port: 80, protocol: 'TCP' },
    { name: 'tls', port: 443, protocol: 'TCP', nodePort: 30_443 },
  ];
  const { spec } = service(new ApiWorld(), 'web', { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false, ports });
  expect(spec.ports?.map(({ nodePort }) => nodePort)).toEqual([undefined, 30_443]);
});

test('a load balancer that keeps to the nodes of its endpoints gets a port at which nodes are asked for them', () => {
  const world = new ApiWorld();
  const { spec } = service(world, 'web', LOCAL);
  const port = spec.healthCheckNodePort ?? 0;
  expect(port >= 30_000 && port <= 32_767 && port !== spec.ports?.[0]?.nodePort).toBe(true);
  expect(service(world, 'plain', { type: 'LoadBalancer' }).spec.healthCheckNodePort).toBeUndefined();
  expect(refusal(() => service(world, 'other', { ...LOCAL, healthCheckNodePort: port }))).toBe(
    `500 InternalError: Internal error occurred: failed to allocate requested HealthCheck NodePort ${port}: provided port is already allocated`,
  );
  expect(service(world, 'asked', { ...LOCAL, healthCheckNodePort: 32_001 }).spec.healthCheckNodePort).toBe(32_001);
});

test('that port stays, goes with what needs it, and cannot be changed', () => {
  const world = new ApiWorld();
  const made = service(world, 'web', LOCAL);
  const change = (spec: object): Service => {
    const now = world.server.get(serviceKind, 'default/web');
    return world.server.update(serviceKind, { ...now, spec: { ...now.spec, ...spec } } as Service, USER);
  };
  const { healthCheckNodePort, ...spec } = made.spec;
  expect(world.server.update(serviceKind, { ...made, spec } as Service, USER).spec.healthCheckNodePort).toBe(healthCheckNodePort);
  expect(refusal(() => change({ healthCheckNodePort: 32_002 }))).toBe(
    '422 Invalid: Service "web" is invalid: spec.healthCheckNodePort: Forbidden: field is immutable',
  );
  expect(change({ externalTrafficPolicy: 'Cluster' }).spec.healthCheckNodePort).toBeUndefined();
  expect(change({ externalTrafficPolicy: 'Local' }).spec.healthCheckNodePort).not.toBeUndefined();
});

test('node ports go with their type unless others were asked for', () => {
  const world = new ApiWorld();
  const made = service(world, 'web', { type: 'NodePort' });
  const next = world.server.update(serviceKind, { ...made, spec: { ...made.spec, type: 'ClusterIP' } }, USER);
  expect(next.spec.ports).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
});

const owned = (world: ApiWorld): readonly string[] =>
  world.server.list(ipAddressKind).map(({ metadata, spec: { parentRef } }) => `${metadata.name} ${parentRef.namespace}/${parentRef.name}`);

test('an address is an object from before its service until after it', () => {
  const world = new ApiWorld();
  service(world, 'dns', { clusterIP: '10.96.0.10' });
  expect(owned(world)).toEqual(['10.96.0.10 default/dns']);
  expect(world.server.get(ipAddressKind, '10.96.0.10').metadata.labels).toEqual({
    'ipaddress.kubernetes.io/ip-family': 'IPv4',
    'ipaddress.kubernetes.io/managed-by': 'ipallocator.k8s.io',
  });
  world.server.delete(serviceKind, 'default/dns', {}, USER);
  expect(owned(world)).toEqual([]);
  expect(world.deltas.map(({ type, kind }) => `${type} ${kind}`)).toEqual([
    'ADDED IPAddress.networking.k8s.io',
    'ADDED Service',
    'DELETED Service',
    'DELETED IPAddress.networking.k8s.io',
  ]);
});

test('a service that is only tried, has no address or gives it up has no such object', () => {
  const world = new ApiWorld();
  world.server.dryRun(() => service(world, 'tried'));
  service(world, 'db', { clusterIP: 'None' });
  service(world, 'out', { type: 'ExternalName', externalName: 'example.com' });
  expect(owned(world)).toEqual([]);
  const web = service(world, 'web');
  expect(owned(world)).toEqual([`${web.spec.clusterIP} default/web`]);
  const { clusterIP: _ip, clusterIPs: _ips, ...spec } = web.spec;
  world.server.update(serviceKind, { ...web, spec: { ...spec, type: 'ExternalName', externalName: 'example.com' } } as Service, USER);
  expect(owned(world)).toEqual([]);
});

test('uids of addresses are drawn apart from those of everything else', () => {
  const uids = ['None', '10.96.0.10'].map((clusterIP) => {
    const world = new ApiWorld();
    return [service(world, 'a', { clusterIP }), service(world, 'b', { clusterIP: 'None' })].map(({ metadata }) => metadata.uid);
  });
  expect(uids[0]).toEqual(uids[1]);
});

test('an address that somebody has without a service is not given', () => {
  const world = new ApiWorld();
  const spec = { parentRef: { group: 'example.com', resource: 'gateways', name: 'edge' } };
  world.server.create(ipAddressKind, { metadata: { name: '10.96.0.10' }, spec }, USER);
  expect(refusal(() => service(world, 'dns', { clusterIP: '10.96.0.10' }))).toContain('provided IP is already allocated');
});

test('addresses come from every block that is ready', () => {
  const world = new ApiWorld();
  world.server.create(serviceCidrKind, { metadata: { name: 'small' }, spec: { cidrs: ['10.200.0.0/30', '2001:db8::/64'] } }, USER);
  const why = 'spec.clusterIPs: Invalid value: []string{"10.200.0.2"}: failed to allocate IP 10.200.0.2: ';
  expect(refusal(() => service(world, 'a', { clusterIP: '10.200.0.2' }))).toContain(
    `${why}the provided network does not match the current range`,
  );
  const conditions = [{ type: 'Ready', status: 'True', reason: '', message: '', lastTransitionTime: world.timeline.timestamp() }];
  world.server.patch(serviceCidrKind, 'small', (current): ServiceCIDR => ({ ...current, status: { conditions } }), USER, 'status');
  expect(['a', 'b'].map((name) => service(world, name).spec.clusterIP).sort()).toEqual(['10.200.0.1', '10.200.0.2']);
  expect(refusal(() => service(world, 'c'))).toBe(
    '500 InternalError: Internal error occurred: failed to allocate a serviceIP: range is full',
  );
});
