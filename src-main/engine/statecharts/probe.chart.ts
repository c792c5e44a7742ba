// A probe's life: what one period's tick does, from waiting for the container to holding after a failure; one chart for liveness, readiness and startup.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, guardsNamed } from './names.ts';

/** upstream: pkg/kubelet/prober/worker.go doProbe */
export const probeChart = defineChart({
  id: 'probe',
  machine: setup({
    types: { events: {} as { type: 'tick' } },
    actions: actionsNamed('adoptContainer', 'storeSuccess', 'storeFailure', 'count', 'clearCount'),
    guards: guardsNamed(
      'podUnknown',
      'podFinished',
      'containerUnknown',
      'containerReplaced',
      'containerGoneForGood',
      'containerDown',
      'stopsGracefully',
      'inInitialDelay',
      'gated',
      'answered',
      'succeeds',
      'reachesThreshold',
      'failureRestarts',
    ),
  }).createMachine({
    id: 'probe',
    initial: 'waiting',
    on: {
      tick: [
        { guard: 'podUnknown' },
        { guard: 'podFinished', target: '.ended' },
        { guard: 'containerUnknown' },
        { guard: 'containerReplaced', target: '.looking', actions: 'adoptContainer' },
        { target: '.looking' },
      ],
    },
    states: {
      waiting: { description: 'no running container yet' },
      delayed: { description: 'within initialDelaySeconds' },
      gated: { description: 'until the startup probe has succeeded, or, for the startup probe, after that' },
      passing: { description: 'the last answer was a success' },
      failing: { description: 'the last answer was a failure' },
      held: {
        description: 'failed often enough to restart the container; runs nothing until it is replaced',
        on: {
          tick: [
            { guard: 'podUnknown' },
            { guard: 'podFinished', target: 'ended' },
            { guard: 'containerUnknown' },
            { guard: 'containerReplaced', target: 'looking', actions: 'adoptContainer' },
            {},
          ],
        },
      },
      looking: {
        always: [
          { guard: 'containerGoneForGood', target: 'ended', actions: 'storeFailure' },
          { guard: 'containerDown', target: 'waiting', actions: 'storeFailure' },
          { guard: 'stopsGracefully', target: 'ended', actions: 'storeSuccess' },
          { guard: 'inInitialDelay', target: 'delayed' },
          { guard: 'gated', target: 'gated' },
          { guard: 'answered', target: 'judging', actions: 'count' },
          { target: 'waiting' },
        ],
      },
      judging: {
        always: [{ guard: 'succeeds', target: 'succeeding' }, { target: 'refusing' }],
      },
      succeeding: {
        always: [{ guard: 'reachesThreshold', target: 'passing', actions: 'storeSuccess' }, { target: 'passing' }],
      },
      refusing: {
        always: [{ guard: 'reachesThreshold', target: 'deciding', actions: 'storeFailure' }, { target: 'failing' }],
      },
      deciding: {
        always: [{ guard: 'failureRestarts', target: 'held', actions: 'clearCount' }, { target: 'failing' }],
      },
      ended: { description: 'probes no more', on: { tick: {} } },
    },
  }),
});
