// A zone loses power: all of its machines at once, the control plane's too if it stands there.
import { defineFailure } from './define-failure.ts';
import { power } from './power.ts';

export const zoneOutage = defineFailure({
  name: 'zone-outage',
  target: 'zone',
  damage: power,
  // The lab's control plane is simulated without its machine, so that its node is spared with the others of its kind.
  struck: (physics, zone) =>
    [...physics.all('machine')].filter(([, machine]) => machine.zone === zone && !machine.controlPlane).map(([node]) => node),
  expect: ['node-unknown', 'endpoints-drop', 'pods-deleted', 'pods-replaced'],
});
