// A process of the control plane ends: nothing that it decides is decided any more, and what it remembered is gone.
import { defineFailure } from './define-failure.ts';

export const componentStop = defineFailure({
  name: 'component-stop',
  target: 'component',
  damage: {
    name: 'component',
    apply: (physics, name) => physics.change('component', name, { running: false }),
    heal: (physics, name) => physics.change('component', name, { running: true }),
  },
  struck: (physics, name) => (physics.get('component', name) === undefined ? [] : [name]),
  expect: ['component-stops', 'component-leads-again'],
});
