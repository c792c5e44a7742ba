// How long a DaemonSet waits before it deletes a failed pod again on the same node: a kubelet that keeps refusing must not be flooded.
// upstream: client-go/util/flowcontrol/backoff.go, pkg/controller/daemon failedPodsBackoff (1 s to 15 min)

const BACK_OFF_MS_MIN = 1000;
const BACK_OFF_MS_MAX = 900_000;
const FORGOTTEN_AFTER_MS = 2 * BACK_OFF_MS_MAX;
const ENTRIES_MAX = 1000;

export interface FailedPodState {
  readonly backOffMs: number;
  readonly sinceMs: number;
}

/** JSON, held by the controller; by DaemonSet, generation and node. */
export type FailedPodsState = Record<string, FailedPodState>;

/** Milliseconds still to wait, or 0: then this was counted as a deletion. */
export function failedPodDelayMs(state: FailedPodsState, key: string, nowMs: number): number {
  const entry = state[key];
  const known = entry !== undefined && nowMs - entry.sinceMs <= FORGOTTEN_AFTER_MS ? entry : undefined;
  if (known !== undefined && nowMs - known.sinceMs < known.backOffMs) return known.backOffMs;
  state[key] = { backOffMs: known === undefined ? BACK_OFF_MS_MIN : Math.min(2 * known.backOffMs, BACK_OFF_MS_MAX), sinceMs: nowMs };
  if (Object.keys(state).length > ENTRIES_MAX) forgetOld(state, nowMs);
  return 0;
}

/** Of a DaemonSet that is gone. */
export function forgetFailedPods(state: FailedPodsState, uid: string): void {
  for (const key of Object.keys(state)) if (key.startsWith(`${uid}/`)) delete state[key];
}

function forgetOld(state: FailedPodsState, nowMs: number): void {
  for (const [key, { sinceMs }] of Object.entries(state)) if (nowMs - sinceMs > FORGOTTEN_AFTER_MS) delete state[key];
}
