// What people do beside changing workloads: they look, run commands in containers, debug, take pods out of their sets, part updates and undo them.
import type { Random } from '../../../src-main/engine/base/random.ts';
import { type Deed, deleted, patched, type Theme } from './theme.ts';

const READ = [
  'Pod',
  'Node',
  'Event',
  'Deployment.apps',
  'PersistentVolumeClaim',
  'EndpointSlice.discovery.k8s.io',
  'Job.batch',
  'Lease.coordination.k8s.io',
];

function look(random: Random): readonly Deed[] {
  const query = random.pick([{}, { limit: '2' }, { labelSelector: 'app=a' }, { fieldSelector: 'metadata.name=a' }]);
  return [{ what: 'ask', kind: random.pick(READ), pick: random.uint32(), method: 'LIST', subresource: '', query }];
}

function inContainer(random: Random): readonly Deed[] {
  const ask = { what: 'ask', kind: 'Pod', pick: random.uint32() } as const;
  return random.pick<readonly Deed[]>([
    [{ ...ask, method: 'GET', subresource: 'log', query: random.below(2) === 0 ? {} : { previous: 'true' } }],
    [{ ...ask, method: 'POST', subresource: 'exec', query: { command: 'hostname' } }],
    [{ ...ask, method: 'POST', subresource: 'exec', query: { command: 'no-such-program' } }],
  ]);
}

function debug(random: Random): readonly Deed[] {
  const container = {
    name: `debug-${random.below(3)}`,
    image: 'busybox:1.36',
    command: ['sh', '-c', random.pick(['sleep 30', 'sleep 100000', 'exit 1'])],
  };
  const body = { spec: { ephemeralContainers: [container] } };
  return [
    {
      what: 'ask',
      kind: 'Pod',
      pick: random.uint32(),
      method: 'PATCH',
      subresource: 'ephemeralcontainers',
      query: { strategic: '' },
      body,
    },
  ];
}

export const peopleTheme: Theme = {
  name: 'people',
  oneIn: 3,
  happeningsMax: 8,
  furniture: [],
  happenings: [
    look,
    look,
    inContainer,
    inContainer,
    debug,
    (random) => [{ what: 'relabel', pick: random.uint32() }],
    (random) => [{ what: 'undo', pick: random.uint32() }],
    (random) => [{ what: 'undo', pick: random.uint32() }],
    (random) => [
      patched(random, 'StatefulSet.apps', {
        spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: random.below(4) } } },
      }),
    ],
    (random) => [
      {
        what: 'ask',
        kind: 'Deployment.apps',
        pick: random.uint32(),
        method: 'PATCH',
        subresource: 'scale',
        query: {},
        body: { spec: { replicas: random.below(5) } },
      },
    ],
    (random) => [patched(random, 'Pod', { metadata: { annotations: { note: String(random.below(9)) } } })],
    (random) => [patched(random, 'Service', { spec: { sessionAffinity: random.pick(['ClientIP', 'None']) } })],
    (random) => [deleted(random, random.pick(['Event', 'Endpoints', 'Secret', 'ServiceAccount']))],
  ],
};
