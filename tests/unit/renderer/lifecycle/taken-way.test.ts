import { expect, test } from 'vitest';
import type { LifeStepRecord } from '../../../../src-main/contract/bridge.ts';
import { containerChart } from '../../../../src-main/engine/statecharts/container.chart.ts';
import { definitionOf } from '../../../../src-main/engine/statecharts/definition.ts';
import type { Chart } from '../../../../src-main/engine/statecharts/interpreter.ts';
import { nodeChart } from '../../../../src-main/engine/statecharts/node.chart.ts';
import { podChart } from '../../../../src-main/engine/statecharts/pod.chart.ts';
import { probeChart } from '../../../../src-main/engine/statecharts/probe.chart.ts';
import { rolloutChart } from '../../../../src-main/engine/statecharts/rollout.chart.ts';
import { chartGraph } from '../../../../src-renderer/views/lifecycle/chart-graph.ts';
import { takenWay } from '../../../../src-renderer/views/lifecycle/taken-way.ts';

/** `!` before a guard: it said no. */
function check(
  chart: Chart,
  from: string,
  on: string,
  guards: readonly string[],
  to: string,
  expected: { readonly arrows: readonly string[]; readonly refused: readonly string[] },
): void {
  const definition = definitionOf(chart);
  const answers = guards.map((guard) => ({ name: guard.replace('!', ''), said: !guard.startsWith('!') }));
  const step: LifeStepRecord = { atMs: 0, from, to, on, guards: answers, cause: '' };
  expect(takenWay(definition, chartGraph(definition), step)).toEqual(expected);
}

test('a way leads through choices; what guards closed on it is told', () => {
  check(
    containerChart,
    'waiting.held',
    'start',
    ['!imageNameInvalid', '!imageUsable', '!pullForbidden', '!inImageBackOff'],
    'waiting.pulling',
    {
      arrows: ['waiting.held>waiting.imageCheck', 'waiting.imageCheck>waiting.pulling'],
      refused: [
        'waiting.imageCheck>waiting.invalidImageName',
        'waiting.imageCheck>waiting.configCheck',
        'waiting.imageCheck>waiting.imageNeverPull',
        'waiting.imageCheck>waiting.imagePullBackOff',
      ],
    },
  );
});

test('a delay, and a way that starts in the state around', () => {
  check(containerChart, 'waiting.creating', 'creation', ['!commandMissing', '!hasPostStart'], 'running.up', {
    arrows: ['waiting.creating>running after creation'],
    refused: ['waiting.creating>terminated after creation', 'waiting.creating>running.postStart after creation'],
  });
  check(containerChart, 'running.up', 'exit', [], 'terminated', { arrows: ['running>terminated'], refused: [] });
  check(containerChart, 'running.up', 'lose', [], 'lost', { arrows: ['*>lost'], refused: [] });
});

test('a life that guards keep where it is', () => {
  check(podChart, 'work.mounting|phase.Pending', 'mounted', ['!volumesReady'], 'work.mounting|phase.Pending', {
    arrows: [],
    refused: ['work.mounting>work.sandboxCheck'],
  });
});

test('a probe passes through all that its tick asks', () => {
  const guards = ['!podUnknown', '!podFinished', '!containerUnknown', '!containerReplaced', '!containerGoneForGood', '!containerDown'];
  const more = ['!stopsGracefully', '!inInitialDelay', '!gated', 'answered', 'succeeds', 'reachesThreshold'];
  const { arrows } = takenWay(definitionOf(probeChart), chartGraph(definitionOf(probeChart)), {
    atMs: 0,
    from: 'waiting',
    to: 'passing',
    on: 'tick',
    guards: [...guards, ...more].map((guard) => ({ name: guard.replace('!', ''), said: !guard.startsWith('!') })),
    cause: '',
  });
  expect(arrows).toEqual(['*>looking', 'looking>judging', 'judging>succeeding', 'succeeding>passing']);
});

test('where only the result is known, the shortest way to it', () => {
  check(nodeChart, 'lease.fresh|ready.Ready|eviction.none', '', [], 'lease.expired|ready.Unknown|eviction.none', {
    arrows: ['lease.fresh>lease.expired', 'ready.Ready>ready.Unknown'],
    refused: [],
  });
  check(rolloutChart, 'work.settled|progress.complete', '', [], 'work.rolling.growing|progress.complete', {
    arrows: ['work.*>work.choosing', 'work.choosing>work.rolling', 'work.rolling.*>work.rolling.growing'],
    refused: [],
  });
});
