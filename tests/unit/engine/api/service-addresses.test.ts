import { expect, test } from 'vitest';
import { type Service, serviceKind } from '../../../../src-main/engine/kinds/core/service.ts';
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
    '422 Invalid: Service "other" is invalid: spec.clusterIPs[0]: Invalid value: ["10.96.0.10"]: failed to allocate IP 10.96.0.10: provided IP is already allocated',
  );
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
  const made = service(world, 'web', { type: 'NodePort' });
  const ports = [
    { name: 'http', port: 80, protocol: 'TCP' },
    { name: 'tls', port: 443, protocol: 'TCP' },
  ];
  const next = world.server.update(serviceKind, { ...made, spec: { type: 'NodePort', ports } } as Service, USER);
  expect(next.spec.clusterIP).toBe(made.spec.clusterIP);
  expect(next.spec.ports?.[0]?.nodePort).toBe(made.spec.ports?.[0]?.nodePort);
  expect(next.spec.ports?.[1]?.nodePort).not.toBe(next.spec.ports?.[0]?.nodePort);
});
