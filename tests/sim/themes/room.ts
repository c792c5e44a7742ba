// What fills nodes up: pods that take files, processes or disk without end, people who give pods other resources while they run, kubelets with narrow settings.
import type { Random } from '../../../src-main/engine/base/random.ts';
import { applied, type Deed, patched, type Theme } from './theme.ts';

const GROWTHS = ['process-growth-per-second', 'inode-growth-per-second', 'disk-growth-bytes-per-second'];
const RATES: Readonly<Record<string, readonly number[]>> = {
  'process-growth-per-second': [50, 2000],
  'inode-growth-per-second': [2000, 100_000],
  'disk-growth-bytes-per-second': [10_000_000, 500_000_000],
};
/** Process ids are watched only where somebody says so. */
const NARROW = 'memory.available<100Mi,nodefs.available<10%,nodefs.inodesFree<5%,imagefs.available<15%,pid.available<20%';

/** It ends by itself, so that the world can come to rest. */
function glutton(random: Random): readonly Deed[] {
  const growth = random.pick(GROWTHS);
  const perSecond = random.pick(RATES[growth] ?? []);
  const spec = {
    restartPolicy: 'Never',
    containers: [{ name: 'app', image: 'busybox:1.36', command: ['sleep', String(random.between(60, 900))] }],
  };
  const metadata = {
    namespace: 'default',
    name: `glutton-${random.below(3)}`,
    annotations: { [`orrery.dev/${growth}`]: String(perSecond) },
  };
  return [applied({ apiVersion: 'v1', kind: 'Pod', metadata, spec })];
}

function resize(random: Random): readonly Deed[] {
  const requests = { cpu: random.pick(['10m', '100m', '300m', '1', '3', '20']), memory: random.pick(['16Mi', '64Mi', '256Mi', '4Gi']) };
  return [{ what: 'resize', pick: random.uint32(), requests }];
}

export const roomTheme: Theme = {
  name: 'room',
  oneIn: 4,
  happeningsMax: 10,
  furniture: [],
  happenings: [
    glutton,
    glutton,
    resize,
    resize,
    resize,
    (random) => [patched(random, 'Node', { metadata: { annotations: { 'orrery.dev/eviction-hard': random.pick([NARROW, null]) } } })],
  ],
};
