/**
 * Drains under way: cordon, evict every pod, wait until they are gone, as `kubectl drain` does from outside the cluster.
 * Evictions that the API server puts off are asked again after five seconds of virtual time. upstream: kubectl pkg/drain/drain.go
 */
import type { DrainPlan } from '../../src-main/contract/object-action.ts';
import type { ClusterStore } from './cluster-store.svelte.ts';
import type { DeedStore } from './deed-store.svelte.ts';

const RETRY_MS = 5000;
const TOO_MANY_REQUESTS = 429;

export interface Drain {
  readonly nodes: readonly string[];
  readonly total: number;
  /** Pods that are still there. */
  readonly left: number;
  /** Of them, those whose eviction was put off. */
  readonly putOff: number;
}

interface Running {
  readonly nodes: readonly string[];
  readonly total: number;
  /** Keys of the pods that are still there, by uid. */
  readonly pods: Map<string, string>;
  putOff: readonly string[];
  retryMs: number;
  asking: boolean;
}

export class DrainStore {
  drains = $state.raw<readonly Drain[]>([]);
  #running: readonly Running[] = [];
  readonly #deeds: DeedStore;
  readonly #cluster: ClusterStore;

  constructor(deeds: DeedStore, cluster: ClusterStore) {
    this.#deeds = deeds;
    this.#cluster = cluster;
  }

  async start(nodes: readonly string[], plan: DrainPlan, nowMs: number): Promise<void> {
    const refs = nodes.map((key) => ({ kind: 'Node', key }));
    const cordoned = await this.#deeds.act({ do: 'cordon' }, refs);
    if (cordoned.every(({ refused }) => refused !== '')) return;
    const pods = new Map(plan.evict.map(({ id, key }) => [id, key]));
    const drain: Running = { nodes, total: pods.size, pods, putOff: [], retryMs: nowMs, asking: false };
    this.#running = [...this.#running, drain];
    await this.#evict(drain, [...pods.values()], nowMs);
  }

  /** Hears of each frame, after it was folded. */
  follow(nowMs: number): void {
    if (this.#running.length === 0) return;
    const present = this.#cluster.table('pods');
    for (const drain of this.#running) {
      for (const id of drain.pods.keys()) if (!present.has(id)) drain.pods.delete(id);
      if (drain.putOff.length > 0 && nowMs >= drain.retryMs && !drain.asking) void this.#evict(drain, drain.putOff, nowMs);
    }
    this.#tell();
  }

  dismiss(index: number): void {
    this.#running = this.#running.filter((_, at) => at !== index);
    this.#tell();
  }

  forget(): void {
    this.#running = [];
    this.#tell();
  }

  async #evict(drain: Running, keys: readonly string[], nowMs: number): Promise<void> {
    drain.asking = true;
    const results = await this.#deeds.quietly(
      { do: 'evict' },
      keys.map((key) => ({ kind: 'Pod', key })),
    );
    drain.asking = false;
    drain.putOff = results.filter(({ code }) => code === TOO_MANY_REQUESTS).map(({ key }) => key);
    drain.retryMs = nowMs + RETRY_MS;
    this.#tell();
  }

  #tell(): void {
    const next = this.#running.map(({ nodes, total, pods, putOff }) => ({ nodes, total, left: pods.size, putOff: putOff.length }));
    const told = (drain: Drain, index: number): boolean => {
      const before = this.drains[index];
      return before?.left === drain.left && before.putOff === drain.putOff && before.nodes === drain.nodes;
    };
    if (next.length !== this.drains.length || !next.every(told)) this.drains = next;
  }
}
