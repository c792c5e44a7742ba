// How long the engine holds its thread at a time: a slice can end only between two steps of an entry.
import { PerformanceObserver, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import type { Cluster } from '../../../engine/cluster.ts';
import { SLICE_MS } from '../../../session/pacer.ts';

const OUTAGE_MS = 600_000;
/** Shorter steps are only counted. */
const NOTABLE_MS = 1;

export interface LongestSteps {
  readonly steps: number;
  /** Pauses for garbage included. */
  readonly longestMs: number;
  /** Without the pauses. */
  readonly ownLongestMs: number;
  /** Steps longer than a slice, pauses included. */
  readonly over: number;
}

interface Span {
  readonly fromMs: number;
  readonly tookMs: number;
}

/** The pods of the benchmark get a Service; then a zone dies and its pods are replaced elsewhere. */
export async function longestSteps(cluster: Cluster): Promise<LongestSteps> {
  const pauses: Span[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) pauses.push({ fromMs: startTime, tookMs: duration });
  });
  observer.observe({ entryTypes: ['gc'] });
  cluster.command({
    type: 'apply',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    },
  });
  const notable: Span[] = [];
  let steps = timed(cluster, 60_000, notable);
  cluster.command({ type: 'fail', failure: 'zone-outage', target: 'zone-b' });
  steps += timed(cluster, OUTAGE_MS, notable);
  // The observer is told when the thread is free again.
  await setImmediate();
  await setImmediate();
  observer.disconnect();
  const own = notable.map(({ fromMs, tookMs }) => tookMs - pausedMs(pauses, fromMs, fromMs + tookMs));
  return {
    steps,
    longestMs: Math.max(0, ...notable.map(({ tookMs }) => tookMs)),
    ownLongestMs: Math.max(0, ...own),
    over: notable.filter(({ tookMs }) => tookMs > SLICE_MS).length,
  };
}

/** How many steps there were; those that took long go to `notable`. */
function timed(cluster: Cluster, forMs: number, notable: Span[]): number {
  const untilMs = cluster.timeline.nowMs + forMs;
  let steps = 0;
  let beforeMs = performance.now();
  for (let done = false; !done; steps += 1) {
    done = cluster.advance(untilMs, 1);
    const nowMs = performance.now();
    if (nowMs - beforeMs > NOTABLE_MS) notable.push({ fromMs: beforeMs, tookMs: nowMs - beforeMs });
    beforeMs = nowMs;
  }
  return steps;
}

function pausedMs(pauses: readonly Span[], fromMs: number, untilMs: number): number {
  return pauses.reduce((sum, pause) => (pause.fromMs >= fromMs && pause.fromMs < untilMs ? sum + pause.tookMs : sum), 0);
}
