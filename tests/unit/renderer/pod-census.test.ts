// Counting by changes must come to the same as counting anew, also when pods move, come again or go.
import { expect, test } from 'vitest';
import type { PodLook, PodRecord } from '../../../src-main/contract/view.ts';
import { node, pod } from '../../../src-renderer/gallery/make-records.ts';
import { FADED } from '../../../src-renderer/scene/node-card.ts';
import { HEAT_BANDS } from '../../../src-renderer/scene/node-heat.ts';
import { TopologyScene } from '../../../src-renderer/scene/topology-scene.ts';
import { put } from '../../support/sample-world.ts';
import { WORDS } from '../../support/scene-words.ts';

const LOOKS: readonly PodLook[] = ['ready', 'creating', 'not-ready', 'back-off', 'failed', 'terminating', 'unknown', 'succeeded'];

/** The same numbers in each run. */
function* chance(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

function fresh(pods: Iterable<PodRecord>): TopologyScene {
  const scene = new TopologyScene(WORDS.topology);
  scene.fold(true, { nodes: put([node('a', 'z'), node('b', 'z'), node('c', 'y')]), pods: put([...pods]) });
  return scene;
}

test('five hundred random changes: tallies, workloads, and not one unchanged mark that moves', () => {
  const pods = new Map<string, PodRecord>();
  const scene = fresh([]);
  const next = chance(7);
  const pick = <Item>(list: readonly Item[]): Item => list[((next.next().value ?? 0) >> 8) % list.length] as Item;
  let moved = 0;
  for (let turn = 0; turn < 500; turn += 1) {
    const name = `${pick(['web', 'api', 'db'])}-${((next.next().value ?? 0) >> 8) % 40}`;
    const before = new Map([...pods.values()].map((each) => [each.name, scene.podBox(`default/${each.name}`)]));
    const densities = ['a', 'b', 'c', ''].map((place) => scene.podsOf(place).length);
    const old = pods.get(name);
    if (old && turn % 3 === 0) {
      pods.delete(name);
      scene.fold(false, { pods: { put: [], remove: [old.id] } });
    } else {
      const changed = pod(name, old?.node || pick(['a', 'b', 'c', '']), pick(LOOKS));
      pods.set(name, changed);
      scene.fold(false, { pods: put([changed]) });
    }
    // The sum of a zone is kept by changes from the first question on.
    if (turn === 100) expect(scene.zoneTally('z').total).toBe(['a', 'b'].flatMap((place) => scene.podsOf(place)).length);
    // A card that becomes denser moves its pods on purpose; it never does so for a change of looks.
    const grew = ['a', 'b', 'c', ''].some((place, at) => scene.podsOf(place).length > (densities[at] ?? 0));
    for (const [other, box] of before) {
      if (other === name || grew || !box) continue;
      const now = scene.podBox(`default/${other}`);
      moved = Math.max(moved, Math.abs((now?.x ?? 0) - box.x), Math.abs((now?.y ?? 0) - box.y));
    }
  }
  expect(moved).toBe(0);
  const again = fresh(pods.values());
  for (const zone of ['z', 'y'])
    expect(HEAT_BANDS.map((band) => scene.zoneTally(zone).counts[band])).toEqual(
      HEAT_BANDS.map((band) => again.zoneTally(zone).counts[band]),
    );
  for (const name of ['web', 'api', 'db']) {
    const of = (each: TopologyScene): readonly string[] => [...each.podsOfWorkload('default', 'Deployment', name)].sort();
    expect(of(scene)).toEqual(of(again));
    expect(of(scene).length).toBeGreaterThan(5);
  }
});

test('from far away, what is not searched for fades and leaves the tally', () => {
  const scene = fresh([pod('web-1', 'a'), pod('db-1', 'a', 'back-off'), pod('db-2', 'c')]);
  const inks = (key: string): readonly string[] =>
    scene.marks(key, 'far').flatMap((mark) => ('fill' in mark && mark.fill ? [mark.fill] : []));
  expect(inks('node:a')).toEqual(['raised', 'bad', 'good']);
  scene.lit = new Set(['default/web-1']);
  expect(inks('node:a')).toEqual(['raised', 'good']);
  expect(inks('node:c')).toEqual(['raised']);
  expect(scene.marks('node:c', 'near').some((mark) => mark.kind === 'glyph' && mark.alpha === FADED)).toBe(true);
});

test('a node that comes to a zone or leaves it takes its pods along', () => {
  const scene = fresh([pod('web-1', 'a'), pod('db-1', 'b', 'back-off'), pod('db-2', 'c')]);
  const totals = (): readonly number[] => ['z', 'y'].map((zone) => scene.zoneTally(zone).total);
  expect(totals()).toEqual([2, 1]);
  const { id } = node('b', 'z');
  scene.fold(false, { nodes: { put: [node('d', 'y')], remove: [id] }, pods: put([pod('web-2', 'd'), pod('web-3', 'a')]) });
  expect(totals()).toEqual([2, 2]);
  scene.fold(false, { pods: { put: [], remove: [pod('db-1', 'b').id, pod('web-1', 'a').id] } });
  expect(totals()).toEqual([1, 2]);
  expect(scene.zoneTally('z').counts.bad).toBe(0);
});
