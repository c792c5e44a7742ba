// How often a container used how much: buckets that grow by five percent, and the amount that a share of all samples stays below.
// upstream: kubernetes/autoscaler vertical-pod-autoscaler/pkg/recommender/util/histogram.go; weights do not decay here (upstream: half of it in 24 hours)

/** Counts by bucket number; JSON. */
export interface UsageHistogram {
  counts: Record<string, number>;
  total: number;
}

export interface Buckets {
  /** Lower ends; the first is 0. */
  readonly starts: readonly number[];
}

const RATIO = 1.05;

/** upstream: model/aggregations_config.go */
export const CPU_CORES = bucketsUpTo(0.01, 1000);
export const MEMORY_BYTES = bucketsUpTo(1e7, 1e12);

export function emptyHistogram(): UsageHistogram {
  return { counts: {}, total: 0 };
}

export function addSample(histogram: UsageHistogram, { starts }: Buckets, value: number): void {
  const bucket = String(bucketOf(starts, value));
  histogram.counts[bucket] = (histogram.counts[bucket] ?? 0) + 1;
  histogram.total += 1;
}

/** The upper end of the bucket in which the share is reached. */
export function percentile({ counts, total }: UsageHistogram, { starts }: Buckets, share: number): number {
  let seen = 0;
  for (let bucket = 0; bucket < starts.length; bucket += 1) {
    seen += counts[String(bucket)] ?? 0;
    if (total > 0 && seen >= share * total) return starts[Math.min(bucket + 1, starts.length - 1)] as number;
  }
  return 0;
}

function bucketsUpTo(first: number, most: number): Buckets {
  const starts = [0];
  for (let width = first, start = first; start < most; start += width) {
    starts.push(start);
    width *= RATIO;
  }
  return { starts };
}

function bucketOf(starts: readonly number[], value: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] as number) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
