// Why a pod is not on a node, kept per pod for whoever asks: the window's "why not", bounded so that a hopeless Deployment costs little.
import type { Diagnosis } from './fit-error.ts';

/** The newest verdict about a pod. */
export interface Verdict {
  readonly atMs: number;
  /** The sentence of the FailedScheduling event. */
  readonly message: string;
  /** Node names by reason. */
  readonly nodesByReason: Readonly<Record<string, readonly string[]>>;
  /** Why no node was looked at; '' when nodes were. */
  readonly beforehand: string;
}

export type Verdicts = Record<string, Verdict>;

const VERDICTS_MAX = 256;

/** What a reader gets. */
export interface UnschedulableReasons {
  readonly atMs: number;
  readonly message: string;
  readonly beforehand: string;
  readonly nodes: Readonly<Record<string, readonly string[]>>;
}

/** Why the pod is on no node, node by node; null when the scheduler has nothing against it. */
export function unschedulableReasons(state: { readonly verdicts: Verdicts }, podKey: string): UnschedulableReasons | null {
  const verdict = state.verdicts[podKey];
  if (verdict === undefined) return null;
  const nodes: Record<string, string[]> = {};
  for (const [reason, names] of Object.entries(verdict.nodesByReason))
    for (const name of names) {
      const reasons = nodes[name];
      if (reasons === undefined) nodes[name] = [reason];
      else reasons.push(reason);
    }
  const { atMs, message, beforehand } = verdict;
  return { atMs, message, beforehand, nodes };
}

/** Keeps the verdict; the oldest one goes when there are too many. */
export function keepVerdict(verdicts: Verdicts, podKey: string, atMs: number, message: string, diagnosis: Diagnosis | null): void {
  delete verdicts[podKey];
  const nodesByReason: Record<string, string[]> = {};
  for (const [node, { reasons }] of diagnosis?.byNode ?? [])
    for (const reason of reasons) {
      const nodes = nodesByReason[reason];
      if (nodes === undefined) nodesByReason[reason] = [node];
      else nodes.push(node);
    }
  verdicts[podKey] = { atMs, message, nodesByReason, beforehand: diagnosis?.beforehand?.reasons.join(', ') ?? '' };
  const keys = Object.keys(verdicts);
  if (keys.length > VERDICTS_MAX) delete verdicts[keys[0] as string];
}
