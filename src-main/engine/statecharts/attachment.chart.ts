// A volume attachment's life, as the CSI attacher lives it: attach, hold, detach, and come back later when the storage backend refuses.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, delaysNamed, guardsNamed } from './names.ts';

/** upstream: kubernetes-csi/external-attacher pkg/controller/csi_handler.go */
export const attachmentChart = defineChart({
  id: 'attachment',
  machine: setup({
    types: { events: {} as { type: 'delete' } },
    guards: guardsNamed('attaches', 'detaches'),
    actions: actionsNamed('addFinalizers', 'saveAttached', 'saveAttachError', 'saveDetachError', 'finish'),
    delays: delaysNamed('attach', 'detach', 'attachRetry', 'detachRetry'),
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
      attachFailed: { after: { attachRetry: 'attaching' }, on: { delete: 'detaching' } },
      attached: { on: { delete: 'detaching' } },
      detaching: {
        after: {
          detach: [
            { guard: 'detaches', target: 'detached', actions: 'finish' },
            { target: 'detachFailed', actions: 'saveDetachError' },
          ],
        },
      },
      detachFailed: { after: { detachRetry: 'detaching' } },
      detached: {},
    },
  }),
});
