// What a kind is to the API server: one object that carries all of its rules, so that a new kind is one file and one line in the registry.
import type { FieldError } from '../meta/field-error.ts';
import type { ApiObject } from '../meta/object.ts';

/** A column of the server-side table; `priority` above 0 shows only with `-o wide`. */
export interface PrinterColumn<T> {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  readonly priority?: number;
  /** `nowMs` is virtual Unix time in milliseconds, for ages. */
  readonly value: (object: T, nowMs: number) => string | number | boolean;
}

/** All rules of one kind. upstream: pkg/registry/<group>/<kind>/strategy.go */
export interface Kind<T extends ApiObject = ApiObject> {
  /** API group; '' for core. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** false: the API server keeps and shows it, but no component acts on it ("stored, not simulated"). */
  readonly simulated: boolean;
  /** Fills defaults in; runs on every create and update, before validation. */
  readonly defaults: (object: T) => T;
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
  /** Has instances that end gracefully: returns the grace period in seconds to apply, 0 to remove at once. upstream: rest.RESTGracefulDeleteStrategy */
  readonly gracePeriodSeconds?: (object: T, requested: number | undefined) => number;
  readonly columns: readonly PrinterColumn<T>[];
}

/** `Deployment.apps`, or `Pod` in the core group: the key of kinds everywhere. */
export function kindKey(kind: { readonly group: string; readonly kind: string }): string {
  return kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`;
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
