// What a kind is to the API server: one object that carries all of its rules, so that a new kind is one file and one line in the registry.
import { flat } from '../base/flat.ts';
import type { FieldError } from '../meta/field-error.ts';
import type { ApiObject, JsonObject } from '../meta/object.ts';
import type { JsonSchema } from './apiextensions/json-schema.ts';

/** A column of the server-side table; `priority` above 0 shows only with `-o wide`. */
export interface PrinterColumn<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly priority?: number;
  /** `nowMs` is virtual Unix time in milliseconds, for ages. */
  readonly description?: string;
  /** null: the object has no such value. */
  readonly value: (object: T, nowMs: number) => string | number | boolean | null;
}

/** Where a custom resource keeps what its Scale shows, as JSON paths. */
export interface ScalePaths {
  readonly specReplicas: string;
  readonly statusReplicas: string;
  readonly labelSelector?: string;
}

/** Another version in which a kind is served: the stored object as clients of that version see it, and back. */
export interface KindVersion {
  /** Where it is not the kind's own. */
  readonly group?: string;
  readonly version: string;
  readonly fromStored: (object: ApiObject) => ApiObject;
  readonly toStored: (object: ApiObject) => ApiObject;
  /** Names of the fields that field selectors know in this version, where they have others, by what the kind calls them. */
  readonly selectableNames?: Readonly<Record<string, string>>;
  /** Where objects of this version are held against rules of their own: those, under the name of the version in which they are stored. */
  readonly rules?: Kind;
  /** As of the kind. */
  readonly deprecation?: string;
}

/** All rules of one kind. upstream: pkg/registry/<group>/<kind>/strategy.go */
export interface Kind<T extends ApiObject = ApiObject> {
  /** API group; '' for core. */
  readonly group: string;
  readonly version: string;
  /** Served besides `version`, in which it is stored. */
  readonly otherVersions?: readonly KindVersion[];
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** false: the API server keeps and shows it, but no component acts on it ("stored, not simulated"). */
  readonly simulated: boolean;
  /** Fills defaults in; runs on every create and update, before validation. */
  readonly defaults: (object: T) => T;
  /** What is written into an object of who makes it. */
  readonly requestedBy?: (object: T, user: { readonly name: string; readonly groups: readonly string[]; readonly uid?: string }) => T;
  /** What the strategy forces at creation: initial status, dropped fields. */
  readonly prepareForCreate: (object: T) => T;
  /** What the strategy forces at update: server-owned fields kept from `previous`. */
  readonly prepareForUpdate: (next: T, previous: T) => T;
  /** Every fault found, never only the first. */
  readonly validate: (object: T) => readonly FieldError[];
  /** Only at creation, after `validate`. */
  readonly validateCreate?: (object: T) => readonly FieldError[];
  readonly validateUpdate: (next: T, previous: T) => readonly FieldError[];
  /** Is there a status subresource (then the main resource ignores status, and spec changes bump generation). */
  readonly hasStatus: boolean;
  /** Does metadata.generation count changes of the spec? Core kinds other than ReplicationController do not. */
  readonly tracksGeneration?: boolean;
  /** Name syntax; upstream's ValidateObjectMeta gets it from the strategy. Messages without the value. */
  readonly validateName: (name: string) => readonly string[];
  /** Fields besides metadata.name and metadata.namespace that field selectors know. */
  readonly selectableFields: (object: T) => Readonly<Record<string, string>>;
  /** Has instances that end gracefully: returns the grace period in seconds to apply, 0 to remove at once, null when the object is told none. upstream: rest.RESTGracefulDeleteStrategy */
  readonly gracePeriodSeconds?: (object: T, requested: number | undefined) => number | null;
  /** A delete call that does not say leaves what it owns alone. upstream: strategy.go DefaultGarbageCollectionPolicy */
  readonly orphansDependents?: boolean;
  readonly columns: readonly PrinterColumn<T>[];
  /** Reads an untyped object, for a kind whose fields are not in kind-fields. */
  readonly decode?: (object: JsonObject) => Decoded;
  /** What a custom resource may hold. */
  readonly schema?: JsonSchema;
  /** What metadata.generation counts the changes of; the spec, unless stated. */
  readonly content?: (object: T) => unknown;
  /** Of a status that is written by itself. */
  readonly validateStatus?: (next: T, previous: T) => readonly FieldError[];
  /** What a delete call itself writes into an object that stays for a while. */
  readonly prepareForDelete?: (object: T, now: string) => T;
  readonly scalePaths?: ScalePaths;
  /** Whoever uses this version is warned so. */
  readonly deprecation?: string;
  /** The version in which it is stored is not one that clients may use. */
  readonly isUnserved?: boolean;
}

/** An untyped object as its kind reads it. */
export interface Decoded {
  /** The very same object when nothing had to be put right. */
  readonly object: JsonObject;
  /** `unknown field "spec.replica"`, one for each; the fields are dropped. */
  readonly warnings: readonly string[];
}

/** `Deployment.apps`, or `Pod` in the core group: the key of kinds everywhere. */
export function kindKey({ group, kind }: { readonly group: string; readonly kind: string }): string {
  if (group === '') return kind;
  const key = kindKeys.get(group)?.get(kind);
  return key === undefined ? newKindKey(group, kind) : key;
}

/** The same text each time: tables are looked up by it with every write. Kinds that nobody defines, as strangers may ask for, are not kept for ever. */
const kindKeys = new Map<string, Map<string, string>>();
const KIND_KEYS_MAX = 1_000;
let kindKeysKept = 0;

function newKindKey(group: string, kind: string): string {
  const key = flat(`${kind}.${group}`);
  kindKeysKept += 1;
  if (kindKeysKept > KIND_KEYS_MAX) {
    kindKeys.clear();
    kindKeysKept = 1;
  }
  const ofGroup = kindKeys.get(group);
  if (ofGroup === undefined) kindKeys.set(group, new Map([[kind, key]]));
  else ofGroup.set(kind, key);
  return key;
}

/** `apps/v1`, or `v1` in the core group. */
export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === '' ? kind.version : `${kind.group}/${kind.version}`;
}

/** Group and version of an apiVersion text. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}
