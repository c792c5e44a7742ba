// A disk of a storage backend breaks: what is on it cannot be attached, mounted, read or written.
import { defineFailure, itself } from './define-failure.ts';

export const diskLoss = defineFailure({
  name: 'disk-loss',
  target: 'disk',
  damage: {
    name: 'disk',
    apply: (physics, handle) => physics.change('disk', handle, { lost: true }),
    heal: (physics, handle) => {
      // Its volume may have been deleted meanwhile, and the disk with it.
      if (physics.get('disk', handle) !== undefined) physics.change('disk', handle, { lost: false });
    },
  },
  struck: itself('disk'),
  expect: ['attach-fails'],
});
