// All suites that have a runner: one line for each area, so that a missing one is seen here.
import { kubeletSuites } from './kubelet.ts';
import { metaSuites } from './meta-suites.ts';
import type { Suites } from './run-conformance.ts';
import { schedulerSuites } from './scheduler.ts';
import { storageSuites } from './storage.ts';

export const suites: Suites = {
  ...metaSuites,
  ...kubeletSuites,
  ...schedulerSuites,
  ...storageSuites,
};
