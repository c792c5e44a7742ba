// A machine loses power: its kubelet and containers stop at once, and nobody is told. Scenario 5.1: unreachable after 40 to 55 s, pods replaced after about 350 s.
import { defineFailure } from './define-failure.ts';

export const nodePowerOff = defineFailure({
  name: 'node-power-off',
  target: 'node',
  refuse: (physics, node) => {
    const machine = physics.get('machine', node);
    if (machine === undefined) return `There is no machine "${node}".`;
    return machine.powered ? null : `The machine "${node}" has no power already.`;
  },
  apply: (physics, node) => physics.change('machine', node, { powered: false }),
  heal: (physics, node, nowMs) => physics.change('machine', node, { powered: true, bootedAtMs: nowMs }),
});
