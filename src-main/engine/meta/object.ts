// The shapes every API object shares, as immutable values; the field types come from the OpenAPI document by way of kubernetes-types.
import type { ObjectMeta as OpenApiObjectMeta, OwnerReference as OpenApiOwnerReference } from 'kubernetes-types/meta/v1.d.ts';

import { flat } from '../base/flat.ts';

/** A deeply read-only view of an API type: objects are values, changed only by making a new one that shares the unchanged parts. */
export type Value<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Value<Item>[]
    : { readonly [Key in keyof T]: Value<T[Key]> };

export type OwnerReference = Value<OpenApiOwnerReference>;

/** Metadata of an object that the API server has stored: identity and revision are always there. Times are RFC 3339 in whole seconds. */
export type ObjectMeta = Value<Omit<OpenApiObjectMeta, 'name' | 'uid' | 'resourceVersion' | 'creationTimestamp'>> & {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly creationTimestamp: string;
};

/** Any stored object, of any kind. */
export interface ApiObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
}

/** A stored object of an OpenAPI type: `Stored<k8s.Pod>`; `spec` and `status` exist because defaulting puts them there. */
export type Stored<T extends { metadata?: unknown }, Required extends keyof T = never> = ApiObject &
  Value<Omit<T, 'apiVersion' | 'kind' | 'metadata' | Required>> & { readonly [Key in Required]-?: Value<NonNullable<T[Key]>> };

/** The same for a namespaced kind. */
export type StoredInNamespace<T extends { metadata?: unknown }, Required extends keyof T = never> = Stored<T, Required> & {
  readonly metadata: { readonly namespace: string };
};

/** What a writer hands to `create`: identity, revision and creation time are the API server's to give. */
export type Draft<T extends ApiObject> = Omit<T, 'metadata' | 'status'> & {
  readonly metadata: Value<OpenApiObjectMeta>;
  readonly status?: T extends { status?: infer Status } ? Status : never;
};

/** Untyped input, as a manifest or a client brings it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };
export type JsonObject = { readonly [key: string]: JsonValue };

/** `namespace/name`, or `name` for cluster-scoped objects: the key of work queues and caches. */
export function keyOf(object: { readonly metadata: { readonly name: string; readonly namespace?: string } }): string {
  const { namespace, name } = object.metadata;
  return namespace === undefined ? name : flat(`${namespace}/${name}`);
}

/** Splits a key made by `keyOf`; `namespace` is '' for cluster-scoped objects. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
