// What an admission plugin is: it sees each write after defaulting, may change the object, and may refuse it with a StatusError.
import type { Kind } from '../../kinds/kind.ts';
import type { ApiObject } from '../../meta/object.ts';
import type { AdmissionRequest } from '../server.ts';
import type { Store } from '../store.ts';

/** The API server's store, as far as plugins look into it. */
export interface AdmissionReader {
  find<T extends ApiObject>(kind: Kind<T>, key: string): T | undefined;
  list<T extends ApiObject>(kind: Kind<T>, namespace?: string): readonly T[];
}

/** What plugins may do besides: warn the client, and write a status of their own (quotas charge at admission). */
export interface AdmissionServer extends AdmissionReader {
  warn(text: string): void;
  update<T extends ApiObject>(kind: Kind<T>, object: T, user: string, part: 'status'): T;
  readonly unixMs: number;
  /** For those who ask authorization. */
  readonly store: Store;
}

export interface AdmissionPlugin {
  readonly name: string;
  /** Keys of the kinds it looks at, as `kindKey` makes them; absent: of all. */
  readonly kinds?: readonly string[];
  /** Returns the object as admitted: the very same one when nothing changes. */
  readonly admit?: (request: AdmissionRequest, server: AdmissionServer) => ApiObject;
  /** Subresources whose writes it judges, too. */
  readonly subresources?: readonly string[] | 'all';
  /** Runs after all plugins have admitted and the object was found valid. */
  readonly validate?: (request: AdmissionRequest, server: AdmissionServer) => void;
}

/** Is the request about this kind? */
export function isAbout<T extends ApiObject>(
  request: AdmissionRequest,
  kind: Kind<T>,
): request is AdmissionRequest & { readonly object: T } {
  return request.kind.kind === kind.kind && request.kind.group === kind.group;
}

/**
 * The name in a refusal that comes before names are generated: the prefix alone.
 * upstream: apiserver pkg/admission/errors.go extractResourceName
 */
export function nameBeforeCreation({ metadata: { name, generateName = '' } }: ApiObject): string {
  return generateName !== '' && name.startsWith(generateName) ? generateName : name;
}

/** The object that is written, or whose subresource is. */
export function nameOfRequest({ operation, object, sent }: AdmissionRequest): string {
  if (sent !== undefined) return sent.name;
  return operation === 'CREATE' ? nameBeforeCreation(object) : object.metadata.name;
}

/** The object with another spec; the very same object for the very same spec. */
export function withSpec<T extends ApiObject & { readonly spec: unknown }>(object: T, spec: T['spec']): T {
  return spec === object.spec ? object : { ...object, spec };
}

/**
 * A change of a pod spec that is made once for each spec and input: pods of one template hand in the same spec, and keep sharing the
 * changed one. `change` has to be a pure function of its arguments.
 */
export function sharedChange<Spec extends object, Input>(
  change: (spec: Spec, input: Input) => Spec,
  keyOf: (input: Input) => string,
): (spec: Spec, input: Input) => Spec {
  const changed = new WeakMap<Spec, Map<string, Spec>>();
  return (spec, input) => {
    let results = changed.get(spec);
    if (results === undefined) {
      results = new Map();
      changed.set(spec, results);
    }
    const key = keyOf(input);
    let result = results.get(key);
    if (result === undefined) {
      result = change(spec, input);
      results.set(key, result);
    }
    return result;
  };
}
