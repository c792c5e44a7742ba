// Random Jobs and CronJobs: work that succeeds, fails, or never ends by itself, by all the rules that end Jobs.
import type { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';
import { UNSTEADY } from './pods.ts';

/** Annotation of Jobs that are not made to end. */
export const ENDLESS = 'example.com/endless';

type Place = {
  readonly name: string;
  readonly namespace: string;
};

const chance = (random: Random, oneIn: number): boolean => random.below(oneIn) === 0;

export function job(random: Random, place: Place): JsonObject {
  const endless = chance(random, 8);
  const deadline = endless || chance(random, 6) ? { activeDeadlineSeconds: random.between(10, 90) } : {};
  const isKept = endless && chance(random, 3);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { ...place, ...(isKept ? { annotations: { [ENDLESS]: 'true' } } : {}) },
    spec: { ...jobSpec(random, endless), ...(isKept ? {} : deadline), ...(chance(random, 5) ? { suspend: true } : {}) },
  };
}

export function cronJob(random: Random, place: Place): JsonObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: place,
    spec: {
      schedule: random.pick(['*/5 * * * *', '*/7 8-9 * * *', '@every 6m']),
      concurrencyPolicy: random.pick(['Allow', 'Forbid', 'Replace']),
      ...(chance(random, 3) ? { startingDeadlineSeconds: random.between(10, 200) } : {}),
      ...(chance(random, 3) ? { successfulJobsHistoryLimit: random.below(3), failedJobsHistoryLimit: random.below(2) } : {}),
      ...(chance(random, 4) ? { timeZone: random.pick(['Europe/Berlin', 'Asia/Kolkata']) } : {}),
      jobTemplate: { spec: { ...jobSpec(random, false), activeDeadlineSeconds: 240 } },
    },
  };
}

function jobSpec(random: Random, endless: boolean): JsonObject {
  const indexed = chance(random, 3);
  const completions = indexed || chance(random, 2) ? { completions: random.between(1, 5) } : {};
  const perIndex = indexed && chance(random, 2);
  const rules = chance(random, 4);
  return {
    ...completions,
    parallelism: random.between(1, 3),
    ...(indexed ? { completionMode: 'Indexed' } : {}),
    ...(perIndex ? { backoffLimitPerIndex: random.below(3) } : { backoffLimit: random.below(4) }),
    ...(indexed && chance(random, 3) ? { successPolicy: { rules: [{ succeededCount: 1 }] } } : {}),
    ...(rules ? { podFailurePolicy: failurePolicy(random, perIndex) } : {}),
    ...(!rules && chance(random, 3) ? { podReplacementPolicy: random.pick(['Failed', 'TerminatingOrFailed']) } : {}),
    ...(chance(random, 4) ? { ttlSecondsAfterFinished: random.below(120) } : {}),
    template: {
      metadata: { labels: { by: 'job' }, annotations: { [UNSTEADY]: 'true' } },
      spec: {
        // What is restarted in place for ever never counts as a failure of its index.
        restartPolicy: rules || perIndex ? 'Never' : random.pick(['Never', 'OnFailure']),
        terminationGracePeriodSeconds: random.pick([0, 1, 5]),
        containers: [{ name: 'work', image: 'busybox:1.36', command: ['sh', '-c', endless ? 'sleep 100000' : script(random)] }],
      },
    },
  };
}

function script(random: Random): string {
  const seconds = random.between(1, 40);
  return random.pick([
    `sleep ${seconds}`,
    `sleep ${seconds}`,
    `sleep ${seconds}; exit 1`,
    `sleep ${seconds}; exit 42`,
    `sleep ${seconds}; if [ "$JOB_COMPLETION_INDEX" = 1 ]; then exit 1; fi`,
  ]);
}

function failurePolicy(random: Random, perIndex: boolean): JsonObject {
  const action = random.pick(['FailJob', 'Count', perIndex ? 'FailIndex' : 'Ignore']);
  return {
    rules: [
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget' }] },
      // What is ignored each time is tried for ever.
      { action: action === 'Ignore' ? 'Count' : action, onExitCodes: { operator: 'In', values: [42] } },
    ],
  };
}
