// A claim's life: its phase, which the volume binder publishes, beside the protection that keeps it while pods use it.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, guardsNamed } from './names.ts';
import { protectionRegion } from './protection-region.ts';

/** upstream: pkg/controller/volume/persistentvolume (updateClaimStatus), pkg/controller/volume/pvcprotection */
export const claimChart = defineChart({
  id: 'claim',
  machine: setup({
    types: { events: {} as { type: 'wait' } | { type: 'bind' } | { type: 'lose' } | { type: 'delete' } | { type: 'inspect' } },
    guards: guardsNamed('unused'),
    actions: actionsNamed('reportLoss', 'addFinalizer', 'removeFinalizer'),
  }).createMachine({
    id: 'claim',
    type: 'parallel',
    states: {
      phase: {
        initial: 'Pending',
        states: {
          Pending: { on: { bind: 'Bound', lose: { target: 'Lost', actions: 'reportLoss' } } },
          Bound: { on: { wait: 'Pending', lose: { target: 'Lost', actions: 'reportLoss' } } },
          Lost: { on: { wait: 'Pending', bind: 'Bound' } },
        },
      },
      protection: protectionRegion,
    },
  }),
});
