// A node's network cable is pulled: it goes on with what it knew last, unheard. Scenario 5.12 (b).
import { defineFailure } from './define-failure.ts';

export const nodeNetworkCut = defineFailure({
  name: 'node-network-cut',
  target: 'node',
  refuse: (physics, node) => {
    const link = physics.get('link', node);
    if (link === undefined) return `There is no machine "${node}".`;
    return link.cut ? `The network of "${node}" is cut already.` : null;
  },
  apply: (physics, node) => physics.change('link', node, { cut: true }),
  heal: (physics, node) => physics.change('link', node, { cut: false }),
});
