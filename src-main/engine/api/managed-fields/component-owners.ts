// Who owns what of the objects that components write. It is kept as outlines, and one outline, one entry and one list serve all objects that are
// alike: a write costs a look at what it changed, and ten thousand pods cost no more than a few.
// upstream: apimachinery pkg/util/managedfields/fieldmanager.go Update
import { apiVersionOf, type Kind, kindKey } from '../../kinds/kind.ts';
import type { ApiObject, JsonObject, JsonValue } from '../../meta/object.ts';
import { EMPTY_SET } from './field-set.ts';
import { type ManagerEntry, owned, serverFields, structureOfKind, type Writer } from './manager-entry.ts';
import { elementOf } from './object-fields.ts';
import { claimsOf, isSameOutline, joined, type Outline, outlineOfDraft, without } from './outline.ts';
import { memberOfMap, structureOf } from './structure.ts';

type Entries = readonly ManagerEntry[];

/** How many different ones of a kind are remembered to be shared. */
const ALIKE_MAX = 24;

export class ComponentOwners {
  readonly #outlines = new Map<string, Outline[]>();
  readonly #entries = new Map<string, ManagerEntry[]>();
  readonly #lists = new WeakMap<ManagerEntry, Entries[]>();
  readonly #specs = new WeakMap<object, { readonly stored: unknown; readonly outline: Outline }>();

  /** Of a new object: what its writer said, and nothing that defaults of admission put in. */
  made(kind: Kind, draft: ApiObject, stored: ApiObject, writer: Writer): Entries {
    const structure = structureOfKind(kind);
    const found: Record<string, Outline> = {};
    for (const name of Object.keys(draft)) {
      if (name === 'apiVersion' || name === 'kind' || (name === 'status' && kind.hasStatus)) continue;
      const said = (draft as unknown as JsonObject)[name];
      const kept = (stored as unknown as JsonObject)[name];
      if (said === undefined || kept === undefined) continue;
      if (name === 'metadata') Object.assign(found, metadataOutline(said as JsonObject, kept as JsonObject));
      else if (said === kept) found[elementOf(name)] = EMPTY_SET;
      else if (name === 'spec') found['f:spec'] = this.#specOutline(said, kept, memberOfMap(structure, name));
      else found[elementOf(name)] = outlineOfDraft(said, kept, memberOfMap(structure, name));
    }
    return this.#list([this.#entry(kind, writer, this.#shared(kindKey(kind), found))]);
  }

