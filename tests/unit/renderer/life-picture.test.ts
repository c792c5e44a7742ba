import { expect, test } from 'vitest';
import type { ChartRecord } from '../../../src-main/contract/chart.ts';
import { containerChart } from '../../../src-main/engine/statecharts/container.chart.ts';
import { definitionOf } from '../../../src-main/engine/statecharts/definition.ts';
import type { Chart } from '../../../src-main/engine/statecharts/interpreter.ts';
import { nodeChart } from '../../../src-main/engine/statecharts/node.chart.ts';
import { charts } from '../../../src-main/engine/statecharts/registry.ts';
import { CHIP_HEIGHT, type LifePicture, lifePicture } from '../../../src-renderer/panels/lives/life-picture.ts';

const WIDTH = 283;
const names = (picture: LifePicture, look: string): readonly string[] =>
  picture.chips.filter((chip) => chip.look === look).map(({ path }) => path);

function check(
  chart: Chart,
  state: string,
  expected: { readonly active: readonly string[]; readonly next: readonly string[]; readonly delays: number },
): void {
  const picture = lifePicture(definitionOf(chart), state, WIDTH, (_, name) => name);
  const delays = picture.arrows.filter(({ isDelay }) => isDelay).length;
  expect({ active: names(picture, 'active'), next: names(picture, 'next'), delays }).toEqual(expected);
}

test('the active state is lit, what may come next is outlined', () => {
  check(containerChart, 'running.up', {
    active: ['running.up'],
    next: ['running.preStopAhead', 'running.preStop', 'running.stopping', 'terminated', 'lost'],
    delays: 0,
  });
  check(containerChart, 'waiting.errImagePull', {
    active: ['waiting.errImagePull'],
    next: ['waiting.imagePullBackOff', 'lost', 'never'],
    delays: 1,
  });
  check(nodeChart, 'lease.fresh|ready.Ready|eviction.none', {
    active: ['lease.fresh', 'ready.Ready', 'eviction.none'],
    next: ['lease.expired', 'ready.NotReady', 'ready.Unknown', 'eviction.queued'],
    delays: 0,
  });
});

test.each(charts.map((chart) => [chart.id, definitionOf(chart)] as const))('%s: every state has its own place', (_, chart: ChartRecord) => {
  const { chips, frames, height } = lifePicture(chart, '', WIDTH, (_path, name) => name);
  const overlaps = chips.flatMap((a, index) =>
    chips
      .slice(index + 1)
      .filter((b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + CHIP_HEIGHT && b.y < a.y + CHIP_HEIGHT)
      .map((b) => `${a.path} ${b.path}`),
  );
  const outside = [
    ...chips.filter(({ x, y, width }) => x < 0 || x + width > WIDTH || y < 0 || y + CHIP_HEIGHT > height).map(({ path }) => path),
    ...frames.filter((frame) => frame.x + frame.width > WIDTH || frame.y + frame.height > height).map(({ label }) => label),
  ];
  expect({ overlaps, outside }).toEqual({ overlaps: [], outside: [] });
});
