// Twenty thousand steps are one screen of marks; what is filtered, hit and selected is what a person means.
import { expect, test } from 'vitest';
import type { StepRecord } from '../../../../src-main/contract/timeline.ts';
import { shownServices } from '../../../../src-renderer/scene/timeline/availability-marks.ts';
import { filterSteps, NO_FILTER, type StepFilter, stepsIn } from '../../../../src-renderer/scene/timeline/step-filter.ts';
import { hitTimeline, timelinePicture } from '../../../../src-renderer/scene/timeline/timeline-scene.ts';
import { shopSteps, step } from '../../../support/sample-steps.ts';

const WORDS = { lane: () => '', now: '', shown: '', time: () => '', failure: () => '', failures: () => '', more: () => '' };
const LOOK = { actions: [], services: [], countdowns: [], nowMs: 0, shownMs: null, width: 1000, height: 300, selected: null, currentId: 0 };
const LANES = ['events', 'nodes', 'pods', 'storage', 'workloads'] as const;

function check(filter: Partial<StepFilter>, ids: readonly number[]): void {
  expect(filterSteps(shopSteps, { ...NO_FILTER, ...filter }).map(({ id }) => id)).toEqual(ids);
}

test('by words, kind, namespace, trouble and object', () => {
  check({ text: '  UNREACHABLE ' }, [14]);
  check({ kind: 'Service' }, [13, 18]);
  check({ namespace: 'default', kind: 'Deployment.apps' }, [3]);
  check({ troubles: true }, [8, 10, 11, 12, 13, 14]);
  check({ only: { kind: 'Pod', key: 'default/cart-64d7bb8c6f-mm8wz' } }, [16, 17]);
  check({ only: { kind: 'Deployment', key: 'default/cart' } }, [3]);
});
test('a part of time has both of its ends', () => {
  expect(stepsIn(shopSteps, { fromMs: 10_020, untilMs: 10_050 }).map(({ id }) => id)).toEqual([3, 4, 5, 6]);
  expect(stepsIn(shopSteps, { fromMs: 700_000, untilMs: 800_000 })).toEqual([]);
});
test('20,000 steps are at most one mark for each lane and place', () => {
  const steps: StepRecord[] = Array.from({ length: 20_000 }, (_, at) =>
    step(at, [at * 50, LANES[at % 5] ?? 'pods', at % 997 === 0 ? 'bad' : 'plain', 'pod.gone', 'Pod', `default/p${at}`]),
  );
  const { marks, hits } = timelinePicture({ ...LOOK, steps, range: { fromMs: 0, untilMs: 1_000_000 } }, WORDS);
  expect(hits.length).toBeLessThanOrEqual(5 * (1000 / 8));
  expect(marks.length).toBeLessThan(800);
  expect(hits.reduce((sum, { count }) => sum + count, 0)).toBe(20_000);
  expect(hits.filter(({ step: { tone } }) => tone === 'bad').length).toBeGreaterThan(15);
});
test('a moment whose words have no room before the edge has its line alone', () => {
  const look = { ...LOOK, steps: [], range: { fromMs: 0, untilMs: 60_000 } };
  const times = (width: number): number[] =>
    timelinePicture({ ...look, width }, { ...WORDS, time: () => '0:00:00' }).marks.flatMap((mark) =>
      mark.kind === 'text' && mark.text === '0:00:00' ? [mark.x] : [],
    );
  for (const width of [1000, 1280, 1440, 1920, 2290, 2560]) {
    expect(Math.max(...times(width))).toBeLessThanOrEqual(width - 45);
    expect(times(width).length).toBeGreaterThan(3);
  }
});
test('a moment under the handle has its line alone, the others keep their words', () => {
  const look = { ...LOOK, steps: [], range: { fromMs: 0, untilMs: 60_000 } };
  const times = (nowMs: number, shownMs: number | null): number[] =>
    timelinePicture({ ...look, nowMs, shownMs }, { ...WORDS, time: () => '0:00:00' }).marks.flatMap((mark) =>
      mark.kind === 'text' && mark.text === '0:00:00' ? [mark.x] : [],
    );
  const all = times(-1000, null);
  const covered = (at: readonly number[]): number => all.filter((x) => !at.includes(x)).length;
  expect([covered(times(30_000, null)), covered(times(31_000, null)), covered(times(25_000, null))]).toEqual([1, 1, 0]);
  expect(covered(times(60_000, 30_000))).toBe(1);
});
test('every failure in force is named: what has no row of its own shares one, with how many they are', () => {
  const actions = ['worker-1', 'worker-2', 'worker-3', 'worker-4', 'worker-5'].map((target, at) =>
    step(at, [at * 100, 'actions', 'bad', 'failure.begins', 'Node', target, { failure: 'power', target, lasting: 1 }]),
  );
  const healed = step(9, [450, 'actions', 'good', 'failure.ends', 'Node', 'worker-1', { failure: 'power', target: 'worker-1' }]);
  const words = { ...WORDS, failure: (failure: string) => failure, failures: (count: number, names: string) => `${count}: ${names}` };
  const named = (steps: readonly StepRecord[], height: number) =>
    timelinePicture({ ...LOOK, steps: [], actions: steps, nowMs: 1000, height, range: { fromMs: 0, untilMs: 1000 } }, words).marks.flatMap(
      (mark) => (mark.kind === 'text' && mark.text.includes('power') ? [mark.text] : []),
    );
  const LAST = '3: power · worker-3, power · worker-4, power · worker-5';
  expect(named(actions, 230)).toEqual(['power · worker-1', 'power · worker-2', LAST]);
  expect(named(actions.slice(0, 3), 230)).toEqual(['power · worker-1', 'power · worker-2', 'power · worker-3']);
  expect(named([...actions, healed], 800)).toHaveLength(5);
});
test('a click on a mark finds the worst step in it, or the one that is meant', () => {
  const range = { fromMs: 104_000, untilMs: 112_000 };
  const picture = timelinePicture({ ...LOOK, steps: shopSteps, range }, WORDS);
  const node = picture.hits.find(({ step: { what } }) => what === 'node.unknown');
  expect(hitTimeline(picture, (node?.box.x ?? 0) + 4, (node?.box.y ?? 0) + 9)?.step.id).toBe(11);
  expect(hitTimeline(picture, 500, 2)).toBeNull();
});
test('without room for all, the Services that lost most are shown; one that only started has lost nothing', () => {
  const range = { fromMs: 0, untilMs: 1000 };
  const services = [
    {
      key: 'default/starts',
      points: [
        [0, 0, 1],
        [100, 1, 1],
      ] as const,
    },
    {
      key: 'default/loses-one',
      points: [
        [0, 0, 2],
        [100, 2, 2],
        [500, 1, 2],
      ] as const,
    },
    {
      key: 'default/loses-all',
      points: [
        [0, 2, 2],
        [500, 0, 2],
        [600, 2, 2],
      ] as const,
    },
  ];
  const shown = (height: number) => shownServices(services, range, height).shown.map(({ key }) => key.replace('default/', ''));
  expect([shown(100), shown(66), shown(45), shown(22)]).toEqual([
    ['starts', 'loses-one', 'loses-all'],
    ['starts', 'loses-one', 'loses-all'],
    ['loses-all'],
    ['loses-all'],
  ]);
  expect(shownServices(services, range, 45).hidden).toBe(2);
});
