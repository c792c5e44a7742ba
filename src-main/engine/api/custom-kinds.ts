// The kinds that CustomResourceDefinitions of the store define at the moment: served as soon as their names are accepted, gone with their definition.
// upstream: apiextensions-apiserver pkg/apiserver/customresource_handler.go
import { equal } from '../base/equal.ts';
import { customKind } from '../kinds/apiextensions/custom-kind.ts';
import { type CustomResourceDefinition, customResourceDefinitionKind } from '../kinds/apiextensions/custom-resource-definition.ts';
import { prune } from '../kinds/apiextensions/prune.ts';
import { apiVersionOf, type Kind, type KindVersion, kindKey } from '../kinds/kind.ts';
import { isConditionTrue } from '../meta/conditions.ts';
import type { ApiObject, JsonValue } from '../meta/object.ts';
import type { Store } from './store.ts';

interface Defined {
  readonly spec: CustomResourceDefinition['spec'];
  readonly kind: Kind;
  /** Clients may use it: its names are its own. */
  readonly isServed: boolean;
}

export class CustomKinds {
  readonly #defined = new Map<string, Defined>();
  #served: readonly Kind[] = [];
  #changes = 0;

  constructor(store: Store) {
    const key = kindKey(customResourceDefinitionKind);
    for (const [name, object] of store.table(key)) this.#update(name, object as CustomResourceDefinition);
    store.onChange(key, ({ type, key: name, object }) =>
      this.#update(name, type === 'DELETED' ? undefined : (object as CustomResourceDefinition)),
    );
  }

  /** Grows whenever another kind is served, or another way. */
  get changes(): number {
    return this.#changes;
  }

  /** By kind key; undefined until clients may use it. */
  get(key: string): Kind | undefined {
    return this.all().find((kind) => kindKey(kind) === key);
  }

  /** The same, also before its names are accepted. */
  defined(key: string): Kind | undefined {
    for (const { kind } of this.#defined.values()) if (kindKey(kind) === key) return kind;
    return undefined;
  }

  all(): readonly Kind[] {
    return this.#served;
  }

  #update(name: string, definition: CustomResourceDefinition | undefined): void {
    const known = this.#defined.get(name);
    if (definition === undefined) this.#defined.delete(name);
    else {
      const { spec, status } = definition;
      const isServed = isConditionTrue(status?.conditions, 'NamesAccepted');
      const isSame = known !== undefined && equal(known.spec, spec);
      if (isSame && known.isServed === isServed) return;
      this.#defined.set(name, { spec, isServed, kind: isSame ? known.kind : storedKindOf(definition) });
    }
    this.#served = [...this.#defined.values()].filter(({ isServed }) => isServed).map(({ kind }) => kind);
    this.#changes += 1;
  }
}

/** The kind in the version in which it is stored, and the others that are served: each has its own schema, columns and subresources. */
function storedKindOf(definition: CustomResourceDefinition): Kind {
  const { versions } = definition.spec;
  const stored = versions.find(({ storage }) => storage) ?? versions[0];
  if (stored === undefined) throw new Error(`a definition without versions: ${definition.metadata.name}`);
  const kind = customKind(definition, stored);
  const inVersion =
    (version: string) =>
    (object: ApiObject): ApiObject => ({ ...object, apiVersion: apiVersionOf({ group: kind.group, version }) });
  const otherVersions: KindVersion[] = [];
  for (const version of versions) {
    if (version === stored || !version.served) continue;
    const own = customKind(definition, version);
    const warns = own.deprecation === undefined ? {} : { deprecation: own.deprecation };
    otherVersions.push({
      version: version.name,
      fromStored: inVersion(version.name),
      toStored: inVersion(stored.name),
      rules: { ...storedAs(kind, own), otherVersions },
      ...warns,
    });
  }
  return { ...kind, ...(stored.served ? {} : { isUnserved: true }), ...(otherVersions.length > 0 && { otherVersions }) };
}

/** The rules of another version for what goes into the store. What the stored version does not know is held against these rules, and is not kept. */
function storedAs(kind: Kind, own: Kind): Kind {
  const said = new WeakMap<ApiObject, ApiObject>();
  const kept = (object: ApiObject): ApiObject => {
    const known = prune(object as unknown as JsonValue, kind.schema ?? {}, []) as unknown as ApiObject;
    if (known !== object) said.set(known, object);
    return known;
  };
  return {
    ...own,
    version: kind.version,
    prepareForCreate: (object) => kept(own.prepareForCreate(object)),
    prepareForUpdate: (next, previous) => kept(own.prepareForUpdate(next, previous)),
    validate: (object) => own.validate(said.get(object) ?? object),
  };
}
