// The pods that one budget covers, counted as they come and go, so that no sync looks at all of them.
import type { Pod } from '../../kinds/core/pod.ts';
import type { OwnerReference } from '../../meta/object.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { isPodReady } from '../pod-state.ts';

/** What of a pod a budget looks at. */
interface Counted {
  readonly isTerminating: boolean;
  readonly isReady: boolean;
  readonly owner: OwnerReference | undefined;
}

export class BudgetPods {
  readonly #pods = new Map<string, Counted>();
  readonly #owners = new Map<string, { readonly reference: OwnerReference; count: number }>();
  #ready = 0;
  #unmanaged = 0;

  get total(): number {
    return this.#pods.size;
  }

  /** Ready and not going away. upstream: countHealthyPods, but for those whose eviction is under way */
  get ready(): number {
    return this.#ready;
  }

  get hasUnmanaged(): boolean {
    return this.#unmanaged > 0;
  }

  /** Each controller once, in order of its first pod. */
  *owners(): Iterable<OwnerReference> {
    for (const { reference } of this.#owners.values()) yield reference;
  }

  /** The name of a pod of this controller. */
  podOf(owner: OwnerReference): string {
    for (const [name, pod] of this.#pods) if (pod.owner?.uid === owner.uid) return name;
    return '';
  }

  isTerminating(name: string): boolean {
    return this.#pods.get(name)?.isTerminating === true;
  }

  isCounted(name: string): boolean {
    const pod = this.#pods.get(name);
    return pod?.isReady === true && !pod.isTerminating;
  }

  has(name: string): boolean {
    return this.#pods.has(name);
  }

  /** undefined: it is not covered any more. True when the change means something to the budget. */
  set(name: string, pod: Pod | undefined): boolean {
    const before = this.#pods.get(name);
    const next = pod === undefined ? undefined : countedOf(pod);
    if (before !== undefined && next !== undefined && same(before, next)) return false;
    if (before !== undefined) this.#count(before, -1);
    if (next === undefined) this.#pods.delete(name);
    else {
      this.#pods.set(name, next);
      this.#count(next, 1);
    }
    return before !== next;
  }

  #count({ isTerminating, isReady, owner }: Counted, by: 1 | -1): void {
    if (isReady && !isTerminating) this.#ready += by;
    if (owner === undefined) {
      this.#unmanaged += by;
      return;
    }
    const known = this.#owners.get(owner.uid);
    if (known === undefined) this.#owners.set(owner.uid, { reference: owner, count: 1 });
    else if (known.count + by === 0) this.#owners.delete(owner.uid);
    else known.count += by;
  }
}

function countedOf(pod: Pod): Counted {
  return { isTerminating: pod.metadata.deletionTimestamp !== undefined, isReady: isPodReady(pod), owner: controllerOf(pod) };
}

function same(a: Counted, b: Counted): boolean {
  return a.isTerminating === b.isTerminating && a.isReady === b.isReady && a.owner?.uid === b.owner?.uid;
}
