// A machine without power: everything on it stops at once; with power again it boots from the start.
import type { Damage } from './define-failure.ts';

export const power: Damage = {
  name: 'power',
  apply: (physics, node, nowMs) => physics.change('machine', node, { powered: false, offMs: nowMs }),
  heal: (physics, node, nowMs) => physics.change('machine', node, { powered: true, bootedAtMs: nowMs }),
};
