// Statecharts as they are drawn, in files that are reviewed as pictures; run with -u to draw them again.
import { readFileSync } from 'node:fs';
import { render } from '@testing-library/svelte';
import ELK from 'elkjs/lib/elk.bundled.js';
import { beforeEach, expect, test } from 'vitest';
import type { LifeRecord, LifeStepRecord } from '../../src-main/contract/bridge.ts';
import { definitionOf } from '../../src-main/engine/statecharts/definition.ts';
import { charts } from '../../src-main/engine/statecharts/registry.ts';
import { language } from '../../src-renderer/stores/language.svelte.ts';
import { PALETTES, type ThemeName } from '../../src-renderer/ui/tokens.ts';
import ChartDrawing from '../../src-renderer/views/lifecycle/chart-drawing.svelte';
import { chartGraph } from '../../src-renderer/views/lifecycle/chart-graph.ts';
import { chartPlan, elkGraph, type Flow } from '../../src-renderer/views/lifecycle/chart-plan.ts';
import { chartWords } from '../../src-renderer/views/lifecycle/life-words.ts';
import { takenWay } from '../../src-renderer/views/lifecycle/taken-way.ts';
import { TIMED_WAYS } from '../../src-renderer/views/lifecycle/timed-ways.ts';

interface Scene {
  readonly chart: string;
  readonly flow: Flow;
  readonly state: string;
  readonly step?: Pick<LifeStepRecord, 'from' | 'on'> & { readonly guards?: readonly string[] };
  readonly waits?: LifeRecord['waits'];
  readonly theme?: ThemeName;
  readonly language?: 'en' | 'ko';
}

const NOW_MS = 60_000;
const source = readFileSync('src-renderer/views/lifecycle/chart-drawing.svelte', 'utf8');
const style = /<style>([\s\S]*)<\/style>/.exec(source)?.[1] ?? '';
const elk = new ELK();

beforeEach(() => {
  language.name = 'en';
});

async function check(name: string, scene: Scene): Promise<void> {
  language.name = scene.language ?? 'en';
  const chart = charts.find(({ id }) => id === scene.chart);
  if (chart === undefined) throw new Error(`no chart ${scene.chart}`);
  const definition = definitionOf(chart);
  const graph = chartGraph(definition);
  const words = chartWords(definition);
  const plan = chartPlan(graph, words, await elk.layout(elkGraph(graph, words, scene.flow)));
  const guards = (scene.step?.guards ?? []).map((guard) => ({ name: guard.replace('!', ''), said: !guard.startsWith('!') }));
  const step = scene.step && { atMs: NOW_MS, to: scene.state, cause: '', ...scene.step, guards };
  const { container } = render(ChartDrawing, {
    plan,
    scale: 1,
    active: new Set(scene.state.split('|')),
    taken: step ? takenWay(definition, graph, step) : { arrows: [], refused: [] },
    takenKey: name,
    waits: scene.waits ?? [],
    timed: TIMED_WAYS[scene.chart] ?? {},
    nowMs: NOW_MS,
    label: name,
  });
  const theme = scene.theme ?? 'dark';
  await expect(standing(container.querySelector('svg'), theme)).toMatchFileSnapshot(`../golden/lifecycle-${name}.${theme}.svg`);
}

