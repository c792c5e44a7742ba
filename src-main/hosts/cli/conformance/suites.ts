// All suites that have a runner: one line for each area, so that a missing one is seen here.
import { accessSuites } from './access.ts';
import { autoscalingSuites } from './autoscaling.ts';
import { daemonSetSuites } from './daemon-set.ts';
import { jobSuites } from './jobs.ts';
import { kindSuites } from './kinds.ts';
import { kubeletSuites } from './kubelet.ts';
import { metaSuites } from './meta-suites.ts';
import { networkSuites } from './network.ts';
import { nodeLifeSuites } from './node-life.ts';
import { patchSuites } from './patch.ts';
import { policySuites } from './policy.ts';
import { quotaSuites } from './quota.ts';
import type { Suites } from './run-conformance.ts';
import { schedulerSuites } from './scheduler.ts';
import { statefulSetSuites } from './stateful-set.ts';
import { storageSuites } from './storage.ts';
import { workloadSuites } from './workloads.ts';

export const suites: Suites = {
  ...metaSuites,
  ...kindSuites,
  ...kubeletSuites,
  ...schedulerSuites,
  ...storageSuites,
  ...workloadSuites,
  ...jobSuites,
  ...statefulSetSuites,
  ...daemonSetSuites,
  ...autoscalingSuites,
  ...nodeLifeSuites,
  ...patchSuites,
  ...accessSuites,
  ...policySuites,
  ...quotaSuites,
  ...networkSuites,
};
