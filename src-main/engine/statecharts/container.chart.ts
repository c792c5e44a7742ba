// A container's life: waiting with its reasons, running, stopping, terminated, and the two back-offs on the way round.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, delaysNamed, guardsNamed } from './names.ts';

const STOP = [{ guard: 'hasPreStop', target: 'preStop', actions: 'runPreStop' }, { target: 'stopping' }] as const;

/** upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go startContainer and killContainer, pkg/kubelet/images/image_manager.go EnsureImageExists */
export const containerChart = defineChart({
  id: 'container',
  machine: setup({
    types: {
      events: {} as
        | { type: 'start' }
        | { type: 'pulled' }
        | { type: 'pullFailed' }
        | { type: 'exit' }
        | { type: 'restart' }
        | { type: 'postStartDone' }
        | { type: 'announce' }
        | { type: 'stop' }
        | { type: 'preStopDone' }
        | { type: 'hasten' }
        | { type: 'lose' },
    },
    actions: actionsNamed(
      'requestPull',
      'dropPull',
      'reportPresent',
      'reportPulled',
      'reportPullFailed',
      'reportImageBackOff',
      'reportNeverPull',
      'reportInvalidName',
      'reportConfigError',
      'reportCrashBackOff',
      'create',
      'run',
      'reportRunError',
      'runPostStart',
      'runPreStop',
      'terminate',
      'kill',
      'recordExit',
      'recordLoss',
      'changed',
    ),
    guards: guardsNamed(
      'imageNameInvalid',
      'imageUsable',
      'pullForbidden',
      'inImageBackOff',
      'configIncomplete',
      'commandMissing',
      'inCrashBackOff',
      'hasPostStart',
      'hasPreStop',
    ),
    delays: delaysNamed('resync', 'imageBackOff', 'creation', 'crashBackOff', 'preStopOverrun', 'termination', 'retry'),
  }).createMachine({
    id: 'container',
    initial: 'waiting',
    on: { lose: '.lost' },
    states: {
      waiting: {
        initial: 'held',
        on: { stop: 'never' },
        states: {
          held: { description: 'its turn has not come: ContainerCreating or PodInitializing', on: { start: 'imageCheck' } },
          imageCheck: {
            always: [
              { guard: 'imageNameInvalid', target: 'invalidImageName' },
              { guard: 'imageUsable', target: 'configCheck', actions: 'reportPresent' },
              { guard: 'pullForbidden', target: 'imageNeverPull' },
              { guard: 'inImageBackOff', target: 'imagePullBackOff' },
              { target: 'pulling' },
            ],
          },
          pulling: {
            entry: 'requestPull',
            exit: 'dropPull',
            on: { pulled: { target: 'configCheck', actions: 'reportPulled' }, pullFailed: 'errImagePull' },
          },
          errImagePull: { entry: 'reportPullFailed', after: { resync: 'imagePullBackOff' } },
          imagePullBackOff: { entry: 'reportImageBackOff', after: { imageBackOff: 'imageCheck' } },
          invalidImageName: { entry: 'reportInvalidName', after: { retry: 'imageCheck' } },
          imageNeverPull: { entry: 'reportNeverPull', after: { retry: 'imageCheck' } },
          configCheck: { always: [{ guard: 'configIncomplete', target: 'configError' }, { target: 'creating' }] },
          configError: { entry: 'reportConfigError', after: { retry: 'imageCheck' } },
          creating: {
            entry: 'create',
            after: {
              creation: [
                { guard: 'commandMissing', target: '#container.terminated', actions: 'reportRunError' },
                { guard: 'hasPostStart', target: '#container.running.postStart' },
                { target: '#container.running' },
              ],
            },
          },
          crashBackOff: { entry: 'reportCrashBackOff', after: { crashBackOff: 'imageCheck' } },
        },
      },
      running: {
        initial: 'up',
        entry: 'run',
        on: { exit: { target: 'terminated', actions: 'recordExit' } },
        states: {
          postStart: { entry: 'runPostStart', on: { postStartDone: 'up', stop: STOP } },
          up: { on: { stop: STOP, announce: { guard: 'hasPreStop', target: 'preStopAhead', actions: 'runPreStop' } } },
          preStopAhead: {
            description: 'others of its pod stop before it does',
            on: { preStopDone: 'awaitingTurn', stop: 'preStop' },
            after: { preStopOverrun: 'awaitingTurn' },
          },
          awaitingTurn: { on: { stop: 'stopping' } },
          preStop: { on: { preStopDone: 'stopping' }, after: { preStopOverrun: 'stopping' } },
          stopping: { entry: 'terminate', after: { termination: 'killed' }, on: { hasten: { target: 'stopping', reenter: true } } },
          killed: { entry: 'kill' },
        },
      },
      terminated: {
        entry: 'changed',
        on: { restart: [{ guard: 'inCrashBackOff', target: 'waiting.crashBackOff' }, { target: 'waiting.imageCheck' }] },
      },
      lost: { description: 'its machine lost power', entry: ['recordLoss', 'changed'], on: { restart: 'waiting.imageCheck' } },
      never: { description: 'stopped before it ran', entry: 'changed' },
    },
  }),
});
