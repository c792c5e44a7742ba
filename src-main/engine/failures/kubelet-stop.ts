// A kubelet stops: its containers go on unwatched, while to the API server the node looks lost.
import { defineFailure, itself } from './define-failure.ts';

export const kubeletStop = defineFailure({
  name: 'kubelet-stop',
  target: 'node',
  damage: {
    name: 'kubelet',
    apply: (physics, node, nowMs) => physics.set('kubelet', node, { running: false, stoppedMs: nowMs }),
    heal: (physics, node) => physics.set('kubelet', node, { running: true }),
  },
  struck: itself('machine'),
  expect: ['node-unknown', 'endpoints-drop', 'pods-deleted', 'pods-replaced'],
});
