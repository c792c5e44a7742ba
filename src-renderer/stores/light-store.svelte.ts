/**
 * Which pods stay in the light while the rest fades: those that a search finds, or that belong to what is selected.
 * What belongs to a Service only the lab knows, by labels; the rest is in the records.
 */
import type { PodRecord } from '../../src-main/contract/view.ts';
import type { LabClient } from '../link/lab-client.ts';
import type { ClusterStore } from './cluster-store.svelte.ts';
import type { ObjectRef, SelectionStore } from './selection-store.svelte.ts';

/** Pods come and go; what belongs is looked at again after so long. */
const PAUSE_MS = 500;
/** Kinds that stand in the picture themselves, and are ringed there. */
const DRAWN: ReadonlySet<string> = new Set(['Pod', 'Node', 'Zone']);
/** Kinds whose pods the lab is asked for. */
const ASKED: ReadonlySet<string> = new Set([
  'Service',
  'PersistentVolumeClaim',
  'PersistentVolume',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
]);

export class LightStore {
  /** Keys of pods; null: nothing fades. */
  lit = $state.raw<ReadonlySet<string> | null>(null);
  /** What is searched for in the picture. */
  text = $state('');
  readonly #client: LabClient;
  readonly #cluster: ClusterStore;
  readonly #selection: SelectionStore;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: LabClient, cluster: ClusterStore, selection: SelectionStore) {
    this.#client = client;
    this.#cluster = cluster;
    this.#selection = selection;
  }

  /** Looks at once when the question is new; `again`: only pods have changed, so it has time. */
  look(again: boolean): void {
    if (again && (this.lit === null || this.#timer !== undefined)) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!again) void this.#find();
    else
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        void this.#find();
      }, PAUSE_MS);
  }

  async #find(): Promise<void> {
    const { selected } = this.#selection;
    const text = this.text.trim().toLowerCase();
    if (text !== '')
      this.#keep(this.#podsWhere((pod) => `${pod.namespace}/${pod.name} ${pod.node} ${pod.status}`.toLowerCase().includes(text)));
    else if (!selected || DRAWN.has(selected.kind)) this.#keep(null);
    else if (ASKED.has(selected.kind)) this.#keep(await this.#related(selected));
    else this.#keep(this.#podsWhere(belongs(selected)));
  }

  #podsWhere(wanted: (pod: PodRecord) => boolean): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const pod of this.#cluster.table('pods').values()) if (wanted(pod)) keys.add(`${pod.namespace}/${pod.name}`);
    return keys;
  }

  async #related(ref: ObjectRef): Promise<ReadonlySet<string> | null> {
    try {
      const { related } = await this.#client.request('object.get', ref);
      if (this.#selection.selected !== ref || this.text.trim() !== '') return this.lit;
      return new Set(related.filter(({ kind }) => kind === 'Pod').map(({ key }) => key));
    } catch {
      return null; // it is gone: nothing belongs to it
    }
  }

  /** The same keys again are no news. */
  #keep(next: ReadonlySet<string> | null): void {
    const { lit } = this;
    // What has no pods at all, as a StorageClass, leaves the picture as it is.
    const wanted = next?.size === 0 && this.text.trim() === '' ? null : next;
    if (wanted === lit || (wanted && lit && wanted.size === lit.size && [...wanted].every((key) => lit.has(key)))) return;
    this.lit = wanted;
  }
}

function belongs({ kind, key }: ObjectRef): (pod: PodRecord) => boolean {
  if (kind === 'Namespace') return ({ namespace }) => namespace === key;
  const [namespace, name] = key.split('/');
  const short = kind.split('.')[0];
  return (pod) => pod.namespace === namespace && pod.workload?.name === name && pod.workload?.kind === short;
}
