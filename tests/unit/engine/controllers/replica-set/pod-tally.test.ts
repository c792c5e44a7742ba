// What is counted as news comes in equals what counting all pods gives, whatever the news.
import { expect, test } from 'vitest';
import { Random } from '../../../../../src-main/engine/base/random.ts';
import { isPodActive } from '../../../../../src-main/engine/controllers/pod-state.ts';
import { PodTally } from '../../../../../src-main/engine/controllers/replica-set/pod-tally.ts';
import { countReplicas, talliedReplicas } from '../../../../../src-main/engine/controllers/replica-set/status.ts';
import type { Pod } from '../../../../../src-main/engine/kinds/core/pod.ts';
import { selectorForMap } from '../../../../../src-main/engine/meta/label-selector.ts';

const full = { app: 'web', track: 'stable' };
const labels = [full, { app: 'web' }, { ...full }];
const spec = { replicas: 3, template: { metadata: { labels: full } } };
const matches = selectorForMap({ app: 'web' });

function podOf(random: Random, name: string): Pod {
  const owner = random.pick(['uid-a', 'uid-b']);
  const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: owner, controller: true }];
  const leaving = random.below(5) === 0 ? { deletionTimestamp: '2025-06-01T00:00:00Z' } : {};
  const metadata = { name, namespace: 'default', uid: name, labels: random.pick(labels), ownerReferences, ...leaving };
  const conditions = [{ type: 'Ready', status: random.pick(['True', 'False']) }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: { containers: [] },
    status: { phase: random.pick(['Pending', 'Running', 'Failed']), conditions },
  } as unknown as Pod;
}

function check(seed: number, steps: number): void {
  const random = Random.seeded(seed);
  const pods = new Map<string, Pod>();
  const tally = new PodTally();
  for (let step = 0; step < steps; step += 1) {
    const name = `pod-${random.below(12)}`;
    const previous = pods.get(name);
    const next = random.below(4) === 0 ? undefined : podOf(random, name);
    if (next === undefined) pods.delete(name);
    else pods.set(name, next);
    tally.changed(next, previous);
    for (const uid of ['uid-a', 'uid-b']) {
      const owned = [...pods.values()].filter((pod) => isPodActive(pod) && pod.metadata.ownerReferences?.[0]?.uid === uid);
      expect(talliedReplicas(spec, tally.of(uid), matches)).toEqual(countReplicas(spec, owned, 0));
    }
  }
  for (const [name, pod] of pods) {
    tally.changed(undefined, pod);
    pods.delete(name);
  }
  expect([tally.of('uid-a').size, tally.of('uid-b').size]).toEqual([0, 0]);
}

test.each([1, 2, 3, 4])('a tally counts as counting does (seed %i)', (seed) => check(seed, 300));

test('a tally does not answer where a pod has to be looked at', () => {
  const tally = new PodTally();
  tally.changed(podOf(Random.seeded(1), 'pod'), undefined);
  const counts =
    ['uid-a', 'uid-b'].map((uid) => tally.of(uid)).find(({ size }) => size > 0) ?? new Map([[{ app: 'web' }, { active: 1, ready: 0 }]]);
  expect(talliedReplicas({ ...spec, minReadySeconds: 5 }, counts, matches)).toBeNull();
  expect(talliedReplicas(spec, counts, selectorForMap({ app: 'other' }))).toBeNull();
});
