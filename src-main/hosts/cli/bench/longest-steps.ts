// How long the engine holds its thread at a time: a slice can end only between two steps of an entry.
import { performance } from 'node:perf_hooks';
import type { Cluster } from '../../../engine/cluster.ts';
import { SLICE_MS } from '../../../session/pacer.ts';

const OUTAGE_MS = 600_000;

export interface LongestSteps {
  readonly steps: number;
  readonly longestMs: number;
  /** Steps longer than a slice. */
  readonly over: number;
}

/** The pods of the benchmark get a Service; then a zone dies and its pods are replaced elsewhere. */
export function longestSteps(cluster: Cluster): LongestSteps {
  cluster.command({
    type: 'apply',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
  });
  const before = timed(cluster, 60_000);
  cluster.command({ type: 'fail', failure: 'zone-outage', target: 'zone-b' });
  const after = timed(cluster, OUTAGE_MS);
  return { steps: before.steps + after.steps, longestMs: Math.max(before.longestMs, after.longestMs), over: before.over + after.over };
}

function timed(cluster: Cluster, forMs: number): LongestSteps {
  const untilMs = cluster.timeline.nowMs + forMs;
  let steps = 0;
  let longestMs = 0;
  let over = 0;
  let beforeMs = performance.now();
  for (let done = false; !done; steps += 1) {
    done = cluster.advance(untilMs, 1);
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - beforeMs);
    if (nowMs - beforeMs > SLICE_MS) over += 1;
    beforeMs = nowMs;
  }
  return { steps, longestMs, over };
}
