// Which connections network policies let through, as the documentation's recipes say.
import { describe, expect, test } from 'vitest';
import type { Pod } from '../../../../src-main/engine/kinds/core/pod.ts';
import { type NetworkPolicy, networkPolicyKind } from '../../../../src-main/engine/kinds/networking/network-policy.ts';
import { type ConnectionEnd, connectionVerdict } from '../../../../src-main/engine/network/policy-verdict.ts';

const pod = (namespace: string, name: string, ip: string, spec: object = {}): ConnectionEnd => ({
  ip,
  pod: {
    metadata: { name, namespace, uid: name, labels: { app: name } },
    spec: { containers: [{ name, image: name, ports: [{ name: 'http', containerPort: 8080 }] }], ...spec },
  } as unknown as Pod,
});
const ends: Readonly<Record<string, ConnectionEnd>> = {
  web: pod('default', 'web', '10.244.1.2'),
  db: pod('default', 'db', '10.244.1.3'),
  monitor: pod('ops', 'monitor', '10.244.2.2'),
  agent: pod('ops', 'agent', '192.168.0.2', { hostNetwork: true }),
  outside: { ip: '203.0.113.7' },
};
const policy = (name: string, spec: object): NetworkPolicy =>
  networkPolicyKind.defaults({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace: 'default' },
    spec,
  } as unknown as NetworkPolicy);

const all = { podSelector: {} };
const ofDb = { podSelector: { matchLabels: { app: 'db' } } };
const fromWeb = { podSelector: { matchLabels: { app: 'web' } } };
const fromOps = { namespaceSelector: { matchLabels: { team: 'ops' } } };

function check(connection: string, specs: readonly object[], expected: string): void {
  const [from = '', to = '', port = ''] = connection.split(/[ >:]+/);
  const policies = specs.map((spec, index) => policy(`p${index}`, spec));
  const verdict = connectionVerdict(
    { from: ends[from]!, to: ends[to]!, port: Number(port), protocol: 'TCP' },
    {
      policiesIn: (namespace) => (namespace === 'default' ? policies : []),
      namespaceLabels: (namespace): Readonly<Record<string, string>> => (namespace === 'ops' ? { team: 'ops' } : {}),
    },
  );
  expect(verdict.allowed ? 'yes' : `${verdict.direction} ${verdict.by.map(({ metadata }) => metadata.name).join()}`).toBe(expected);
}

describe('a connection', () => {
  test.each<[string, readonly object[], string]>([
    ['web > db:5432', [], 'yes'],
    ['web > db:5432', [all], 'Ingress p0'],
    ['db > db:5432', [all], 'yes'],
    ['outside > db:5432', [all], 'Ingress p0'],
    ['db > monitor:80', [all], 'yes'],
    ['web > db:5432', [{ ...all, policyTypes: ['Egress'] }], 'Egress p0'],
    ['web > db:5432', [{ ...ofDb, ingress: [{ from: [fromWeb] }] }], 'yes'],
    ['monitor > db:5432', [{ ...ofDb, ingress: [{ from: [fromWeb] }] }], 'Ingress p0'],
    ['db > web:80', [{ ...ofDb, ingress: [{ from: [fromWeb] }] }], 'yes'],
    ['monitor > db:5432', [{ ...ofDb, ingress: [{ from: [fromOps] }] }], 'yes'],
    ['web > db:5432', [{ ...ofDb, ingress: [{ from: [fromOps] }] }], 'Ingress p0'],
    // Both selectors of one peer have to match; of two peers one is enough.
    ['monitor > db:5432', [{ ...ofDb, ingress: [{ from: [{ ...fromOps, ...fromWeb }] }] }], 'Ingress p0'],
    ['monitor > db:5432', [{ ...ofDb, ingress: [{ from: [fromOps, fromWeb] }] }], 'yes'],
    // Policies only ever add.
    ['web > db:5432', [all, { ...ofDb, ingress: [{ from: [fromWeb], ports: [{ port: 5432 }] }] }], 'yes'],
    ['web > db:80', [all, { ...ofDb, ingress: [{ from: [fromWeb], ports: [{ port: 5432 }] }] }], 'Ingress p0,p1'],
    ['web > db:8080', [{ ...ofDb, ingress: [{ ports: [{ port: 'http' }] }] }], 'yes'],
    ['web > db:8081', [{ ...ofDb, ingress: [{ ports: [{ port: 'http' }] }] }], 'Ingress p0'],
    ['web > db:8085', [{ ...ofDb, ingress: [{ ports: [{ port: 8080, endPort: 8090 }] }] }], 'yes'],
    ['web > db:53', [{ ...ofDb, ingress: [{ ports: [{ protocol: 'UDP', port: 53 }] }] }], 'Ingress p0'],
    ['outside > db:1', [{ ...ofDb, ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }] }], 'yes'],
    [
      'outside > db:1',
      [{ ...ofDb, ingress: [{ from: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.0/28'] } }] }] }],
      'Ingress p0',
    ],
    ['web > outside:443', [{ ...all, policyTypes: ['Egress'], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }] }], 'yes'],
    ['web > db:5432', [{ ...all, egress: [{ to: [ofDb] }] }], 'Ingress p0'],
    // A pod on its node's network is no pod to a policy.
    ['agent > db:5432', [{ ...ofDb, ingress: [{ from: [fromOps] }] }], 'Ingress p0'],
    ['agent > db:5432', [{ ...ofDb, ingress: [{ from: [{ ipBlock: { cidr: '192.168.0.0/16' } }] }] }], 'yes'],
  ])('%s under %j', check);
});
