// What the objects of a namespace use of one quota, summed as they come and go, so that no sync measures all of them.
// upstream: staging/src/k8s.io/apiserver/pkg/quota/v1/generic CalculateUsageStats
import type { Pod } from '../../kinds/core/pod.ts';
import type { Amounts } from '../../kinds/core/pod-totals.ts';
import { isInScopes } from '../../kinds/core/quota-scopes.ts';
import { usageOf } from '../../kinds/core/quota-usage.ts';
import type { ResourceQuota } from '../../kinds/core/resource-quota.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { ApiObject } from '../../meta/object.ts';
import { addQuantities, printQuantity, type Quantity, subtractQuantities } from '../../meta/quantity.ts';

const NONE: Quantity = { nanos: 0n, format: 'DecimalSI' };

export class QuotaTally {
  readonly #spec: ResourceQuota['spec'];
  readonly #names: readonly string[];
  readonly #used = new Map<string, Amounts>();
  readonly #sums = new Map<string, Quantity>();
  /** Pods that are going away; when they take too long, they are charged no more. */
  readonly #leaving = new Map<string, { readonly kind: Kind; readonly pod: Pod }>();

  constructor(spec: ResourceQuota['spec']) {
    this.#spec = spec;
    this.#names = Object.keys(spec.hard ?? {}).sort();
  }

  /** Does time alone change what is used? */
  get hasLeaving(): boolean {
    return this.#leaving.size > 0;
  }

  isOf(spec: ResourceQuota['spec']): boolean {
    return spec === this.#spec;
  }

  /** undefined: the object is gone. */
  set(kind: Kind, key: string, object: ApiObject | undefined, unixMs: number): void {
    const id = `${kind.plural}.${kind.group} ${key}`;
    const before = this.#used.get(id);
    const isCovered = object !== undefined && isInScopes(kind, object, this.#spec);
    const usage = isCovered ? usageOf(kind, object, unixMs) : undefined;
    const isLeaving = isCovered && kind.plural === 'pods' && object.metadata.deletionTimestamp !== undefined;
    if (isLeaving && usage?.has('pods') === true) this.#leaving.set(id, { kind, pod: object as Pod });
    else this.#leaving.delete(id);
    if (before === usage) return;
    for (const [name, quantity] of before ?? []) this.#sums.set(name, subtractQuantities(this.#sums.get(name) ?? NONE, quantity));
    for (const [name, quantity] of usage ?? []) this.#sums.set(name, addQuantities(this.#sums.get(name) ?? NONE, quantity));
    if (usage === undefined) this.#used.delete(id);
    else this.#used.set(id, usage);
  }

  /** What is used of each entry that `isCounted` says some kind counts for. */
  usage(isCounted: (name: string) => boolean, unixMs: number): Readonly<Record<string, string>> {
    for (const { kind, pod } of [...this.#leaving.values()]) this.set(kind, `${pod.metadata.namespace}/${pod.metadata.name}`, pod, unixMs);
    const counted = this.#names.filter(isCounted);
    return Object.fromEntries(counted.map((name) => [name, printQuantity(this.#sums.get(name) ?? NONE)]));
  }
}
