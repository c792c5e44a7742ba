// A node's life as the node controller sees it: its heartbeat, its readiness, and the taint that drives its pods off.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, guardsNamed } from './names.ts';

/** upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go tryUpdateNodeHealth, monitorNodeHealth, processTaintBaseEviction, doNoExecuteTaintingPass */
export const nodeChart = defineChart({
  id: 'node',
  machine: setup({
    types: {
      events: {} as
        | { type: 'look' }
        | { type: 'retry' }
        | { type: 'reportReady' }
        | { type: 'reportNotReady' }
        | { type: 'reportUnknown' }
        | { type: 'turn' },
    },
    guards: guardsNamed('inGrace', 'isNotReady', 'isUnknown'),
    actions: actionsNamed(
      'declareUnknown',
      'recordNotReady',
      'markPodsNotReady',
      'queueTaint',
      'leaveQueue',
      'taintNotReady',
      'taintUnreachable',
      'removeTaints',
    ),
  }).createMachine({
    id: 'node',
    type: 'parallel',
    states: {
      lease: {
        initial: 'fresh',
        states: {
          fresh: {
            description: 'a heartbeat was seen within the grace period',
            on: { look: [{ guard: 'inGrace' }, { target: 'expired', actions: 'declareUnknown' }] },
          },
          expired: {
            description: 'no heartbeat for longer than the grace period',
            on: { look: [{ guard: 'inGrace', target: 'fresh' }, { actions: 'declareUnknown' }] },
          },
        },
      },
      ready: {
        initial: 'Unreported',
        on: { reportReady: '.Ready', reportNotReady: '.NotReady', reportUnknown: '.Unknown' },
        states: {
          Unreported: { on: { look: [{ guard: 'inGrace' }, { target: 'Unknown' }] } },
          Ready: { on: { look: [{ guard: 'inGrace' }, { target: 'Unknown', actions: ['recordNotReady', 'markPodsNotReady'] }] } },
          NotReady: { on: { look: [{ guard: 'inGrace' }, { target: 'Unknown' }], retry: { actions: 'markPodsNotReady' } } },
          Unknown: { on: { retry: { actions: 'markPodsNotReady' } } },
        },
      },
      eviction: {
        initial: 'none',
        states: {
          none: {
            on: {
              reportNotReady: { target: 'queued', actions: 'queueTaint' },
              reportUnknown: { target: 'queued', actions: 'queueTaint' },
            },
          },
          queued: {
            description: "waits for its NoExecute taint at the zone's rate",
            on: {
              reportReady: { target: 'none', actions: 'leaveQueue' },
              reportNotReady: { actions: 'queueTaint' },
              reportUnknown: { actions: 'queueTaint' },
              turn: [
                { guard: 'isNotReady', target: 'notReady', actions: 'taintNotReady' },
                { guard: 'isUnknown', target: 'unreachable', actions: 'taintUnreachable' },
                { target: 'none' },
              ],
            },
          },
          notReady: {
            description: 'tainted node.kubernetes.io/not-ready:NoExecute',
            on: {
              reportReady: { target: 'none', actions: ['leaveQueue', 'removeTaints'] },
              reportNotReady: { actions: 'queueTaint' },
              reportUnknown: { target: 'unreachable', actions: 'taintUnreachable' },
              turn: { guard: 'isUnknown', target: 'unreachable', actions: 'taintUnreachable' },
            },
          },
          unreachable: {
            description: 'tainted node.kubernetes.io/unreachable:NoExecute',
            on: {
              reportReady: { target: 'none', actions: ['leaveQueue', 'removeTaints'] },
              reportNotReady: { target: 'notReady', actions: 'taintNotReady' },
              reportUnknown: { actions: 'queueTaint' },
              turn: { guard: 'isNotReady', target: 'notReady', actions: 'taintNotReady' },
            },
          },
        },
      },
    },
  }),
});
