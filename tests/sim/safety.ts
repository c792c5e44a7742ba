// Looks at every change of a world while it runs and tells at once what must never be. Work is proportional to what changes.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { CacheState, InformerCache } from '../../src-main/engine/client/cache.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { KubeletState } from '../../src-main/engine/kubelet/kubelet-state.ts';
import { type ApiObject, keyOf } from '../../src-main/engine/meta/object.ts';
import { AutoscalerRules } from './autoscaler-rules.ts';
import { BudgetRules } from './budget-rules.ts';
import { EventRules } from './event-rules.ts';
import { IdentityRules } from './identity-rules.ts';
import { JobRules } from './job-rules.ts';
import { NodeRules } from './node-rules.ts';
import { objectFaults } from './object-rules.ts';
import { podFaults } from './pod-rules.ts';
import { PolicyRules } from './policy-rules.ts';
import { QuotaRules } from './quota-rules.ts';
import { ReplicaRules } from './replica-rules.ts';
import { StorageRules } from './storage-rules.ts';

type Table = ReadonlyMap<string, ApiObject>;

export class Broken extends Error {
  override readonly name = 'Broken';
}

export class Safety {
  readonly #cluster: Cluster;
  readonly #mirror = new Map<string, Map<string, ApiObject>>();
  readonly #rules: readonly { hear(delta: Delta): readonly string[] }[];
  readonly #storage: StorageRules;
  #revision: number;
  #facts = true;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    this.#storage = new StorageRules(cluster);
    this.#rules = [
      new NodeRules(cluster),
      new ReplicaRules(),
      new IdentityRules(cluster),
      new JobRules(),
      new AutoscalerRules(),
      new BudgetRules(cluster),
      new QuotaRules(cluster),
      new PolicyRules(cluster),
      new EventRules(),
      this.#storage,
    ];
    const { store, physics, timeline } = cluster;
    this.#revision = store.revision;
    for (const kind of store.kinds())
      for (const object of store.table(kind).values()) {
        const cause = { actor: '', trigger: '' };
        const delta: Delta = { revision: 0, atMs: timeline.nowMs, type: 'ADDED', kind, key: keyOf(object), object, previous: null, cause };
        this.#fold(delta);
        for (const rule of this.#rules) this.#tell(delta, rule.hear(delta));
      }
    store.onEveryChange((delta) => this.#hear(delta));
    physics.onChange = () => {
      this.#facts = true;
    };
  }

  /** After each entry of the queue. */
  afterEntry(): void {
    if (!this.#facts) return;
    this.#facts = false;
    for (const fault of this.#storage.disks()) this.#must(false, fault);
  }

  /** The dear ones, now and then: folded changes and every cache against the store. */
  thorough(): void {
    const { store, components } = this.#cluster;
    for (const kind of store.kinds()) this.#mustHoldSame(`folded ${kind}`, this.#mirror.get(kind) ?? new Map(), store.table(kind));
    for (const [id, cache] of components.caches()) {
      const kind = id.slice(id.indexOf('/') + 1);
      const byNode = id.startsWith('kubelet/') && kind === 'Pod';
      const { objects, lanes } = cache.save();
      const isQuiet = !byNode && Object.keys(lanes).length === 0 && objects.length === cache.size;
      if (isQuiet && holdsAll(cache, store.table(kind))) continue;
      const heard = asHeard(store.table(kind).values(), lanes);
      // Kubelets do not hear of a pod before it is bound.
      if (byNode) for (const [uid, pod] of heard) if (((pod as Pod).spec.nodeName ?? '') === '') heard.delete(uid);
      this.#mustHoldSame(`cache ${id}`, byUid(objects), heard);
    }
  }

  #hear(delta: Delta): void {
    const { revision, kind, object, previous, type } = delta;
    this.#must(revision === this.#revision + 1, `revision ${revision} after ${this.#revision}`);
    this.#revision = revision;
    this.#fold(delta);
    this.#tell(delta, objectFaults(this.#cluster, delta));
    if (kind === 'Pod' && type !== 'DELETED') this.#tell(delta, podFaults(object as Pod, previous as Pod | null));
    if (kind === 'Pod' && type === 'DELETED') this.#tell(delta, this.#stillRunning(delta));
    for (const rule of this.#rules) this.#tell(delta, rule.hear(delta));
  }

  #fold({ kind, key, type, object }: Delta): void {
    const table = this.#mirror.get(kind) ?? new Map<string, ApiObject>();
    this.#mirror.set(kind, table);
    this.#must((type === 'ADDED') === !table.has(key), `${type} of ${kind} ${key}`);
    if (type === 'DELETED') table.delete(key);
    else table.set(key, object);
  }

  /** A kubelet lets a pod go when nothing of it runs. */
  #stillRunning({ object, cause }: Delta): readonly string[] {
    if (!cause.actor.startsWith('system:node:')) return [];
    const { pods } = this.#cluster.components.memoryOf('kubelet') as KubeletState;
    const containers = Object.entries(pods[object.metadata.uid]?.containers ?? {});
    return containers.filter(([, { process }]) => process !== null).map(([name]) => `is let go while ${name} runs`);
  }

  #mustHoldSame(what: string, held: Table, wanted: Table): void {
    for (const [key, object] of wanted) {
      const { name, resourceVersion } = object.metadata;
      this.#must(
        held.get(key) === object,
        `${what}: ${name} is at ${held.get(key)?.metadata.resourceVersion}, the store at ${resourceVersion}`,
      );
    }
    for (const [key, { metadata }] of held) this.#must(wanted.has(key), `${what}: ${metadata.name} is not in the store`);
  }

  #tell({ kind, key }: Pick<Delta, 'kind' | 'key'>, faults: readonly string[]): void {
    for (const fault of faults) this.#must(false, `${kind} ${key} ${fault}`);
  }

  #must(holds: boolean, fault: string): asserts holds {
    if (!holds) throw new Broken(`${fault} (at ${this.#cluster.timeline.nowMs} ms, revision ${this.#cluster.store.revision})`);
  }
}

/** No news is on its way: most caches are then what the store is, which costs less to see than what is told of one that is not. */
function holdsAll(cache: InformerCache<ApiObject>, table: Table): boolean {
  if (cache.size !== table.size) return false;
  for (const [key, object] of table) if (cache.get(key) !== object) return false;
  return true;
}

const byUid = (objects: Iterable<ApiObject>): Map<string, ApiObject> =>
  new Map([...objects].map((object) => [object.metadata.uid, object]));

/** What a listener knows to whom the news of these lanes is still on its way: the store without them. */
function asHeard(objects: Iterable<ApiObject>, lanes: CacheState['lanes']): Map<string, ApiObject> {
  const heard = byUid(objects);
  for (const pending of Object.values(lanes))
    for (const { previous, object } of pending.toReversed()) {
      heard.delete(object.metadata.uid);
      if (previous !== null) heard.set(previous.metadata.uid, previous);
    }
  return heard;
}
