// A persistent volume's life: its phase with what the reclaim policy does once the claim is gone, beside the protection while it is bound.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, guardsNamed } from './names.ts';
import { protectionRegion } from './protection-region.ts';

const reclaim = [
  { guard: 'isMigrated' as const },
  { guard: 'retains' as const },
  { guard: 'recycles' as const, actions: 'recycle' as const },
  { guard: 'deletes' as const, actions: 'deleteVolume' as const },
];

/** upstream: pkg/controller/volume/persistentvolume (updateVolumePhase, reclaimVolume), pkg/controller/volume/pvprotection */
export const volumeChart = defineChart({
  id: 'volume',
  machine: setup({
    types: {
      events: {} as
        | { type: 'free' }
        | { type: 'bind' }
        | { type: 'release' }
        | { type: 'reclaim' }
        | { type: 'fail' }
        | { type: 'delete' }
        | { type: 'inspect' },
    },
    guards: guardsNamed('isMigrated', 'retains', 'recycles', 'deletes', 'unused'),
    actions: actionsNamed('recycle', 'deleteVolume', 'reportUnknownPolicy', 'reportFailure', 'addFinalizer', 'removeFinalizer'),
  }).createMachine({
    id: 'volume',
    type: 'parallel',
    states: {
      phase: {
        initial: 'Pending',
        states: {
          Pending: { on: { free: 'Available', bind: 'Bound', release: 'Released', fail: { target: 'Failed', actions: 'reportFailure' } } },
          Available: { on: { bind: 'Bound', release: 'Released', fail: { target: 'Failed', actions: 'reportFailure' } } },
          Bound: { on: { free: 'Available', release: 'Released', fail: { target: 'Failed', actions: 'reportFailure' } } },
          Released: {
            on: {
              free: 'Available',
              bind: 'Bound',
              reclaim: [...reclaim, { target: 'Failed', actions: 'reportUnknownPolicy' }],
              fail: { target: 'Failed', actions: 'reportFailure' },
            },
          },
          Failed: { on: { free: 'Available', bind: 'Bound', reclaim } },
        },
      },
      protection: protectionRegion,
    },
  }),
});
