// A node loses power: its kubelet and all its containers are gone, and nobody tells the API server.
import { defineFailure, itself } from './define-failure.ts';
import { power } from './power.ts';

export const nodePowerOff = defineFailure({
  name: 'node-power-off',
  target: 'node',
  damage: power,
  struck: itself('machine'),
  expect: ['node-unknown', 'endpoints-drop', 'pods-deleted', 'pods-replaced'],
});
