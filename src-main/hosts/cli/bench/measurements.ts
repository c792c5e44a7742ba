// What is measured: pods becoming Ready, quiet and busy clusters, memory, snapshots, the first picture.
import { performance } from 'node:perf_hooks';
import type { Cluster } from '../../../engine/cluster.ts';
import { deploymentKind } from '../../../engine/kinds/apps/deployment.ts';
import { podKind } from '../../../engine/kinds/core/pod.ts';
import { keyOf } from '../../../engine/meta/object.ts';
import { createLab } from '../../../session/create-lab.ts';
import { openInSlices, packInSlices } from '../../../session/snapshot-file.ts';
import { DOOR_ABOUT, door } from './door.ts';
import { longestSteps } from './longest-steps.ts';
import { longestTurns } from './longest-turns.ts';
import { type BenchLab, readyCluster, rolloutSeconds } from './ready-cluster.ts';
import { schedulingRate, schedulingSorts } from './scheduling-rate.ts';
import { standingControllers } from './standing-controllers.ts';
import { wallMs } from './wall-ms.ts';

export interface Measurement {
  /** How often it is taken, each time in a process of its own; the median counts. */
  readonly times: number;
  /** What is done, and in which units it is told: for `bench --help`. */
  readonly about: string;
  /** Part of `bench --quick`. */
  readonly quick?: true;
  /** Figures by dotted key. */
  readonly measure: () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>;
}

const QUIET_MS = 3_600_000;
const CHURN_SHARE = 0.05;
/** Changes of a second come in so many groups, spread evenly. */
const CHURN_GROUPS = 25;
const CHURN_SECONDS_UNMEASURED = 5;
const CHURN_SECONDS: Readonly<Record<number, number>> = { 1000: 60, 10000: 20, 100000: 10 };

const SCHEDULING_NODES = 5_000;
const SCHEDULING_PODS = 2_000;

export const measurements: Readonly<Record<string, Measurement>> = {
  'ready-1000': {
    times: 5,
    quick: true,
    about: 'readySeconds.1000: wall s from applying a Deployment of 1,000 probed replicas until all are Ready, 20 nodes',
    measure: () => ({ 'readySeconds.1000': readyCluster(1_000, 20).wallSeconds }),
  },
  'ready-10000': {
    times: 3,
    about: 'readySeconds.10000: the same, 10,000 replicas on 200 nodes',
    measure: () => ({ 'readySeconds.10000': readyCluster(10_000, 200).wallSeconds }),
  },
  'pace-1000': { times: 3, quick: true, about: paceAbout(1_000), measure: () => pace(1_000, 20) },
  'pace-10000': { times: 3, about: paceAbout(10_000), measure: () => pace(10_000, 200) },
  'pace-100000': {
    times: 1,
    about: `${paceAbout(100_000)}; readySeconds.100000: as above, 100,000 replicas on 2,000 nodes`,
    measure: () => pace(100_000, 2_000),
  },
  'rollout-10000': {
    times: 3,
    about:
      'rolloutSeconds.10000: wall s until a Deployment of 10,000 probed replicas on 200 nodes has replaced them all by pods of another image',
    measure: () => ({ 'rolloutSeconds.10000': rolloutSeconds(10_000, 200) }),
  },
  'standing-10000': { times: 3, about: standingAbout(10_000), measure: () => standing(10_000, 200) },
  'standing-100000': {
    times: 1,
    about: standingAbout(100_000),
    measure: () => standing(100_000, 2_000),
  },
  memory: {
    times: 3,
    quick: true,
    about: 'rssBytes.1000: resident bytes with 1,000 Ready pods; heapBytesPerPodAt.1000: heap bytes over those of the empty cluster, a pod',
    measure: () => {
      const { bytesPerPod, rssBytes } = memory(1_000, 20);
      return { 'rssBytes.1000': rssBytes, 'heapBytesPerPodAt.1000': bytesPerPod };
    },
  },
  'memory-10000': {
    times: 1,
    about: 'heapBytesPerPod: the same with 10,000 pods on 200 nodes, where the bounded parts (history, event counting) no longer weigh',
    measure: () => ({ heapBytesPerPod: memory(10_000, 200).bytesPerPod }),
  },
  scheduling: {
    times: 3,
    quick: true,
    about: `scheduledPerSecond.SORT: pods a wall second that the scheduler places on ${SCHEDULING_NODES} nodes with ten other pods each, all plugins; plain pods of a Service, spread over zones by a rule, and with preferred node affinity and pod anti-affinity`,
    measure: () =>
      Object.fromEntries(
        schedulingSorts.map((sort) => [`scheduledPerSecond.${sort}`, schedulingRate(sort, SCHEDULING_NODES, SCHEDULING_PODS)]),
      ),
  },
  'cold-start': {
    times: 5,
    quick: true,
    about: "coldStartMs: ms from the start of the process until the first picture's data is sent to the window",
    measure: coldStart,
  },
  door: { times: 3, about: DOOR_ABOUT, measure: door },
  'slice-1000': { times: 3, quick: true, about: sliceAbout(1_000), measure: () => slices(1_000, 20) },
  'slice-10000': { times: 3, about: sliceAbout(10_000), measure: () => slices(10_000, 200) },
  'turns-1000': {
    times: 3,
    quick: true,
    about:
      'turn.p95Ms.1000 and .longestMs.1000: ms that the lab holds its thread at a time at full speed, a window open, while 1,000 pods start on 20 nodes and a zone dies; pauses for garbage included',
    measure: turns,
  },
  snapshot: {
    times: 3,
    about:
      'snapshot.writeMs, snapshot.readMs: ms from a world of 10,000 Ready pods to the bytes of its file and back to a world; snapshot.bytes',
    measure: snapshot,
  },
};

