// Addresses that somebody takes, gives or forgets, and what the API server tells of itself: it mends what is its own.
import type { Random } from '../../../src-main/engine/base/random.ts';
import { applied, type Deed, deleted, type Theme } from './theme.ts';

const NETWORKING = 'networking.k8s.io/v1';
const FLOWS = 'flowcontrol.apiserver.k8s.io';

function block(random: Random): readonly Deed[] {
  const cidr = random.pick(['10.200.0.0/28', '10.201.0.0/24', '10.96.0.0/16', '2001:db8::/64']);
  return [applied({ apiVersion: NETWORKING, kind: 'ServiceCIDR', metadata: { name: `more-${random.below(2)}` }, spec: { cidrs: [cidr] } })];
}

function service(random: Random): readonly Deed[] {
  const clusterIP = random.pick(['10.200.0.3', '10.201.0.9', '10.96.0.50', '']);
  const spec = { ports: [{ port: 80 }], ...(clusterIP !== '' && { clusterIP }) };
  return [applied({ apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: `asked-${random.below(3)}` }, spec })];
}

/** Of somebody who needs an address and has no Service. */
function taken(random: Random): readonly Deed[] {
  const parentRef = { group: 'example.com', resource: 'gateways', name: 'edge' };
  return [
    applied({ apiVersion: NETWORKING, kind: 'IPAddress', metadata: { name: `10.96.0.${50 + random.below(2)}` }, spec: { parentRef } }),
  ];
}

function flows(random: Random): readonly Deed[] {
  const name = 'own';
  const spec = { matchingPrecedence: random.between(1, 10_000), priorityLevelConfiguration: { name } };
  return [
    applied({ apiVersion: `${FLOWS}/v1`, kind: 'PriorityLevelConfiguration', metadata: { name }, spec: { type: 'Exempt', exempt: {} } }),
    applied({ apiVersion: `${FLOWS}/v1`, kind: 'FlowSchema', metadata: { name }, spec }),
  ];
}

function elsewhere(): readonly Deed[] {
  const spec = {
    group: 'example.org',
    version: 'v1',
    groupPriorityMinimum: 100,
    versionPriority: 10,
    service: { namespace: 'default', name: 'asked-0' },
  };
  return [applied({ apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.example.org' }, spec })];
}

export const addressesTheme: Theme = {
  name: 'addresses',
  oneIn: 6,
  happeningsMax: 8,
  furniture: [],
  happenings: [
    block,
    service,
    service,
    taken,
    flows,
    elsewhere,
    (random) => [deleted(random, 'IPAddress.networking.k8s.io')],
    (random) => [deleted(random, 'Service')],
    (random) => [deleted(random, `FlowSchema.${FLOWS}`)],
    (random) => [deleted(random, `PriorityLevelConfiguration.${FLOWS}`)],
  ],
};
