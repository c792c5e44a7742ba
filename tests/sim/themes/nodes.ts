// Nodes that people and clouds take away in good order: drains, the word that a lost one is out of service, groups of machines that grow and shrink.
import type { Random } from '../../../src-main/engine/base/random.ts';
import { type Deed, patched, type Theme } from './theme.ts';

/** A drain asks again in this rhythm while budgets refuse. upstream: kubectl pkg/drain/drain.go */
const DRAIN_RETRY_MS = 5000;
const GROUPS = ['pool-a', 'pool-b'];

function group(random: Random): readonly Deed[] {
  const name = random.pick(GROUPS);
  const zone = `zone-${name.slice(-1)}`;
  const minSize = random.below(2);
  return [
    { what: 'node-group', name, group: { zone, minSize, maxSize: minSize + random.between(1, 6), cpu: '4', memory: '8Gi', pods: '110' } },
  ];
}

function drain(random: Random): readonly Deed[] {
  const pick = random.uint32();
  return Array.from({ length: random.between(1, 12) }, (_none, index) => ({ what: 'drain', pick, afterMs: index * DRAIN_RETRY_MS }));
}

export const nodesTheme: Theme = {
  name: 'nodes',
  oneIn: 4,
  happeningsMax: 6,
  furniture: [],
  happenings: [
    group,
    (random) => [{ what: 'node-group', name: random.pick(GROUPS), group: null }],
    drain,
    drain,
    (random) => [{ what: 'out-of-service', pick: random.uint32() }],
    (random) => [{ what: 'out-of-service', pick: random.uint32() }],
    (random) => [{ what: 'cordon', pick: random.uint32(), unschedulable: false }],
    (random) => [patched(random, 'Node', { metadata: { labels: { disk: random.pick(['ssd', 'none']) } } })],
  ],
};
