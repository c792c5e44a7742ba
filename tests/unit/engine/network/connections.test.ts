// Where a connection from a pod ends: names, virtual addresses, endpoints, and what stands in the way.
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import type { Service } from '../../../../src-main/engine/kinds/core/service.ts';
import type { EndpointSlice } from '../../../../src-main/engine/kinds/discovery/endpoint-slice.ts';
import type { NetworkPolicy } from '../../../../src-main/engine/kinds/networking/network-policy.ts';
import { Connections } from '../../../../src-main/engine/network/connections.ts';

const pod = (name: string, podIP: string, nodeName: string): Pod =>
  ({
    metadata: { name, namespace: 'shop', uid: name, labels: { app: name } },
    spec: { nodeName, containers: [] },
    status: { phase: 'Running', podIP },
  }) as unknown as Pod;
const caller = pod('caller', '10.244.1.2', 'one');
const pods = [caller, pod('web-a', '10.244.1.3', 'one'), pod('web-b', '10.244.2.3', 'two')];
const service = (name: string, clusterIP: string, rest: object = {}): Service =>
  ({
    metadata: { name, namespace: 'shop' },
    spec: { clusterIP, clusterIPs: [clusterIP], ports: [{ port: 80, name: 'http' }], ...rest },
  }) as unknown as Service;
const services = [
  service('web', '10.96.0.7'),
  service('near', '10.96.0.8', { internalTrafficPolicy: 'Local' }),
  service('db', 'None'),
  service('idle', '10.96.0.9'),
  service('far', '', { type: 'ExternalName' }),
];
const endpoint = (name: string, address: string, nodeName: string, ready = true) => ({
  addresses: [address],
  hostname: name,
  nodeName,
  conditions: { ready },
  targetRef: { kind: 'Pod', name, uid: name },
});
const slice = (endpoints: readonly object[]): EndpointSlice =>
  ({ metadata: { name: 's', namespace: 'shop' }, ports: [{ name: 'http', port: 8080 }], endpoints }) as unknown as EndpointSlice;
const both = slice([endpoint('web-a', '10.244.1.3', 'one'), endpoint('web-b', '10.244.2.3', 'two')]);
const slices: Readonly<Record<string, readonly EndpointSlice[]>> = {
  'shop/web': [both],
  'shop/near': [both],
  'shop/db': [both],
  'shop/idle': [slice([endpoint('web-a', '10.244.1.3', 'one', false)])],
};

function check(target: string, expected: string, { cut = false, turn = 0, policies = [] as readonly NetworkPolicy[] } = {}): void {
  const connections = new Connections({
    service: (key) => services.find(({ metadata }) => `${metadata.namespace}/${metadata.name}` === key),
    services: () => services,
    servicesIn: () => services,
    slicesOf: (key) => slices[key] ?? [],
    pod: (key) => pods.find(({ metadata }) => `shop/${metadata.name}` === key),
    pods: () => pods,
    joined: (node, other) => node === other || !cut,
    online: () => !cut,
    policies: { policiesIn: () => policies, namespaceLabels: () => ({}) },
  });
  const [host = '', port = ''] = target.split(':');
  const reached = connections.connect(caller, host, Number(port), turn);
  expect(reached.kind === 'open' ? `${reached.uid}:${reached.port}` : reached.kind).toBe(expected);
}

const noEntrance = {
  metadata: { name: 'none', namespace: 'shop' },
  spec: { podSelector: {}, policyTypes: ['Ingress'] },
} as unknown as NetworkPolicy;

describe('a connection', () => {
  test.each<[string, string]>([
    ['web:80', 'web-a:8080'],
    ['web.shop:80', 'web-a:8080'],
    ['web.shop.svc.cluster.local:80', 'web-a:8080'],
    ['10.96.0.7:80', 'web-a:8080'],
    ['web.other:80', 'unknown'],
    ['web.shop.svc.example.com:80', 'unknown'],
    ['far:80', 'unknown'],
    ['web:81', 'silent'],
    ['idle:80', 'refused'],
    ['near:80', 'web-a:8080'],
    ['db:8080', 'web-a:8080'],
    ['web-b.db:8080', 'web-b:8080'],
    ['10.244.2.3:9', 'web-b:9'],
    ['10.244.9.9:80', 'silent'],
    ['localhost:80', 'caller:80'],
  ])('to %s', (target, expected) => check(target, expected));
  test('the next one goes to the next endpoint', () => check('web:80', 'web-b:8080', { turn: 1 }));
  test('one that keeps to its node', () => check('near:80', 'web-a:8080', { turn: 1 }));
  test('over a link that is cut', () => check('web:80', 'silent', { turn: 1, cut: true }));
  test('what a policy holds back', () => check('web:80', 'silent', { policies: [noEntrance] }));
});
