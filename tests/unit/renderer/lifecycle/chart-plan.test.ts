// Laid out by the library itself, in this process instead of a worker: what is checked is what a person gets to see.
import ELK from 'elkjs/lib/elk.bundled.js';
import { expect, test } from 'vitest';
import { definitionOf } from '../../../../src-main/engine/statecharts/definition.ts';
import { charts } from '../../../../src-main/engine/statecharts/registry.ts';
import { type ChartBox, chartGraph } from '../../../../src-renderer/views/lifecycle/chart-graph.ts';
import {
  type ChartPlan,
  type ChartWords,
  chartPlan,
  elkGraph,
  type Flow,
  type PlacedBox,
} from '../../../../src-renderer/views/lifecycle/chart-plan.ts';

const words: ChartWords = { box: ({ name }) => name, arrow: ({ ways }) => [...new Set(ways.map(({ on, guard }) => `${on} ${guard}`))] };
const elk = new ELK();

async function planOf(chart: (typeof charts)[number], flow: Flow): Promise<ChartPlan> {
  const graph = chartGraph(definitionOf(chart));
  return chartPlan(graph, words, await elk.layout(elkGraph(graph, words, flow)));
}

const inside = ({ box }: PlacedBox): ReadonlySet<string> => {
  const ids = (boxes: readonly ChartBox[]): readonly string[] => boxes.flatMap(({ id, boxes: below }) => [id, ...ids(below)]);
  return new Set(ids(box.boxes));
};
const meet = (a: PlacedBox, b: PlacedBox): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

const cases = charts.flatMap((chart) => (['DOWN', 'RIGHT'] as const).map((flow) => [chart.id, flow, chart] as const));

test.each(cases)(
  '%s, %s: every state has a place of its own, every arrow a line, and all are within the picture',
  async (_, flow, chart) => {
    const { boxes, arrows, width, height } = await planOf(chart, flow);
    const overlaps = boxes.flatMap((a, index) =>
      boxes
        .slice(index + 1)
        .filter((b) => meet(a, b) && !inside(a).has(b.box.id))
        .map((b) => `${a.box.id} ${b.box.id}`),
    );
    const outside = boxes.filter((box) => box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height);
    const lineless = arrows.filter(({ d }) => !/^M[\d.-]+,[\d.-]+L/.test(d)).map(({ arrow }) => arrow.id);
    expect({ overlaps, outside, lineless }).toEqual({ overlaps: [], outside: [], lineless: [] });
  },
);

test.each(charts.map((chart) => [chart.id, chart] as const))('%s: every way of the chart is on an arrow', (_, chart) => {
  const definition = definitionOf(chart);
  const drawn = new Set(chartGraph(definition).arrows.flatMap(({ to, ways }) => ways.map(({ on, guard }) => `${on} ${guard} ${to}`)));
  const missing: string[] = [];
  const visit = (states: typeof definition.states): void => {
    for (const { ways, states: below } of states) {
      for (const { on, guard, to } of ways) if (to !== '' && !drawn.has(`${on} ${guard} ${to}`)) missing.push(`${on} ${guard} ${to}`);
      visit(below);
    }
  };
  visit(definition.states);
  for (const { on, guard, to } of definition.ways)
    if (to !== '' && !drawn.has(`${on} ${guard} ${to}`)) missing.push(`${on} ${guard} ${to}`);
  expect(missing).toEqual([]);
});
