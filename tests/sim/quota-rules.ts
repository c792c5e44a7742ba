// What no new object may ever do: bring its namespace beyond a quota that has stood for a while.
import type { Delta } from '../../src-main/engine/api/store.ts';
import { equal } from '../../src-main/engine/base/equal.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import { countsFor, usageOf } from '../../src-main/engine/kinds/core/quota-usage.ts';
import type { ResourceQuota } from '../../src-main/engine/kinds/core/resource-quota.ts';
import { addQuantities, compareQuantities, parseQuantity, printQuantity, type Quantity } from '../../src-main/engine/meta/quantity.ts';
import { NARROW } from './themes/policy.ts';

/** A quota counts what is there before it refuses what comes. */
const NEWS_MS = 10_000;

export class QuotaRules {
  readonly #cluster: Cluster;
  /** Since when each narrow quota is as it is, by key. */
  readonly #since = new Map<string, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  hear({ kind, key, type, object, previous, atMs }: Delta): readonly string[] {
    if (kind === 'ResourceQuota' && object.metadata.name === NARROW) {
      if (type === 'DELETED') this.#since.delete(key);
      else if (!equal((object as ResourceQuota).spec, (previous as ResourceQuota | null)?.spec)) this.#since.set(key, atMs);
    }
    if (type !== 'ADDED' || this.#since.size === 0) return [];
    const quotaKey = `${object.metadata.namespace}/${NARROW}`;
    const since = this.#since.get(quotaKey);
    const rules = this.#cluster.kinds.byKey(kind);
    if (since === undefined || rules === undefined || atMs - since < NEWS_MS) return [];
    const quota = this.#cluster.store.get('ResourceQuota', quotaKey) as ResourceQuota;
    if ((quota.spec.scopes ?? []).length > 0) return [];
    return Object.entries(quota.spec.hard ?? {}).flatMap(([name, most]) => {
      const own = countsFor(rules, name) ? usageOf(rules, object, this.#cluster.timeline.unixMs).get(name) : undefined;
      if (own === undefined || own.nanos === 0n) return [];
      const sum = this.#sum(object.metadata.namespace ?? '', name);
      const limit = parseQuantity(String(most)).value ?? sum;
      return compareQuantities(sum, limit) > 0 ? [`brings ${name} to ${printQuantity(sum)} of ${most}`] : [];
    });
  }

  #sum(namespace: string, name: string): Quantity {
    let sum: Quantity = { nanos: 0n, format: 'DecimalSI' };
    for (const kind of this.#cluster.kinds.all()) {
      if (!kind.namespaced || !countsFor(kind, name)) continue;
      for (const object of this.#cluster.server.list(kind, namespace))
        sum = addQuantities(sum, usageOf(kind, object, this.#cluster.timeline.unixMs).get(name) ?? { nanos: 0n, format: 'DecimalSI' });
    }
    return sum;
  }
}
