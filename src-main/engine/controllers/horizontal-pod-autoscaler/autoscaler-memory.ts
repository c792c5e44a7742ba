// What the controller remembers of each autoscaler: sizes it has recommended and steps it has taken, as far back as a rule may ask.
// upstream: pkg/controller/podautoscaler/horizontal.go timestampedRecommendation, timestampedScaleEvent

export interface Recommendation {
  readonly replicas: number;
  readonly atMs: number;
}

export interface ScaleStep {
  /** Replicas that came or went; always positive. */
  readonly change: number;
  readonly atMs: number;
}

export interface AutoscalerMemory {
  /** null: not looked at yet since the controller started. */
  recommendations: readonly Recommendation[] | null;
  ups: readonly ScaleStep[];
  downs: readonly ScaleStep[];
}

/** The list with the newest entry, without those that are older than any rule looks back. */
export function withNewest<T extends { readonly atMs: number }>(entries: readonly T[], newest: T, keepMs: number): readonly T[] {
  return [...entries.filter(({ atMs }) => newest.atMs - atMs <= keepMs), newest];
}