/** A picture that needs no page: with its style, its colours, and nothing that differs from run to run. */
function standing(svg: SVGElement | null, theme: ThemeName): string {
  const colours = Object.entries(PALETTES[theme]).map(
    ([ink, colour]) => `--${ink.replace(/[A-Z]/g, (sign) => `-${sign.toLowerCase()}`)}:${colour};`,
  );
  const text = (svg?.outerHTML ?? '')
    .replace(/<!--.*?-->/g, '')
    .replace(/ class="svelte-[\w-]+"| svelte-[\w-]+/g, '')
    .replace(/(id="|#)[\w-]*?(head|taken)\b/g, '$1$2')
    .replace(/(\d+\.\d{2})\d+/g, '$1')
    .replace(/></g, '>\n<');
  const still = style.replace('animation: run 0.9s ease-in-out both;', '');
  return text
    .replace(
      '<svg ',
      `<svg xmlns="http://www.w3.org/2000/svg" font-family="Inter, sans-serif" style="background:${PALETTES[theme].ground};${colours.join('')}" `,
    )
    .replace('<defs>', `<style>${still}</style>\n<defs>`);
}

const REFUSED = ['!imageUsable', '!pullForbidden', 'inImageBackOff'];

test('a pod that runs', () => check('pod', { chart: 'pod', flow: 'DOWN', state: 'work.running|phase.Running' }));
test('a container whose image cannot be had', () =>
  check('container', {
    chart: 'container',
    flow: 'DOWN',
    state: 'waiting.imagePullBackOff',
    step: { from: 'waiting.crashBackOff', on: 'crashBackOff', guards: REFUSED },
    waits: [{ name: 'imageBackOff', fromMs: 50_000, dueMs: 90_000 }],
  }));
test('the same on light ground, in Korean', () =>
  check('container-ko', {
    chart: 'container',
    flow: 'RIGHT',
    state: 'running.up',
    step: { from: 'waiting.creating', on: 'creation', guards: ['!commandMissing', '!hasPostStart'] },
    theme: 'light',
    language: 'ko',
  }));
test('a probe that has failed often enough', () =>
  check('probe', {
    chart: 'probe',
    flow: 'RIGHT',
    state: 'held',
    step: {
      from: 'failing',
      on: 'tick',
      guards: ['!podFinished', '!containerReplaced', 'answered', '!succeeds', 'reachesThreshold', 'failureRestarts'],
    },
  }));
test('a claim whose volume is gone', () =>
  check('claim', {
    chart: 'claim',
    flow: 'RIGHT',
    state: 'phase.Lost|protection.protected',
    step: { from: 'phase.Bound|protection.protected', on: '' },
  }));
test('a released volume', () =>
  check('volume', {
    chart: 'volume',
    flow: 'DOWN',
    state: 'phase.Released|protection.unprotected',
    step: { from: 'phase.Bound|protection.protected', on: '' },
  }));
test('an attachment that is refused', () =>
  check('attachment', {
    chart: 'attachment',
    flow: 'DOWN',
    state: 'attachFailed',
    step: { from: 'attaching', on: 'attach', guards: ['!attaches'] },
    waits: [{ name: 'retry', fromMs: 50_000, dueMs: 80_000 }],
    theme: 'light',
  }));
test('a lost node', () =>
  check('node', {
    chart: 'node',
    flow: 'DOWN',
    state: 'lease.expired|ready.Unknown|eviction.none',
    step: { from: 'lease.fresh|ready.Ready|eviction.none', on: '' },
  }));
test('a node that has fallen silent', () =>
  check('node-silent', {
    chart: 'node',
    flow: 'DOWN',
    state: 'lease.fresh|ready.Ready|eviction.none',
    waits: [{ name: 'grace', fromMs: 50_000, dueMs: 90_000 }],
  }));
test('every wait that no delay of a chart stands for has its arrow', () => {
  const missing = Object.entries(TIMED_WAYS).flatMap(([id, waits]) => {
    const chart = charts.find((one) => one.id === id);
    const arrows = chart ? chartGraph(definitionOf(chart)).arrows.map((arrow) => arrow.id) : [];
    return Object.values(waits).filter((arrow) => !arrows.includes(arrow));
  });
  expect(missing).toEqual([]);
});
test('a rollout on its way', () =>
  check('rollout', {
    chart: 'rollout',
    flow: 'RIGHT',
    state: 'work.rolling.growing|progress.progressing',
    step: { from: 'work.settled|progress.complete', on: '' },
  }));
