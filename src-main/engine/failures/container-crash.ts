// A container's process dies by a fault of its own, once. Scenario 5.8: the first restart is at once, then back-off grows.
import { defineFailure } from './define-failure.ts';

const SEGMENTATION_FAULT = 139;

export const containerCrash = defineFailure({
  name: 'container-crash',
  target: 'container',
  refuse: () => null,
  apply: (physics, container, nowMs) => {
    const ailment = physics.get('ailment', container) ?? { failingProbes: [] };
    physics.set('ailment', container, { ...ailment, crash: { exitCode: SEGMENTATION_FAULT, atMs: nowMs } });
  },
  heal: null,
});
