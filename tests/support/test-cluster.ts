// A cluster with the hands of a person who types kubectl commands: what scenario tests are written with.
import { ADMIN, Cluster } from '../../src-main/engine/cluster.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { Kind } from '../../src-main/engine/kinds/kind.ts';
import { kindKey } from '../../src-main/engine/kinds/kind.ts';
import { isConditionTrue } from '../../src-main/engine/meta/conditions.ts';
import type { ApiObject, JsonObject } from '../../src-main/engine/meta/object.ts';
import { type MachinePlan, planMachines } from '../../src-main/engine/scenario.ts';
import { type Condition, parseCondition } from '../../src-main/hosts/cli/run/condition.ts';
import { runWorld } from '../../src-main/hosts/cli/run/run-world.ts';
import { parseManifest } from '../../src-main/persistence/manifest.ts';

/** 2025-06-02 08:00:00 UTC */
const EPOCH_MS = 1_748_851_200_000;

export interface TestClusterPlan {
  readonly zones?: number;
  readonly workers?: number;
  readonly seed?: number;
  readonly size?: Partial<Pick<MachinePlan, 'cpu' | 'memory' | 'pods'>>;
}

export class TestCluster {
  #world: Cluster;

  /** Nodes have booted and nobody has done anything yet. */
  constructor({ zones = 3, workers = 3, seed = 1, size = {} }: TestClusterPlan = {}) {
    const machines = planMachines(zones, workers, size);
    this.#world = Cluster.start({ name: 'test', seed, epochMs: EPOCH_MS, region: 'orrery', machines, objects: [] }, { freezes: true });
  }

  get world(): Cluster {
    return this.#world;
  }

  /** Goes on with a world made from this one's state as JSON: whatever was shared between objects no longer is. */
  reopen(): this {
    this.#world = Cluster.restore(JSON.parse(JSON.stringify(this.#world.save())), { freezes: true });
    return this;
  }

  get nowMs(): number {
    return this.world.timeline.nowMs;
  }

  /** Applies every document of a manifest in order. Throws what the API server refuses. */
  apply(manifest: string): this {
    for (const object of documentsOf(manifest)) this.world.command({ type: 'apply', object });
    return this;
  }

  /** `30s`, `10m`, `1h30m`, `500ms`. */
  run(duration: string): this {
    this.world.advance(this.nowMs + durationMs(duration));
    return this;
  }

  /** Runs until the condition holds (see `orrery run --until`). False: it does not within the time. */
  until(text: string, within = '1h'): boolean {
    return runWorld(this.world, {
      forMs: durationMs(within),
      until: this.condition(text),
      planned: [],
      progress: () => {},
      missed: () => {},
    });
  }

  condition(text: string): Condition {
    return parseCondition(text, this.world);
  }

  fail(failure: string, target: string): this {
    this.world.command({ type: 'fail', failure, target });
    return this;
  }

  heal(failure: string, target: string): this {
    // To break what is broken changes nothing, and tells the name of the failure in force.
    const { id = '' } = this.world.command({ type: 'fail', failure, target });
    this.world.command({ type: 'heal', id });
    return this;
  }

  /** What a person changes by `kubectl edit`, `scale`, `patch`, `cordon`. */
  edit(kind: Kind, key: string, change: (object: ApiObject) => ApiObject): this {
    this.world.server.patch(kind, key, change, ADMIN);
    return this;
  }

  /** By `pods`, `po`, `Pod` or `deployment.apps`. */
  kind(word: string): Kind {
    const wanted = word.toLowerCase();
    for (const kind of this.world.kinds.all())
      if ([kind.kind.toLowerCase(), kind.plural, kindKey(kind).toLowerCase(), ...kind.shortNames].includes(wanted)) return kind;
    throw new Error(`the server doesn't have a resource type "${word}"`);
  }

  pods(prefix: string): readonly Pod[] {
    return [...(this.world.store.table('Pod').values() as Iterable<Pod>)].filter((pod) => pod.metadata.name.startsWith(prefix));
  }

  /** So many pods whose names begin so are Ready. */
  expectReady(prefix: string, count: number): this {
    const ready = this.pods(prefix).filter((pod) => isConditionTrue(pod.status.conditions, 'Ready'));
    if (ready.length !== count) throw new Error(`${ready.length} pods of ${prefix} are ready, expected ${count}`);
    return this;
  }
}

export function documentsOf(manifest: string): readonly JsonObject[] {
  const { documents, faults } = parseManifest('manifest', manifest);
  const fault = faults[0];
  if (fault !== undefined) throw new Error(`${fault.line}:${fault.column}: ${fault.message}`);
  return documents.map(({ object }) => object);
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export function durationMs(text: string): number {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) throw new Error(`"${text}" is no duration`);
  let ms = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) ms += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0);
  return Math.round(ms);
}
