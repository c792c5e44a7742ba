// A pod's life on its node: the worker's stages beside the phase it publishes.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, delaysNamed, guardsNamed } from './names.ts';

/** upstream: pkg/kubelet/pod_workers.go (sync, terminating, terminated), pkg/kubelet/kubelet.go SyncPod */
export const podChart = defineChart({
  id: 'pod',
  machine: setup({
    types: {
      events: {} as
        | { type: 'mounted' }
        | { type: 'initialized' }
        | { type: 'restarted' }
        | { type: 'spared' }
        | { type: 'reject' }
        | { type: 'terminate' }
        | { type: 'stopped' }
        | { type: 'phasePending' }
        | { type: 'phaseRunning' }
        | { type: 'phaseSucceeded' }
        | { type: 'phaseFailed' },
    },
    actions: actionsNamed('mountVolumes', 'createSandbox', 'reportSandboxFailed', 'look', 'stopContainers', 'tearDown', 'finish'),
    guards: guardsNamed('volumesReady', 'sandboxUp', 'runtimeMissing'),
    delays: delaysNamed('mount', 'sandbox', 'sandboxRetry', 'teardown'),
  }).createMachine({
    id: 'pod',
    type: 'parallel',
    states: {
      work: {
        initial: 'mounting',
        on: { terminate: '.stopping', reject: '.rejected', restarted: { target: '.mounting', reenter: true }, spared: '.mounting' },
        states: {
          mounting: {
            description: 'volumes are attached and mounted, the node has addresses to give',
            entry: 'mountVolumes',
            on: { mounted: { guard: 'volumesReady', target: 'sandboxCheck' } },
            after: { mount: { guard: 'volumesReady', target: 'sandboxCheck' } },
          },
          sandboxCheck: {
            always: [
              { guard: 'sandboxUp', target: 'initializing' },
              { guard: 'runtimeMissing', target: 'sandboxFailed' },
              { target: 'sandboxing' },
            ],
          },
          sandboxFailed: { entry: 'reportSandboxFailed', after: { sandboxRetry: 'sandboxCheck' } },
          sandboxing: { after: { sandbox: { target: 'initializing', actions: 'createSandbox' } } },
          initializing: { entry: 'look', on: { initialized: 'running' } },
          running: { entry: 'look' },
          stopping: { entry: 'stopContainers', on: { stopped: 'tearingDown', terminate: {}, restarted: {} } },
          tearingDown: {
            after: { teardown: { target: 'terminated', actions: 'tearDown' } },
            on: { terminate: {}, restarted: 'stopping' },
          },
          rejected: { entry: 'finish', on: { terminate: 'terminated', restarted: {}, spared: {} } },
          terminated: { entry: 'finish', on: { terminate: {}, reject: {}, restarted: {}, spared: {} } },
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
