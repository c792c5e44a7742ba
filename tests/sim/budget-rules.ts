// What no eviction may ever do: take a ready pod that its budget still needs. Counted anew, from pods; other losses are news that a budget hears of late.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { PodDisruptionBudget } from '../../src-main/engine/kinds/policy/pod-disruption-budget.ts';
import { findCondition, isConditionTrue } from '../../src-main/engine/meta/conditions.ts';
import { selectorFor } from '../../src-main/engine/meta/label-selector.ts';

/** News travels milliseconds; a worker may be busy for longer. */
const NEWS_MS = 10_000;
const OWNERS = new Set(['Deployment.apps', 'ReplicaSet.apps', 'StatefulSet.apps', 'ReplicationController', 'PodDisruptionBudget.policy']);

export class BudgetRules {
  readonly #cluster: Cluster;
  /** When something else than an eviction last changed what budgets count, by namespace. */
  readonly #disturbed = new Map<string, number>();
  #missingMs = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  hear({ kind, type, object, previous, atMs }: Delta): readonly string[] {
    const { namespace = '', generation } = object.metadata;
    if (this.#cluster.physics.get('component', 'kube-controller-manager')?.leads === false) this.#missingMs = atMs;
    if (OWNERS.has(kind) && generation !== previous?.metadata.generation) this.#disturbed.set(namespace, atMs);
    if (kind !== 'Pod' || previous === null) return [];
    const [now, before] = [object as Pod, previous as Pod];
    if (!countsFor(before)) return [];
    if (wasEvicted(now)) return type === 'MODIFIED' && !wasEvicted(before) ? this.#evicted(now, atMs) : [];
    if (type === 'DELETED' || !countsFor(now) || !sameLabels(now, before)) this.#disturbed.set(namespace, atMs);
    return [];
  }

  #evicted(pod: Pod, atMs: number): readonly string[] {
    const { namespace } = pod.metadata;
    if (atMs - Math.max(this.#missingMs, this.#disturbed.get(namespace) ?? 0) < NEWS_MS) return [];
    const budgets = ([...this.#cluster.store.table('PodDisruptionBudget.policy').values()] as PodDisruptionBudget[]).filter(
      ({ metadata, spec }) => metadata.namespace === namespace && selectorFor(spec.selector)(pod.metadata.labels),
    );
    const pods = [...this.#cluster.store.table('Pod').values()] as Pod[];
    return budgets.flatMap(({ metadata, spec, status }) => {
      const matches = selectorFor(spec.selector);
      const left = pods.filter((other) => other.metadata.namespace === namespace && matches(other.metadata.labels) && countsFor(other));
      const others = left.filter((other) => !wasEvicted(other));
      return others.length < status.desiredHealthy
        ? [`was evicted although budget ${metadata.name} needs ${status.desiredHealthy} and has ${others.length} others`]
        : [];
    });
  }
}

const countsFor = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined && isConditionTrue(status.conditions, 'Ready');
const wasEvicted = ({ status }: Pod): boolean => findCondition(status.conditions, 'DisruptionTarget')?.reason === 'EvictionByEvictionAPI';
const sameLabels = (a: Pod, b: Pod): boolean =>
  a.metadata.labels === b.metadata.labels || JSON.stringify(a.metadata.labels) === JSON.stringify(b.metadata.labels);