function paceAbout(pods: number): string {
  return `simulatedPerWallSecond.quiet.${pods} and .churn.${pods}: virtual s per wall s in an hour without changes, and while an agent annotates 5 % of the pods each second`;
}

function sliceAbout(pods: number): string {
  return `slice.longestMs.${pods}, .ownLongestMs.${pods} and .over8.${pods}: the longest step of the engine in wall ms with and without pauses for garbage, and how many of a million take longer than a slice of 8 ms with them, while a zone with a third of the pods behind one Service dies and they are replaced`;
}

function standingAbout(pods: number): string {
  return `standing.hourMs.${pods} and .replaceMs.${pods}: wall ms of an hour while a Service, a budget, an autoscaler, a quota and a network policy stand over all pods and a CronJob runs each minute, and wall ms until one deleted pod is replaced and Ready`;
}

function standing(pods: number, nodes: number): Readonly<Record<string, number>> {
  const { hourMs, replaceMs } = standingControllers(readyCluster(pods, nodes).lab);
  return { [`standing.hourMs.${pods}`]: hourMs, [`standing.replaceMs.${pods}`]: replaceMs };
}

async function slices(pods: number, nodes: number): Promise<Readonly<Record<string, number>>> {
  const { longestMs, ownLongestMs, over, steps } = await longestSteps(readyCluster(pods, nodes).cluster);
  return {
    [`slice.longestMs.${pods}`]: longestMs,
    [`slice.ownLongestMs.${pods}`]: ownLongestMs,
    [`slice.over8.${pods}`]: (over * 1e6) / steps,
  };
}

async function turns(): Promise<Readonly<Record<string, number>>> {
  const { p95Ms, longestMs } = await longestTurns(1_000, 20);
  return { 'turn.p95Ms.1000': p95Ms, 'turn.longestMs.1000': longestMs };
}

/** Simulated seconds per second of real time, while nothing changes and while many pods do. */
function pace(pods: number, nodes: number): Readonly<Record<string, number>> {
  const { lab, wallSeconds } = readyCluster(pods, nodes);
  // The last statuses of the rollout are not part of a quiet hour.
  lab.advance(60_000);
  const quietMs = wallMs(() => lab.advance(QUIET_MS));
  const keys = lab.cluster.server.list(podKind).map(keyOf);
  const seconds = CHURN_SECONDS[pods] ?? 20;
  churn(lab, keys, CHURN_SECONDS_UNMEASURED);
  const churnMs = wallMs(() => churn(lab, keys, seconds));
  return {
    ...(pods === 100_000 ? { [`readySeconds.${pods}`]: wallSeconds } : {}),
    [`simulatedPerWallSecond.quiet.${pods}`]: QUIET_MS / quietMs,
    [`simulatedPerWallSecond.churn.${pods}`]: (seconds * 1_000) / churnMs,
  };
}

function churn(lab: BenchLab, keys: readonly string[], seconds: number): void {
  const group = Math.ceil((keys.length * CHURN_SHARE) / CHURN_GROUPS);
  let turn = 0;
  for (let step = 0; step < seconds * CHURN_GROUPS; step += 1) {
    turn = annotate(lab.cluster, keys, turn, group);
    lab.advance(1_000 / CHURN_GROUPS);
  }
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

function memory(pods: number, nodes: number): { readonly bytesPerPod: number; readonly rssBytes: number } {
  const used = (): number => {
    collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const empty = readyCluster(0, nodes);
  const before = used();
  const full = readyCluster(pods, nodes);
  const rssBytes = process.memoryUsage().rss;
  const bytesPerPod = (used() - before) / pods;
  // Both worlds must live until the last figure is taken.
  if (empty.cluster.server.list(deploymentKind).length === full.cluster.server.list(deploymentKind).length)
    throw new Error('nothing was measured');
  return { bytesPerPod, rssBytes };
}

function collectGarbage(): void {
  (globalThis as { readonly gc?: () => void }).gc?.();
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

/** As the lab does it while a window is served: in slices, compression beside them. */
async function snapshot(): Promise<Readonly<Record<string, number>>> {
  const { cluster } = readyCluster(10_000, 200);
  // What came before left behind what is not the snapshot's to collect.
  collectGarbage();
  const writeMs = performance.now();
  const bytes = await packInSlices(cluster);
  const writtenMs = performance.now();
  collectGarbage();
  const readMs = performance.now();
  if (bytes === undefined || (await openInSlices(bytes)) === undefined) throw new Error('nothing was measured');
  return { 'snapshot.writeMs': writtenMs - writeMs, 'snapshot.readMs': performance.now() - readMs, 'snapshot.bytes': bytes.length };
}
