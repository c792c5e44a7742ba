// A volume attachment's life, as the CSI attacher lives it: attach, try again while the storage backend refuses, hold, detach.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, delaysNamed, guardsNamed } from './names.ts';

/** upstream: kubernetes-csi/external-attacher pkg/controller/csi_handler.go */
export const attachmentChart = defineChart({
  id: 'attachment',
  machine: setup({
    types: { events: {} as { type: 'delete' } },
    guards: guardsNamed('attaches'),
    actions: actionsNamed('addFinalizers', 'saveAttached', 'saveAttachError', 'finish'),
    delays: delaysNamed('attach', 'detach', 'retry'),
  }).createMachine({
    id: 'attachment',
    initial: 'attaching',
    states: {
      attaching: {
        entry: 'addFinalizers',
        after: {
          attach: [
            { guard: 'attaches', target: 'attached', actions: 'saveAttached' },
            { target: 'attachFailed', actions: 'saveAttachError' },
          ],
        },
        on: { delete: 'detaching' },
      },
      attachFailed: { after: { retry: 'attaching' }, on: { delete: 'detaching' } },
      attached: { on: { delete: 'detaching' } },
      detaching: { after: { detach: { target: 'detached', actions: 'finish' } } },
      detached: {},
    },
  }),
});
