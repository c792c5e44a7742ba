// A container stops answering its liveness and readiness probes, as a process that hangs does.
import { defineFailure } from './define-failure.ts';

export const probeFailure = defineFailure({
  name: 'probe-failure',
  target: 'container',
  damage: {
    name: 'probes',
    apply: (physics, container) =>
      physics.set('ailment', container, { ...physics.get('ailment', container), failingProbes: ['liveness', 'readiness', 'startup'] }),
    heal: (physics, container) => {
      const ailment = physics.get('ailment', container);
      // Crashes are counted, and a count never falls.
      physics.set('ailment', container, ailment?.crashes === undefined ? undefined : { ...ailment, failingProbes: [] });
    },
  },
  struck: (_physics, container) => [container],
  expect: ['endpoints-drop', 'container-restarts'],
});
