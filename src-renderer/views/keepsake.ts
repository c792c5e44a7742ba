/**
 * What a view keeps while another one is shown, so that who comes back finds the picture as it was left.
 * It is of one world: in another one the view begins anew.
 */
import type { ClusterStore } from '../stores/cluster-store.svelte.ts';

export class Keepsake<Value> {
  readonly #kept = new WeakMap<ClusterStore, { readonly world: number; readonly value: Value }>();

  keep(cluster: ClusterStore, value: Value): void {
    this.#kept.set(cluster, { world: cluster.world, value });
  }

  /** Given once: who takes it changes it, and keeps it again. */
  take(cluster: ClusterStore): Value | undefined {
    const kept = this.#kept.get(cluster);
    this.#kept.delete(cluster);
    return kept?.world === cluster.world ? kept.value : undefined;
  }
}
