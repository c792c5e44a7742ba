// A container's process dies: once, as by a segmentation fault, whatever its manifest says.
import { defineFailure } from './define-failure.ts';

/** 128 + SIGSEGV. */
const EXIT_CODE = 139;

export const containerCrash = defineFailure({
  name: 'container-crash',
  target: 'container',
  momentary: true,
  damage: {
    name: 'crash',
    apply: (physics, container, nowMs) => {
      const ailment = physics.get('ailment', container) ?? { failingProbes: [] };
      physics.set('ailment', container, { ...ailment, crash: { exitCode: EXIT_CODE, atMs: nowMs } });
    },
    heal: () => {},
  },
  struck: (_physics, container) => [container],
  expect: ['container-restarts'],
});
