// The lanes of the timeline in both themes, as SVG files that are reviewed as pictures; run with -u to draw them again.
import { expect, test } from 'vitest';
import { filterSteps, NO_FILTER, stepsIn } from '../../src-renderer/scene/timeline/step-filter.ts';
import { type TimelineLook, type TimelineWords, timelinePicture } from '../../src-renderer/scene/timeline/timeline-scene.ts';
import { toSvg } from '../../src-renderer/scene/to-svg.ts';
import { PALETTES, type ThemeName } from '../../src-renderer/ui/tokens.ts';
import { shopServices, shopSteps } from '../support/sample-steps.ts';
import { countdown } from '../support/sample-world.ts';

const WORDS: TimelineWords = {
  lane: (lane) => lane,
  now: 'now',
  shown: 'shown',
  time: (ms) => `${ms / 1000} s`,
  failure: (failure) => failure,
  failures: (count, names) => `${count} at once: ${names}`,
  more: (count) => `${count} more`,
};
const NOW_MS = 650_000;
const AT_REST: TimelineLook = {
  steps: shopSteps,
  actions: shopSteps.filter(({ lane }) => lane === 'actions'),
  services: shopServices,
  countdowns: [
    countdown('crash-back-off', 'Pod', 'default/a', NOW_MS - 5000, NOW_MS + 40_000),
    countdown('node-monitor-grace', 'Node', 'worker-1', NOW_MS - 5000, NOW_MS + 25_000),
  ],
  range: { fromMs: 0, untilMs: 720_000 },
  nowMs: NOW_MS,
  shownMs: null,
  width: 860,
  height: 320,
  selected: null,
  currentId: 0,
};

async function check(name: string, changes: Partial<TimelineLook>, theme: ThemeName = 'dark'): Promise<void> {
  const look = { ...AT_REST, ...changes };
  const { marks } = timelinePicture({ ...look, steps: stepsIn(look.steps, look.range) }, WORDS);
  const bounds = { x: 0, y: 0, width: look.width, height: look.height };
  await expect(toSvg({ bounds, marks }, PALETTES[theme])).toMatchFileSnapshot(`./timeline-${name}.${theme}.svg`);
}

test('a worker is lost, an outage, the worker healed; what is ahead is hollow', () => check('story', {}));
test('the same in the light', () => check('story', {}, 'light'));
test('a part of time: a failure that began before it', () => check('zoomed', { range: { fromMs: 100_000, untilMs: 112_000 } }));
test('a selected pod stands out, the chosen step too', () =>
  check('selected', { selected: { kind: 'Pod', key: 'default/cart-64d7bb8c6f-5vx2j' }, currentId: 11 }));
test('troubles alone', () => check('troubles', { steps: filterSteps(shopSteps, { ...NO_FILTER, troubles: true }) }));
test('more Services than there is room for', () =>
  check('many-services', {
    services: Array.from({ length: 12 }, (_, at) => ({
      key: `default/s${at}`,
      points: [
        [0, 3, 3],
        [100_000 + at, at === 9 ? 0 : 3, 3],
        [200_000, 3, 3],
      ] as const,
    })),
  }));
test('nothing has happened yet', () =>
  check('empty', { steps: [], actions: [], services: [], countdowns: [], nowMs: 0, range: { fromMs: 0, untilMs: 5000 } }));
test('in a low view the lanes come closer together', () => check('low', { height: 218 }));

test('a moment of the past is shown', () => check('past', { shownMs: 330_000 }));
