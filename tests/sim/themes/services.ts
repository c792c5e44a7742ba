// Services that change how they are reached: as load balancers, from outside, close by, zone by zone.
import type { JsonObject } from '../../../src-main/engine/meta/object.ts';
import { patched, type Theme } from './theme.ts';

const MODE = 'service.kubernetes.io/topology-mode';
const change =
  (...bodies: readonly JsonObject[]): Theme['happenings'][number] =>
  (random) => [patched(random, 'Service', random.pick(bodies))];

const mode = change({ metadata: { annotations: { [MODE]: 'Auto' } } }, { metadata: { annotations: { [MODE]: null } } });
const close = change({ spec: { trafficDistribution: 'PreferClose' } }, { spec: { trafficDistribution: null } });
const type = change(
  { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local' } },
  { spec: { type: 'LoadBalancer', allocateLoadBalancerNodePorts: false } },
  { spec: { type: 'LoadBalancer', externalTrafficPolicy: 'Local', healthCheckNodePort: 31_000 } },
  { spec: { type: 'NodePort' } },
  { spec: { type: 'ClusterIP' } },
);
const ports = change(
  { spec: { ports: [{ port: 80 }] } },
  { spec: { ports: [{ port: 8080, targetPort: 80 }] } },
  {
    spec: {
      ports: [
        { name: 'udp', port: 53, protocol: 'UDP' },
        { name: 'tcp', port: 53 },
      ],
    },
  },
);
const policy = change(
  { spec: { externalTrafficPolicy: 'Local' } },
  { spec: { externalTrafficPolicy: 'Cluster' } },
  { spec: { internalTrafficPolicy: 'Local' } },
);

export const servicesTheme: Theme = {
  name: 'services',
  oneIn: 3,
  happeningsMax: 8,
  furniture: [],
  happenings: [mode, mode, close, close, type, type, ports, policy],
};
