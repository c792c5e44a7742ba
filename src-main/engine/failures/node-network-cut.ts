// A node's link is cut: it works on from what it last knew, and nothing it says or hears gets through.
import { defineFailure, itself } from './define-failure.ts';

export const nodeNetworkCut = defineFailure({
  name: 'node-network-cut',
  target: 'node',
  damage: {
    name: 'link',
    apply: (physics, node, nowMs) => physics.set('link', node, { cut: true, cutMs: nowMs }),
    heal: (physics, node) => physics.set('link', node, { cut: false }),
  },
  struck: itself('machine'),
  expect: ['node-unknown', 'endpoints-drop', 'pods-deleted', 'pods-replaced'],
});
