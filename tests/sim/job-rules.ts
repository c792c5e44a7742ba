// What no Job may ever do: forget a pod that it has counted, go on when it has ended, or work more at once than anybody has lately asked for.
import type { Delta } from '../../src-main/engine/api/store.ts';
import { isJobFinished, type Job } from '../../src-main/engine/kinds/batch/job.ts';
import { INDEX_ANNOTATION } from '../../src-main/engine/kinds/batch/job-labels.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { isConditionTrue } from '../../src-main/engine/meta/conditions.ts';

const CONTROLLER = 'system:serviceaccount:kube-system:job-controller';
/** News travels milliseconds; a worker may be busy for longer. */
const NEWS_MS = 10_000;

interface Wish {
  readonly parallelism: number;
  /** When it was replaced; null: it stands. */
  readonly untilMs: number | null;
}

export class JobRules {
  readonly #wishes = new Map<string, readonly Wish[]>();
  readonly #finished = new Set<string>();
  /** Active pods of each Job, with their index. */
  readonly #active = new Map<string, Map<string, string>>();
  /** Uids of pods of each Job that were seen to have ended well, and of all that ended or went in any other way. */
  readonly #ended = new Map<string, { readonly well: Set<string>; readonly badly: Set<string> }>();

  hear(delta: Delta): readonly string[] {
    if (delta.kind === 'Job.batch') return this.#job(delta);
    const owner = delta.kind === 'Pod' ? delta.object.metadata.ownerReferences?.find(({ controller }) => controller === true) : undefined;
    return owner?.kind === 'Job' ? this.#pod(delta, owner.uid) : [];
  }

  #job({ type, object, previous, atMs }: Delta): readonly string[] {
    const job = object as Job;
    const { uid } = job.metadata;
    this.#wish(uid, job.spec.parallelism ?? 1, atMs);
    if (isJobFinished(job)) this.#finished.add(uid);
    if (type !== 'MODIFIED' || previous === null) return [];
    const before = (previous as Job).status;
    const ended = this.#ended.get(uid) ?? { well: new Set(), badly: new Set() };
    const { succeeded = 0, failed = 0, conditions } = job.status;
    const faults: string[] = [];
    if (succeeded > ended.well.size) faults.push(`counts ${succeeded} successes of ${ended.well.size}`);
    if (failed > ended.badly.size) faults.push(`counts ${failed} failures of ${ended.badly.size}`);
    // Fewer completions of an Indexed Job drop those above. upstream: elastic Indexed Jobs
    if (succeeded < (before.succeeded ?? 0) && job.spec.completionMode !== 'Indexed') faults.push('has fewer successes than before');
    if (failed < (before.failed ?? 0)) faults.push('has fewer failures than before');
    if (isConditionTrue(conditions, 'Complete') && isConditionTrue(conditions, 'Failed')) faults.push('is both Complete and Failed');
    for (const [interim, final] of [
      ['SuccessCriteriaMet', 'Complete'],
      ['FailureTarget', 'Failed'],
    ] as const)
      if (isConditionTrue(conditions, final) && !isConditionTrue(conditions, interim)) faults.push(`is ${final} and was never ${interim}`);
    if (isJobFinished(job) && (job.status.active ?? 0) + (job.status.terminating ?? 0) > 0) faults.push('has ended and still has pods');
    return faults;
  }

  #pod({ type, object, cause, atMs }: Delta, owner: string): readonly string[] {
    const { metadata, status } = object as Pod;
    this.#note(owner, object as Pod, type === 'DELETED');
    const active = this.#active.get(owner) ?? new Map<string, string>();
    this.#active.set(owner, active);
    const lives =
      type !== 'DELETED' && metadata.deletionTimestamp === undefined && status.phase !== 'Succeeded' && status.phase !== 'Failed';
    const index = metadata.annotations?.[INDEX_ANNOTATION] ?? '';
    if (!lives) active.delete(metadata.uid);
    if (!lives || type !== 'ADDED' || cause.actor !== CONTROLLER) return [];
    const faults: string[] = [];
    if (this.#finished.has(owner)) faults.push('was made for a Job that has ended');
    if (index !== '' && [...active.values()].includes(index)) faults.push(`works on index ${index}, which another one has`);
    active.set(metadata.uid, index);
    const wishes = (this.#wishes.get(owner) ?? []).filter(({ untilMs }) => untilMs === null || atMs - untilMs < NEWS_MS);
    const most = Math.max(0, ...wishes.map(({ parallelism }) => parallelism));
    if (active.size > most) faults.push(`is number ${active.size} of at most ${most}`);
    return faults;
  }

  /** A pod that is told to go counts as failed, even if it ends well after all. */
  #note(owner: string, { metadata, status }: Pod, isGone: boolean): void {
    const ended = this.#ended.get(owner) ?? { well: new Set(), badly: new Set() };
    this.#ended.set(owner, ended);
    if (status.phase === 'Succeeded') ended.well.add(metadata.uid);
    if (status.phase === 'Failed' || isGone || metadata.deletionTimestamp !== undefined) ended.badly.add(metadata.uid);
  }

  #wish(uid: string, parallelism: number, atMs: number): void {
    const known = this.#wishes.get(uid) ?? [];
    if (known.at(-1)?.parallelism === parallelism) return;
    const ended = known.map((wish) => (wish.untilMs === null ? { ...wish, untilMs: atMs } : wish));
    this.#wishes.set(uid, [...ended.slice(-20), { parallelism, untilMs: null }]);
  }
}
