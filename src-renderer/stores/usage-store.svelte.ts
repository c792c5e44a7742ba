/**
 * What nodes and pods use, asked for what somebody looks at and only when there can be something new.
 * The metrics server measures every fifteen seconds of the cluster's time, so between two of its rounds nothing is asked.
 */
import type { UsageRecord } from '../../src-main/contract/usage.ts';
import type { LabClient } from '../link/lab-client.ts';

/** upstream: metrics-server --metric-resolution */
const ROUND_MS = 15_000;
/** So many pods are asked for at once, so that no answer holds up the lab. */
const PODS_MAX = 1000;
/** When time runs fast, there are many rounds in a second. */
const PAUSE_MS = 500;

type Measured = ReadonlyMap<string, UsageRecord | null>;

interface Wish {
  readonly nodes: readonly string[];
  readonly pods: readonly string[];
}

export class UsageStore {
  /** By name; null: nothing has been measured. */
  nodes = $state.raw<Measured>(new Map());
  /** By `namespace/name`. */
  pods = $state.raw<Measured>(new Map());
  readonly #client: LabClient;
  readonly #wishes = new Map<string, Wish>();
  #round = -1;
  #stale = false;
  #busy = false;

  constructor(client: LabClient) {
    this.#client = client;
  }

  /** What one view or panel looks at now, in the place of what it looked at before. */
  look(who: string, nodes: readonly string[], pods: readonly string[]): void {
    const before = this.#wishes.get(who) ?? { nodes: [], pods: [] };
    if (same(before.nodes, nodes) && same(before.pods, pods)) return;
    if (nodes.length + pods.length === 0) this.#wishes.delete(who);
    else this.#wishes.set(who, { nodes, pods });
    this.#ask();
  }

  /** Hears of each frame; `anew`: another world, or another moment of this one. */
  follow(nowMs: number, anew: boolean): void {
    const round = Math.floor(nowMs / ROUND_MS);
    if (round === this.#round && !anew) return;
    this.#round = round;
    this.#ask();
  }

  #ask(): void {
    this.#stale = true;
    if (!this.#busy) void this.#run();
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#stale) {
      this.#stale = false;
      const wishes = [...this.#wishes.values()];
      const nodes = [...new Set(wishes.flatMap((wish) => wish.nodes))];
      const pods = [...new Set(wishes.flatMap((wish) => wish.pods))];
      if (nodes.length + pods.length === 0) {
        if (this.nodes.size > 0) this.nodes = new Map();
        if (this.pods.size > 0) this.pods = new Map();
        break;
      }
      try {
        const found = { nodes: new Map<string, UsageRecord | null>(), pods: new Map<string, UsageRecord | null>() };
        for (let at = 0; at === 0 || at < pods.length; at += PODS_MAX) {
          const report = await this.#client.request('usage.read', { nodes: at === 0 ? nodes : [], pods: pods.slice(at, at + PODS_MAX) });
          for (const [name, use] of Object.entries(report.nodes ?? {})) found.nodes.set(name, use);
          for (const [key, use] of Object.entries(report.pods ?? {})) found.pods.set(key, use);
        }
        this.nodes = found.nodes;
        this.pods = found.pods;
      } catch {
        break; // the lab has gone, or is another one: the next look asks again
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    this.#busy = false;
  }
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}
