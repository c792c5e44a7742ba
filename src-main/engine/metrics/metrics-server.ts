// The metrics server: what pods and nodes used between its two last rounds. Rounds are not simulated: what they would have found is computed when somebody asks.
// upstream: kubernetes-sigs/metrics-server pkg/storage (pod.go, node.go), --metric-resolution=15s

import type { Node } from '../kinds/core/node.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { ContainerRun, ContainerUse, NodeUse, PodRun, PodUse, ResourceMetrics } from '../kinds/metrics/resource-metrics.ts';

const ROUND_MS = 15_000;
/** A container that started since the last round counts from its start, when that is long enough ago. upstream: freshContainerMinMetricsResolution */
const FRESH_MS_MIN = 10_000;
/** The system itself: kubelet, runtime, kernel. */
const SYSTEM_CPU_MILLIS = 60;
const SYSTEM_MEMORY_BYTES = 420 * 1024 * 1024;

/** upstream: --kubelet-request-timeout */
const REQUEST_TIMEOUT_MS = 10_000;

/** A kubelet that does not answer: nothing listens, or nothing comes through. */
export interface Silence {
  /** Since when, as far as anybody knows. */
  readonly sinceMs: number;
  readonly refuses: boolean;
}

export interface MetricsWorld {
  readonly nowMs: () => number;
  /** null: the node's kubelet answers. */
  readonly silenceOf: (node: string) => Silence | null;
  readonly bootedMs: (node: string) => number;
  readonly runsOf: (uid: string) => PodRun | null;
  readonly runsOn: (node: string) => Iterable<PodRun>;
}

export class MetricsServer implements ResourceMetrics {
  readonly #world: MetricsWorld;

  constructor(world: MetricsWorld) {
    this.#world = world;
  }

  ofPod({ metadata, spec }: Pod): PodUse | null {
    const node = spec.nodeName ?? '';
    const atMs = this.#roundOf(node);
    if (node === '' || atMs === null) return null;
    const containers: ContainerUse[] = [];
    let windowMs = ROUND_MS;
    // What is only remembered will be gone.
    let steadyFromMs = this.#world.silenceOf(node) === null ? 0 : Infinity;
    const run = this.#world.runsOf(metadata.uid);
    for (const one of run?.containers ?? []) {
      const fromMs = Math.max(atMs - ROUND_MS, one.startedMs);
      // A pod of which one container is not measured is left out as a whole.
      if (atMs - fromMs < FRESH_MS_MIN) return null;
      windowMs = Math.min(windowMs, atMs - fromMs);
      steadyFromMs = Math.max(steadyFromMs, one.steadyFromMs);
      containers.push(useOf(one, fromMs, atMs));
    }
    return containers.length === 0 ? null : { atMs, windowMs, containers, steadyFromMs };
  }

  ofNode({ metadata }: Node): NodeUse | null {
    const { name } = metadata;
    const atMs = this.#roundOf(name);
    if (atMs === null) return null;
    const fromMs = atMs - ROUND_MS;
    if (this.#world.bootedMs(name) > fromMs) return null;
    let cpuMillis = SYSTEM_CPU_MILLIS;
    let memoryBytes = SYSTEM_MEMORY_BYTES;
    for (const { containers } of this.#world.runsOn(name))
      for (const one of containers) {
        if (one.startedMs >= atMs) continue;
        const from = Math.max(fromMs, one.startedMs);
        cpuMillis += (one.cpuMillisBetween(from, atMs) * (atMs - from)) / ROUND_MS;
        memoryBytes += one.memoryBytesAt(atMs);
      }
    return { atMs, windowMs: ROUND_MS, cpuNanos: nanos(cpuMillis), memoryBytes: Math.round(memoryBytes) };
  }

  /** The last round that reached the node; it is remembered until the next one has failed. null: none is. upstream: pkg/storage Store, pkg/scraper Scrape */
  #roundOf(node: string): number | null {
    const nowMs = this.#world.nowMs();
    const silence = this.#world.silenceOf(node);
    if (silence === null) return nowMs - (nowMs % ROUND_MS);
    const atMs = silence.sinceMs - (silence.sinceMs % ROUND_MS);
    return nowMs < atMs + ROUND_MS + (silence.refuses ? 0 : REQUEST_TIMEOUT_MS) ? atMs : null;
  }
}

function useOf(run: ContainerRun, fromMs: number, toMs: number): ContainerUse {
  return { name: run.name, cpuNanos: nanos(run.cpuMillisBetween(fromMs, toMs)), memoryBytes: Math.round(run.memoryBytesAt(toMs)) };
}

function nanos(millis: number): number {
  return Math.round(millis * 1_000_000);
}
