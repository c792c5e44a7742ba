// Pods in sandboxes of their own, which cost something and are not to be had on each node, nor by each runtime; what runs in them counts and asks.
import type { Random } from '../../../src-main/engine/base/random.ts';
import { applied, type Deed, deleted, patched, type Theme } from './theme.ts';

const NAME = 'sandbox';

function sandbox(random: Random): readonly Deed[] {
  const overhead = random.pick([{}, { overhead: { podFixed: { cpu: '50m', memory: `${random.between(8, 64)}Mi` } } }]);
  const scheduling = random.pick([
    {},
    { scheduling: { nodeSelector: { 'topology.kubernetes.io/zone': random.pick(['zone-a', 'zone-b']) } } },
  ]);
  const metadata = { name: NAME };
  return [
    applied({
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata,
      handler: random.pick(['runc', 'kata']),
      ...overhead,
      ...scheduling,
    }),
  ];
}

/** Somebody sets up the other runtime on a node, or takes it away. */
function runtime(random: Random): Deed {
  return patched(random, 'Node', { metadata: { annotations: { 'orrery.dev/runtime-handlers': random.pick(['kata', 'kata', null]) } } });
}

/** It ends by itself, so that the world can come to rest. */
function boxed(random: Random): readonly Deed[] {
  const rounds = random.between(1, 60);
  const script = `i=0; while [ $i -lt ${rounds} ]; do echo "$(hostname): $i at $(date)" > /out; i=$((i + 1)); sleep $((i % 7)); done; exit $((i % 2))`;
  const spec = {
    runtimeClassName: NAME,
    restartPolicy: 'Never',
    containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', script] }],
  };
  return [applied({ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'default', name: `boxed-${random.below(3)}` }, spec })];
}

export const sandboxesTheme: Theme = {
  name: 'sandboxes',
  oneIn: 6,
  happeningsMax: 8,
  furniture: [],
  happenings: [
    sandbox,
    sandbox,
    boxed,
    boxed,
    boxed,
    (random) => [runtime(random)],
    (random) => [runtime(random)],
    (random) => [deleted(random, 'RuntimeClass.node.k8s.io')],
  ],
};
