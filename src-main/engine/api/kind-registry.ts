// Finds a kind by apiVersion and kind; what is not built in becomes a stored kind the first time it is seen.
import { type Kind, kindKey, splitApiVersion } from '../kinds/kind.ts';
import { kinds } from '../kinds/registry.ts';
import { storedKind } from '../kinds/stored-kind.ts';

/** Enough to make a stored kind again after a restore. */
export interface StoredKindState {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean | null;
}

export class KindRegistry {
  readonly #byKey = new Map<string, Kind>();
  readonly #stored: StoredKindState[] = [];

  constructor(stored: readonly StoredKindState[] = []) {
    for (const kind of kinds) this.#byKey.set(kindKey(kind), kind);
    for (const state of stored) this.#add(state);
  }

  /** By kind key: `Pod`, `Deployment.apps`. */
  byKey(key: string): Kind | undefined {
    return this.#byKey.get(key);
  }

  all(): Iterable<Kind> {
    return this.#byKey.values();
  }

  /** The kind of a document. A version other than the modelled one of a built-in kind is served by the same kind. */
  of(apiVersion: string, kind: string, namespace: string | undefined): Kind {
    const { group } = splitApiVersion(apiVersion);
    return this.#byKey.get(kindKey({ group, kind })) ?? this.#add({ apiVersion, kind, namespaced: namespace === undefined ? null : true });
  }

  save(): readonly StoredKindState[] {
    return [...this.#stored];
  }

  #add(state: StoredKindState): Kind {
    const made = storedKind(state.apiVersion, state.kind, undefined, state.namespaced ?? undefined);
    this.#byKey.set(kindKey(made), made);
    this.#stored.push(state);
    return made;
  }
}
