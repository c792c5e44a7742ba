// A machine is told to shut down, as by its owner or its cloud: whether its pods are given time depends on what its kubelet is set to.
import { defineFailure, itself } from './define-failure.ts';

export const nodeShutdown = defineFailure({
  name: 'node-shutdown',
  target: 'node',
  damage: {
    name: 'shutdown',
    apply: (physics, node) => physics.change('machine', node, { shuttingDown: true }),
    heal: (physics, node, nowMs) => {
      const isOff = physics.get('machine', node)?.powered === false;
      physics.change('machine', node, { shuttingDown: false, ...(isOff && { powered: true, bootedAtMs: nowMs }) });
    },
  },
  struck: itself('machine'),
  expect: ['node-unknown', 'endpoints-drop', 'pods-deleted', 'pods-replaced'],
});
