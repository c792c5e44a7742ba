// An image registry does not answer: pods start only where their image is cached.
import { defineFailure } from './define-failure.ts';

export const registryDown = defineFailure({
  name: 'registry-down',
  target: 'registry',
  damage: {
    name: 'registry',
    apply: (physics, host) => physics.set('registry', host, { up: false }),
    heal: (physics, host) => physics.set('registry', host, undefined),
  },
  struck: (_physics, host) => (host === '' ? [] : [host]),
  expect: ['image-pull-fails'],
});
