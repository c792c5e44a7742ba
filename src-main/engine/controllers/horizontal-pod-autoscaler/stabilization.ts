// Holds a target's size back while recent recommendations disagree, so that a short wave does not make it swing.
// upstream: pkg/controller/podautoscaler/horizontal.go stabilizeRecommendation, stabilizeRecommendationWithBehaviors
import type { Recommendation } from './autoscaler-memory.ts';

export interface Stabilized {
  readonly replicas: number;
  readonly reason: 'ReadyForNewScale' | 'ScaleUpStabilized' | 'ScaleDownStabilized';
  readonly message: string;
}

export interface Windows {
  readonly scaleUpMs: number;
  readonly scaleDownMs: number;
}

const READY = { reason: 'ReadyForNewScale', message: 'recommended size matches current size' } as const;
const LOWEST = 'recent recommendations were lower than current one, applying the lowest recent recommendation';
const HIGHEST = 'recent recommendations were higher than current one, applying the highest recent recommendation';

/** Without behavior: never below what was recommended within the window. */
export function stabilizeDown(desired: number, recommendations: readonly Recommendation[], nowMs: number, windowMs: number): Stabilized {
  const recent = recommendations.filter(({ atMs }) => atMs >= nowMs - windowMs);
  const replicas = Math.max(desired, ...recent.map((one) => one.replicas));
  return replicas === desired ? { replicas, ...READY } : { replicas, reason: 'ScaleDownStabilized', message: HIGHEST };
}

/** With behavior: upwards only to the lowest of its window, downwards only to the highest of its own. */
export function stabilizeBoth(
  current: number,
  desired: number,
  recommendations: readonly Recommendation[],
  nowMs: number,
  windows: Windows,
): Stabilized {
  const within = (windowMs: number): readonly number[] =>
    recommendations.filter(({ atMs }) => atMs > nowMs - windowMs).map(({ replicas }) => replicas);
  const low = Math.min(desired, ...within(windows.scaleUpMs));
  const high = Math.max(desired, ...within(windows.scaleDownMs));
  const replicas = Math.min(Math.max(current, low), high);
  if (replicas === desired) return { replicas, ...READY };
  if (desired >= current) return { replicas, reason: 'ScaleUpStabilized', message: LOWEST };
  return { replicas, reason: 'ScaleDownStabilized', message: HIGHEST };
}
