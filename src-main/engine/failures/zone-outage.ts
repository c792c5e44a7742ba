// A whole zone loses power. Scenario 5.2: its nodes are tainted one every 10 s, and zonal volumes hold their pods.
import type { Physics } from '../physics/physics.ts';
import { defineFailure } from './define-failure.ts';

function machinesOf(physics: Physics, zone: string): readonly string[] {
  const names: string[] = [];
  for (const [name, machine] of physics.all('machine')) if (machine.zone === zone) names.push(name);
  return names;
}

export const zoneOutage = defineFailure({
  name: 'zone-outage',
  target: 'zone',
  refuse: (physics, zone) => {
    const machines = machinesOf(physics, zone);
    if (machines.length === 0) return `There is no zone "${zone}".`;
    return machines.some((name) => physics.powered(name)) ? null : `The zone "${zone}" has no power already.`;
  },
  apply: (physics, zone) => {
    for (const name of machinesOf(physics, zone)) if (physics.powered(name)) physics.change('machine', name, { powered: false });
  },
  heal: (physics, zone, nowMs) => {
    for (const name of machinesOf(physics, zone))
      if (!physics.powered(name)) physics.change('machine', name, { powered: true, bootedAtMs: nowMs });
  },
});
