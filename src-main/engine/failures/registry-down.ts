// An image registry does not answer: whatever is not on a node already cannot start there. Scenario 5.14.
import { defineFailure } from './define-failure.ts';

export const registryDown = defineFailure({
  name: 'registry-down',
  target: 'registry',
  refuse: (physics, host) => {
    if (!/^[a-z0-9.-]+(:\d+)?$/.test(host)) return `"${host}" is not the host name of a registry.`;
    return physics.get('registry', host)?.up === false ? `The registry "${host}" is down already.` : null;
  },
  apply: (physics, host) => physics.set('registry', host, { up: false }),
  heal: (physics, host) => physics.set('registry', host, { up: true }),
});
