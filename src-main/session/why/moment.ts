// Timestamps of API objects as virtual milliseconds, which is what sentences count in.
import { parseTimestamp } from '../../engine/base/timestamp.ts';
import type { Cluster } from '../../engine/cluster.ts';

export function momentOf({ timeline }: Pick<Cluster, 'timeline'>, timestamp: string | null | undefined): number | null {
  const unixMs = parseTimestamp(timestamp ?? '');
  return unixMs === null || unixMs === undefined ? null : unixMs - timeline.epochMs;
}
