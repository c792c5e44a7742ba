// A container stops answering its probes though its process lives: readiness goes after three misses, liveness kills it.
import type { Ailment } from '../physics/physics.ts';
import { defineFailure } from './define-failure.ts';

const ALL: Ailment['failingProbes'] = ['liveness', 'readiness', 'startup'];

export const probeFailure = defineFailure({
  name: 'probe-failure',
  target: 'container',
  refuse: (physics, container) =>
    (physics.get('ailment', container)?.failingProbes.length ?? 0) > 0 ? 'This container fails its probes already.' : null,
  apply: (physics, container) => physics.set('ailment', container, { ...physics.get('ailment', container), failingProbes: ALL }),
  heal: (physics, container) => {
    const ailment = physics.get('ailment', container);
    if (ailment !== undefined) physics.set('ailment', container, { ...ailment, failingProbes: [] });
  },
});
