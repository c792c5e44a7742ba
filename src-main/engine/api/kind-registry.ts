// Finds a kind by apiVersion and kind; what is not built in becomes a stored kind the first time it is seen.
import { type Kind, kindKey, splitApiVersion } from '../kinds/kind.ts';
import { kinds } from '../kinds/registry.ts';
import { builtInGroups, servedVersions, storedKind } from '../kinds/stored-kind.ts';
import { StatusError } from '../meta/status-error.ts';
import type { CustomKinds } from './custom-kinds.ts';

/** Enough to make a stored kind again after a restore. */
export interface StoredKindState {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean | null;
}

export class KindRegistry {
  readonly #byKey = new Map<string, Kind>();
  readonly #stored: StoredKindState[] = [];

  readonly #custom: CustomKinds | null;

  constructor(stored: readonly StoredKindState[] = [], custom: CustomKinds | null = null) {
    this.#custom = custom;
    for (const kind of kinds) this.#byKey.set(kindKey(kind), kind);
    // What an older release only stored may be simulated by now.
    for (const state of stored) if (!this.#byKey.has(stateKey(state))) this.#add(state);
  }

  /** By kind key: `Pod`, `Deployment.apps`. */
  byKey(key: string): Kind | undefined {
    return this.#custom?.get(key) ?? this.#byKey.get(key);
  }

  all(): Iterable<Kind> {
    const custom = this.#custom?.all() ?? [];
    if (custom.length === 0) return this.#byKey.values();
    return new Map([...this.#byKey, ...custom.map((kind) => [kindKey(kind), kind] as const)]).values();
  }

  /** Grows whenever another kind is known. */
  get changes(): number {
    return this.#stored.length + (this.#custom?.changes ?? 0);
  }

  /** The kind of a document. Throws StatusError for a kind or version that a group of Kubernetes itself does not serve. */
  of(apiVersion: string, kind: string, namespace: string | undefined): Kind {
    const { group, version } = splitApiVersion(apiVersion);
    const key = kindKey({ group, kind });
    const known = this.#custom?.defined(key) ?? this.#byKey.get(key) ?? this.#elsewhere(group, kind);
    if (known?.simulated === true ? !versionsOf(known, group).includes(version) : !isServed(group, version, kind))
      throw noMatch(apiVersion, kind);
    return known ?? this.#add({ apiVersion, kind, namespaced: namespace === undefined ? null : true });
  }

  /** A kind that is stored in another group than it is asked for in, as Events are. */
  #elsewhere(group: string, kind: string): Kind | undefined {
    return kinds.find((one) => one.kind === kind && one.otherVersions?.some((other) => other.group === group) === true);
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

function stateKey({ apiVersion, kind }: StoredKindState): string {
  return kindKey({ group: splitApiVersion(apiVersion).group, kind });
}

/** Those of a group in which the kind is served. */
function versionsOf(kind: Kind, group: string): readonly string[] {
  const others = (kind.otherVersions ?? []).filter((other) => (other.group ?? kind.group) === group).map(({ version }) => version);
  return group === kind.group && kind.isUnserved !== true ? [kind.version, ...others] : others;
}

const groups: ReadonlySet<string> = new Set([...kinds.map(({ group }) => group), ...builtInGroups]);

/** Any kind of a group that is not Kubernetes' own may have been defined by somebody. */
function isServed(group: string, version: string, kind: string): boolean {
  return !groups.has(group) || servedVersions(group, kind).includes(version);
}

/** As kubectl words it when discovery does not list the kind. upstream: apimachinery pkg/api/meta NoKindMatchError */
function noMatch(apiVersion: string, kind: string): StatusError {
  const elsewhere = [...groups].flatMap((group) => {
    const versions = kinds.filter((other) => other.group === group && other.kind === kind).map(({ version }) => version);
    return [...new Set([...servedVersions(group, kind), ...versions])].map((version) => (group === '' ? version : `${group}/${version}`));
  });
  const hint = elsewhere.length === 0 ? 'ensure CRDs are installed first' : `it is served as ${elsewhere.join(' and ')}`;
  return new StatusError('NotFound', 404, `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}; ${hint}`);
}
