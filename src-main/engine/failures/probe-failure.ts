// A container stops answering its liveness and readiness probes, as a process that hangs does.
import { defineFailure } from './define-failure.ts';

export const probeFailure = defineFailure({
  name: 'probe-failure',
  target: 'container',
  damage: {
    name: 'probes',
    apply: (physics, container) =>
      physics.set('ailment', container, { ...physics.get('ailment', container), failingProbes: ['liveness', 'readiness', 'startup'] }),
    heal: (physics, container) => physics.change('ailment', container, { failingProbes: [] }),
  },
  struck: (_physics, container) => [container],
  expect: ['endpoints-drop', 'container-restarts'],
});
