// What one sync of a Job sees and may do: the lab gives it caches and the API server, the conformance cases lists.
import type { Job } from '../../kinds/batch/job.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { StatusError } from '../../meta/status-error.ts';
import type { BackOffRecord } from './back-off.ts';

export interface NewPod {
  /** null: the Job is not an indexed one. */
  readonly index: number | null;
  /** The failed pod of the same index that it stands in for. */
  readonly replaces: Pod | undefined;
}

export interface JobWorld {
  readonly unixMs: number;
  timestamp(): string;
  /** All pods that are the Job's. */
  readonly pods: readonly Pod[];
  /** Has everything been heard of that was asked for? */
  readonly settled: boolean;
  /** Uids of pods whose finalizer was taken away, and nothing heard yet. */
  readonly removing: ReadonlySet<string>;
  readonly backOff: BackOffRecord;
  rememberBackOff(record: BackOffRecord): void;
  /** Makes pods in growing batches; returns how many are on their way, and the first failure. */
  createPods(job: Job, pods: readonly NewPod[]): { readonly created: number; readonly error: StatusError | null };
  /** Deletes pods that are too many; their end need not be counted. Returns those that were deleted. */
  dropPods(job: Job, pods: readonly Pod[]): Deleted;
  /** Deletes pods that are still to be counted. */
  stopPods(job: Job, pods: readonly Pod[]): Deleted;
  /** True: the finalizer is gone. */
  untrack(job: Job, pods: readonly Pod[]): { readonly done: ReadonlySet<string>; readonly error: StatusError | null };
  updateStatus(job: Job): Job;
  event(job: Job, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Looks again then, whatever happens before. */
  lookAgain(delayMs: number): void;
  /** The same for waits after failures, which are at least a second. */
  retryLater(delayMs: number): void;
}

export interface Deleted {
  readonly count: number;
  readonly ready: number;
  readonly error: StatusError | null;
}