  /** After a change of an object; `part`: only the status can have changed. */
  changed(kind: Kind, before: ApiObject, after: ApiObject, writer: Writer, part: 'status' | 'rest'): Entries {
    const entries = (after.metadata.managedFields ?? []) as unknown as Entries;
    let mine: ManagerEntry | undefined;
    const others: Outline[] = [];
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index] as ManagerEntry;
      if (mine === undefined && isBy(entry, writer)) mine = entry;
      else if (entry.fieldsType === 'Outline') others.push(entry.fieldsV1);
    }
    const view = (object: ApiObject): JsonObject => (part === 'status' ? statusOf(object) : contentOf(kind, object));
    const claims = claimsOf(view(before), view(after), structureOfKind(kind), mine?.fieldsV1, others);
    const own = claims === undefined ? mine?.fieldsV1 : mine === undefined ? claims : joined(mine.fieldsV1, claims);
    if (own === undefined) return entries;
    const outline = own === mine?.fieldsV1 ? own : this.#shared(kindKey(kind), own);
    const entry = this.#entry(kind, writer, outline);
    const next: ManagerEntry[] = [];
    for (let index = 0; index < entries.length; index += 1) {
      const other = entries[index] as ManagerEntry;
      const left = other === mine || claims === undefined ? other : this.#less(kind, other, claims);
      if (left !== undefined && other !== mine) next.push(left);
    }
    next.push(entry);
    return this.#list(next);
  }

  /** Pods of one template hand in the very same spec, and get the very same one from admission. */
  #specOutline(said: JsonValue, kept: JsonValue, structure: Parameters<typeof outlineOfDraft>[2]): Outline {
    if (typeof said !== 'object' || said === null) return outlineOfDraft(said, kept, structure);
    const known = this.#specs.get(said);
    if (known !== undefined && known.stored === kept) return known.outline;
    const outline = outlineOfDraft(said, kept, structure);
    this.#specs.set(said, { stored: kept, outline });
    return outline;
  }

  #less(kind: Kind, entry: ManagerEntry, claims: Outline): ManagerEntry | undefined {
    if (entry.fieldsType !== 'Outline') return entry;
    const left = without(entry.fieldsV1, claims);
    if (left === undefined || left === entry.fieldsV1) return left === undefined ? undefined : entry;
    return { ...entry, fieldsV1: this.#shared(kindKey(kind), left) };
  }

  #shared(key: string, outline: Outline): Outline {
    return alike(listOf(this.#outlines, key), outline, isSameOutline);
  }

  #entry(kind: Kind, { manager, subresource, time }: Writer, outline: Outline): ManagerEntry {
    const apiVersion = apiVersionOf(kind);
    const list = listOf(this.#entries, `${manager} ${subresource}`);
    for (let index = list.length - 1; index >= 0; index -= 1) {
      const entry = list[index] as ManagerEntry;
      if (entry.fieldsV1 === outline && entry.time === time && entry.apiVersion === apiVersion) return entry;
    }
    const part = subresource === '' ? {} : { subresource };
    return remembered(list, { manager, operation: 'Update', apiVersion, time, fieldsType: 'Outline', fieldsV1: outline, ...part });
  }

  #list(entries: ManagerEntry[]): Entries {
    const last = entries.at(-1) as ManagerEntry;
    let lists = this.#lists.get(last);
    if (lists === undefined) {
      lists = [];
      this.#lists.set(last, lists);
    }
    return alike(lists, entries, haveSameItems);
  }
}

const METADATA = structureOf('meta.ObjectMeta');

function isBy(entry: ManagerEntry, { manager, subresource }: Writer): boolean {
  return entry.fieldsType === 'Outline' && entry.manager === manager && (entry.subresource ?? '') === subresource;
}

function metadataOutline(said: JsonObject, kept: JsonObject): Outline {
  const found: Record<string, Outline> = {};
  for (const name of Object.keys(said)) {
    const mine = said[name];
    const stored = kept[name];
    if (mine === undefined || stored === undefined || serverFields.has(name)) continue;
    found[elementOf(name)] = mine === stored ? EMPTY_SET : outlineOfDraft(mine, stored, memberOfMap(METADATA, name));
  }
  return Object.keys(found).length === 0 ? {} : { 'f:metadata': found };
}

function statusOf(object: ApiObject): JsonObject {
  const { status } = object as ApiObject & { status?: JsonValue };
  return status === undefined ? {} : { status };
}

function contentOf(kind: Kind, object: ApiObject): JsonObject {
  const { status, ...rest } = owned(object as unknown as JsonObject);
  return kind.hasStatus || status === undefined ? rest : { ...rest, status };
}

function listOf<T>(lists: Map<string, T[]>, key: string): T[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

/** One of the list that is like the value, or the value, which is remembered. */
function alike<T>(list: T[], value: T, areAlike: (a: T, b: T) => boolean): T {
  for (let index = list.length - 1; index >= 0; index -= 1) {
    const one = list[index] as T;
    if (one === value || areAlike(one, value)) return one;
  }
  return remembered(list, value);
}

function remembered<T>(list: T[], value: T): T {
  list.push(value);
  if (list.length > ALIKE_MAX) list.shift();
  return value;
}

function haveSameItems(a: Entries, b: Entries): boolean {
  if (a.length !== b.length) return false;
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false;
  return true;
}
