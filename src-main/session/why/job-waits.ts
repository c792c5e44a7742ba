// Why a Job is not done: what ended it, what keeps its pods from being made, and how many failures are left to it.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { JobControllerMemory } from '../../engine/controllers/job-controller.ts';
import { isPodActive, isPodReady, isPodTerminal } from '../../engine/controllers/pod-state.ts';
import type { Job } from '../../engine/kinds/batch/job.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';
import { keyOf } from '../../engine/meta/object.ts';
import { isControlledBy } from '../../engine/meta/owner-references.ts';
import { eventsAbout } from '../object-events.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

const BACKOFF_LIMIT = 6;
const NAMES_MAX = 20;

export const jobWaits: Question = {
  name: 'jobWaits',
  answer: (cluster, kind, object) => {
    if (kind !== 'Job.batch') return [];
    const job = object as Job;
    if (isConditionTrue(job.status?.conditions, 'Complete')) return [];
    const failed = findCondition(job.status?.conditions, 'Failed');
    if (failed?.status === 'True') return [line('failed', { reason: failed.reason ?? '', message: failed.message ?? '' }), counts(job)];
    if (job.spec.suspend === true) return [line('suspended')];
    const pods = ([...cluster.store.table('Pod').values()] as Pod[]).filter((pod) => isControlledBy(pod, job) && !isPodTerminal(pod));
    const active = pods.filter(isPodActive);
    const next = pods.length === 0 ? backOff(cluster, job) : [...unready(active), ...leaving(job, pods)];
    return [...doomed(job), ...refused(cluster, job), counts(job), ...next];
  },
};

/** Its end is decided, and told when its pods have ended. upstream: pkg/controller/job/job_controller.go trackJobStatusAndRemoveFinalizers */
function doomed({ status }: Job): readonly WhyLine[] {
  const target = findCondition(status?.conditions, 'FailureTarget');
  return target?.status === 'True' ? [line('doomed', { reason: target.reason ?? '', message: target.message ?? '' })] : [];
}

/** Pods that are being deleted: whether others take their place before they have ended. upstream: podReplacementPolicy */
function leaving({ spec, status }: Job, pods: readonly Pod[]): readonly WhyLine[] {
  const going = pods.filter((pod) => !isPodActive(pod));
  const [first] = going;
  if (first === undefined) return [];
  const isDoomed = isConditionTrue(status?.conditions, 'FailureTarget');
  const waits = spec.podReplacementPolicy === 'Failed' && !isDoomed;
  const says = isDoomed ? 'leavingFirst' : waits ? 'leavingHolds' : 'leaving';
  const policy = spec.podReplacementPolicy ?? 'TerminatingOrFailed';
  const names = going.slice(0, NAMES_MAX).map(({ metadata }) => metadata.name);
  const more = { names, about: { kind: 'Pod', key: keyOf(first) }, settings: { policy: settings.podReplacement } };
  return [line(says, { count: going.length, policy }, more)];
}

function counts({ spec, status }: Job): WhyLine {
  const { succeeded = 0, failed = 0, active = 0 } = status ?? {};
  const limit = spec.backoffLimit ?? BACKOFF_LIMIT;
  const wanted = spec.completions ?? 1;
  return line('counts', { succeeded, wanted, active, failed, limit }, { settings: { limit: settings.backoffLimit } });
}

/** Only while there is no pod: a refusal of earlier is over. */
function refused({ store }: Cluster, job: Job): readonly WhyLine[] {
  if ((job.status?.active ?? 0) > 0) return [];
  const last = eventsAbout(store, job).findLast(({ reason }) => reason === 'FailedCreate');
  return last === undefined ? [] : [line('refused', { message: last.message ?? '' })];
}

/** The Job controller looks at a Job again when its back-off ends. */
function backOff({ components }: Cluster, job: Job): readonly WhyLine[] {
  const memory = components.memoryOf('job-controller') as JobControllerMemory | undefined;
  const dueMs = memory?.waiting[keyOf(job)]?.dueMs;
  if (dueMs === undefined || (job.status?.failed ?? 0) === 0) return [];
  return [line('backOff', { backOff: settings.jobBackOff.default }, { settings: { backOff: settings.jobBackOff }, dueMs })];
}

function unready(pods: readonly Pod[]): readonly WhyLine[] {
  const waiting = pods.filter((pod) => !isPodReady(pod));
  const [first] = waiting;
  if (first === undefined) return [];
  const names = waiting.slice(0, NAMES_MAX).map(({ metadata }) => metadata.name);
  return [line('unready', { count: waiting.length }, { names, about: { kind: 'Pod', key: keyOf(first) } })];
}
