// The kubelet process stops while its containers run on: to the API it looks like a lost node, and after 350 s the application runs twice.
import { defineFailure } from './define-failure.ts';

export const kubeletStop = defineFailure({
  name: 'kubelet-stop',
  target: 'node',
  refuse: (physics, node) => {
    const kubelet = physics.get('kubelet', node);
    if (kubelet === undefined) return `There is no kubelet on "${node}".`;
    return kubelet.running ? null : `The kubelet of "${node}" is stopped already.`;
  },
  apply: (physics, node) => physics.change('kubelet', node, { running: false }),
  heal: (physics, node) => physics.change('kubelet', node, { running: true }),
});
