// A disk of the storage backend fails: reads and writes error, it can be attached to nothing. Healing it brings its files back.
import { defineFailure } from './define-failure.ts';

export const diskLoss = defineFailure({
  name: 'disk-loss',
  target: 'disk',
  refuse: (physics, disk) => {
    const fact = physics.get('disk', disk);
    if (fact === undefined) return `There is no disk "${disk}".`;
    return fact.lost ? `The disk "${disk}" is lost already.` : null;
  },
  apply: (physics, disk) => physics.change('disk', disk, { lost: true }),
  heal: (physics, disk) => {
    // The volume may have been deleted meanwhile: then there is nothing left to heal.
    if (physics.get('disk', disk) !== undefined) physics.change('disk', disk, { lost: false });
  },
});
