// What is measured: pods becoming Ready, quiet and busy clusters, memory, snapshots, the first picture.
import { performance } from 'node:perf_hooks';
import { Cluster } from '../../../engine/cluster.ts';
import { deploymentKind } from '../../../engine/kinds/apps/deployment.ts';
import { podKind } from '../../../engine/kinds/core/pod.ts';
import { keyOf } from '../../../engine/meta/object.ts';
import { createLab } from '../../../session/create-lab.ts';
import { packSnapshot, unpackSnapshot } from '../../../session/snapshot-file.ts';
import { readyCluster } from './ready-cluster.ts';

export interface Measurement {
  /** How often it is taken; the median counts. */
  readonly times: number;
  /** Figures by dotted key. */
  readonly measure: () => Readonly<Record<string, number>>;
}

const QUIET_MS = 3_600_000;
const CHURN_SECONDS = 20;
const CHURN_SHARE = 0.05;

export const measurements: Readonly<Record<string, Measurement>> = {
  'ready-1000': { times: 5, measure: () => ({ 'readySeconds.1000': readyCluster(1_000, 20).wallSeconds }) },
  'ready-10000': { times: 3, measure: () => ({ 'readySeconds.10000': readyCluster(10_000, 200).wallSeconds }) },
  'pace-1000': { times: 3, measure: () => pace(1_000, 20) },
  'pace-10000': { times: 3, measure: () => pace(10_000, 200) },
  'pace-100000': { times: 1, measure: () => pace(100_000, 2_000) },
  memory: { times: 3, measure: memory },
  'cold-start': { times: 5, measure: coldStart },
  snapshot: { times: 3, measure: snapshot },
};

/** Simulated seconds per second of real time, while nothing changes and while many pods do. */
function pace(pods: number, nodes: number): Readonly<Record<string, number>> {
  const { cluster } = readyCluster(pods, nodes);
  const quietMs = wallMs(() => cluster.advance(cluster.timeline.nowMs + QUIET_MS));
  const keys = cluster.server.list(podKind).map(keyOf);
  let turn = 0;
  const churnMs = wallMs(() => {
    for (let second = 0; second < CHURN_SECONDS; second += 1) {
      turn = annotate(cluster, keys, turn, Math.ceil(pods * CHURN_SHARE));
      cluster.advance(cluster.timeline.nowMs + 1_000);
    }
  });
  return {
    [`simulatedPerWallSecond.quiet.${pods}`]: QUIET_MS / quietMs,
    [`simulatedPerWallSecond.churn.${pods}`]: (CHURN_SECONDS * 1_000) / churnMs,
  };
}

/** The next pods in turn get a new annotation, as an agent on each node would write it. */
function annotate(cluster: Cluster, keys: readonly string[], from: number, count: number): number {
  for (let index = 0; index < count; index += 1) {
    const key = keys[(from + index) % keys.length] as string;
    const seen = String(cluster.timeline.nowMs);
    cluster.server.patch(
      podKind,
      key,
      (pod) => ({ ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, 'bench.example/seen': seen } } }),
      'bench',
    );
  }
  return (from + count) % keys.length;
}

function memory(): Readonly<Record<string, number>> {
  const collect = (globalThis as { readonly gc?: () => void }).gc;
  const used = (): number => {
    collect?.();
    return process.memoryUsage().heapUsed;
  };
  const empty = readyCluster(0, 20);
  const before = used();
  const full = readyCluster(1_000, 20);
  const rssBytes = process.memoryUsage().rss;
  const heapBytesPerPod = (used() - before) / 1_000;
  // Both worlds must live until the last figure is taken.
  if (empty.cluster.server.list(deploymentKind).length === full.cluster.server.list(deploymentKind).length)
    throw new Error('nothing was measured');
  return { heapBytesPerPod, 'rssBytes.1000': rssBytes };
}

/** From the start of the process to the first picture's data; what the browser needs to paint it comes on top. */
function coldStart(): Readonly<Record<string, number>> {
  const lab = createLab({ playing: false });
  let firstMs = Number.NaN;
  const session = lab.openSession(() => {
    if (Number.isNaN(firstMs)) firstMs = performance.now();
  });
  session.close();
  lab.close();
  return { coldStartMs: Number.isNaN(firstMs) ? performance.now() : firstMs };
}

function snapshot(): Readonly<Record<string, number>> {
  const { cluster } = readyCluster(10_000, 200);
  let bytes: Uint8Array = new Uint8Array();
  const writeMs = wallMs(() => {
    bytes = packSnapshot(cluster.save());
  });
  const readMs = wallMs(() => {
    Cluster.restore(unpackSnapshot(bytes));
  });
  return { 'snapshot.writeMs': writeMs, 'snapshot.readMs': readMs, 'snapshot.bytes': bytes.length };
}

function wallMs(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}
