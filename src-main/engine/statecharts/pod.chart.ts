// A pod's life on its node: the worker's stages beside the phase it publishes.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, delaysNamed } from './names.ts';

/** upstream: pkg/kubelet/pod_workers.go (sync, terminating, terminated), pkg/kubelet/kubelet.go SyncPod */
export const podChart = defineChart({
  id: 'pod',
  machine: setup({
    types: {
      events: {} as
        | { type: 'mounted' }
        | { type: 'initialized' }
        | { type: 'sandboxLost' }
        | { type: 'reject' }
        | { type: 'terminate' }
        | { type: 'stopped' }
        | { type: 'phasePending' }
        | { type: 'phaseRunning' }
        | { type: 'phaseSucceeded' }
        | { type: 'phaseFailed' },
    },
    actions: actionsNamed('mountVolumes', 'createSandbox', 'startInitContainers', 'startContainers', 'stopContainers', 'finish'),
    delays: delaysNamed('sandbox', 'teardown'),
  }).createMachine({
    id: 'pod',
    type: 'parallel',
    states: {
      work: {
        initial: 'mounting',
        on: { terminate: '.stopping', reject: '.rejected' },
        states: {
          mounting: { entry: 'mountVolumes', on: { mounted: 'sandboxing' } },
          sandboxing: { after: { sandbox: { target: 'initializing', actions: 'createSandbox' } } },
          initializing: { entry: 'startInitContainers', on: { initialized: 'running', sandboxLost: 'mounting' } },
          running: { entry: 'startContainers', on: { sandboxLost: 'mounting' } },
          stopping: { entry: 'stopContainers', on: { stopped: 'tearingDown', terminate: {} } },
          tearingDown: { after: { teardown: 'terminated' }, on: { terminate: {} } },
          rejected: { on: { terminate: 'terminated', reject: {} } },
          terminated: { entry: 'finish', on: { terminate: {}, reject: {} } },
        },
      },
      phase: {
        initial: 'Pending',
        states: {
          Pending: { on: { phaseRunning: 'Running', phaseSucceeded: 'Succeeded', phaseFailed: 'Failed' } },
          Running: { on: { phasePending: 'Pending', phaseSucceeded: 'Succeeded', phaseFailed: 'Failed' } },
          Succeeded: {},
          Failed: {},
        },
      },
    },
  }),
});
