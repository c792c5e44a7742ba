// The protection of claims and volumes against deletion while they are used: one region, the same on both charts.

/** Asks the guard `unused`; does `addFinalizer` and `removeFinalizer`. upstream: pkg/controller/volume/pvcprotection, pkg/controller/volume/pvprotection */
export const protectionRegion = {
  initial: 'unprotected',
  states: {
    unprotected: { on: { inspect: { target: 'protected', actions: 'addFinalizer' }, delete: 'gone' } },
    protected: { on: { delete: 'terminating' } },
    terminating: { on: { inspect: { guard: 'unused', target: 'gone', actions: 'removeFinalizer' } } },
    gone: {},
  },
} as const;
