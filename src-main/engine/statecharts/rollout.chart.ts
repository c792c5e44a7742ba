// A Deployment's rollout: what its controller does next, beside what the condition Progressing says of it.
import { setup } from 'xstate';
import { defineChart } from './interpreter.ts';
import { actionsNamed, guardsNamed } from './names.ts';

const counting = [
  { guard: 'isComplete' as const, target: 'complete', actions: 'reportComplete' as const },
  { guard: 'isProgressing' as const, target: 'progressing', actions: 'reportProgress' as const },
  { guard: 'hasTimedOut' as const, target: 'timedOut', actions: 'reportTimeout' as const },
];
const pause = { target: 'paused', actions: 'reportPaused' as const };

/** upstream: pkg/controller/deployment syncDeployment, rolloutRolling, rolloutRecreate, syncRolloutStatus, checkPausedConditions */
export const rolloutChart = defineChart({
  id: 'rollout',
  machine: setup({
    types: {
      events: {} as
        | { type: 'look' }
        | { type: 'advance' }
        | { type: 'count' }
        | { type: 'found' }
        | { type: 'created' }
        | { type: 'createFailed' }
        | { type: 'pause' }
        | { type: 'resume' }
        | { type: 'dropDeadline' },
    },
    guards: guardsNamed(
      'isDeleted',
      'isPaused',
      'wasResized',
      'replacesAtOnce',
      'oldSetsWantPods',
      'oldPodsRun',
      'newSetResizes',
      'oldSetsShrink',
      'isComplete',
      'allUpdated',
      'isProgressing',
      'hasTimedOut',
    ),
    actions: actionsNamed(
      'findSets',
      'makeNewSet',
      'resizeAll',
      'resizeNewSet',
      'shrinkOldSets',
      'stopOldSets',
      'startNewSet',
      'cleanUp',
      'publish',
      'publishRollout',
      'reportFound',
      'reportCreated',
      'reportCreateError',
      'reportPaused',
      'reportResumed',
      'reportComplete',
      'reportProgress',
      'reportTimeout',
      'removeReport',
    ),
  }).createMachine({
    id: 'rollout',
    type: 'parallel',
    states: {
      work: {
        initial: 'unseen',
        on: { look: '.choosing' },
        states: {
          unseen: {},
          choosing: {
            always: [
              { guard: 'isDeleted', target: 'deleted', actions: ['findSets', 'publish'] },
              { guard: 'isPaused', target: 'paused', actions: ['findSets', 'resizeAll', 'cleanUp', 'publish'] },
              { guard: 'wasResized', target: 'resizing', actions: ['findSets', 'resizeAll', 'publish'] },
              { guard: 'replacesAtOnce', target: 'recreating', actions: 'findSets' },
              { target: 'rolling', actions: 'makeNewSet' },
            ],
          },
          deleted: {},
          paused: { description: 'only resizes, in proportion' },
          resizing: { description: 'spec.replicas changed: all sets are resized in proportion' },
          rolling: {
            initial: 'weighing',
            on: {
              advance: [
                { guard: 'newSetResizes', target: '.growing', actions: ['resizeNewSet', 'publishRollout'] },
                { guard: 'oldSetsShrink', target: '.shrinking', actions: ['shrinkOldSets', 'publishRollout'] },
                { guard: 'isComplete', target: 'settled', actions: ['cleanUp', 'publishRollout'] },
                { target: '.waiting', actions: 'publishRollout' },
              ],
            },
            states: {
              weighing: { tags: 'passing' },
              growing: { description: 'the new ReplicaSet gets more pods, within maxSurge' },
              shrinking: { description: 'old ReplicaSets give up pods, within maxUnavailable' },
              waiting: { description: 'for pods to become available or to go' },
            },
          },
          recreating: {
            initial: 'weighing',
            on: {
              advance: [
                { guard: 'oldSetsWantPods', target: '.stopping', actions: ['stopOldSets', 'publishRollout'] },
                { guard: 'oldPodsRun', target: '.waiting', actions: 'publishRollout' },
                { guard: 'isComplete', target: 'settled', actions: ['startNewSet', 'cleanUp', 'publishRollout'] },
                { target: '.starting', actions: ['startNewSet', 'publishRollout'] },
              ],
            },
            states: {
              weighing: { tags: 'passing' },
              stopping: { description: 'old ReplicaSets are scaled to zero' },
              waiting: { description: 'until the last old pod is gone' },
              starting: { description: 'the new ReplicaSet gets all its pods at once' },
            },
          },
          settled: { description: 'as many new pods as wanted, all available, no others' },
        },
      },
      progress: {
        initial: 'unreported',
        on: {
          created: { target: '.started', actions: 'reportCreated' },
          createFailed: { target: '.refused', actions: 'reportCreateError' },
          dropDeadline: { target: '.unreported', actions: 'removeReport' },
        },
        states: {
          unreported: { on: { count: counting, found: { target: 'started', actions: 'reportFound' }, pause } },
          started: { on: { count: counting, pause } },
          progressing: { on: { count: counting, pause } },
          complete: { on: { count: [{ guard: 'allUpdated' }, ...counting], pause } },
          timedOut: { description: 'no progress for progressDeadlineSeconds', on: { count: counting } },
          paused: { on: { count: counting, resume: { target: 'started', actions: 'reportResumed' } } },
          refused: { description: 'the new ReplicaSet could not be created', on: { count: counting, pause } },
        },
      },
    },
  }),
});
