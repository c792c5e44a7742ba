// A request as it reaches the API server and what it answers: JSON values only, so that a request can be logged and replayed.
import type { JsonValue } from '../../meta/object.ts';
import { badRequest, StatusError } from '../../meta/status-error.ts';
import type { Impersonation } from '../authorization/impersonation.ts';

/** Who asks. upstream: apiserver pkg/authentication/user DefaultInfo */
export interface Identity {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

export interface RestRequest {
  readonly method: string;
  /** The path without its query, percent-decoding undone. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly accept: string;
  /** Media type of the body without parameters; '' when the client named none. */
  readonly contentType: string;
  readonly body?: JsonValue;
  /** Why the body, which is then none, could not be read. */
  readonly bodyFault?: string;
  /** What the body says again, in the words of its decoder: `duplicate field "spec.replicas"`, `line 3: key "a" already set in map`. */
  readonly duplicates?: readonly string[];
  readonly user: Identity;
  /** Whom the user acts as, if the Impersonate headers say so. */
  readonly impersonate?: Impersonation;
  /** The User-Agent header: its first word is the field manager of writers that name none. */
  readonly agent: string;
}

export interface RestAnswer {
  readonly code: number;
  readonly contentType: string;
  /** JSON, or text for the media types that are none. */
  readonly body: unknown;
  readonly warnings: readonly string[];
  /** Seconds after which a refused client may try again. */
  readonly retryAfterSeconds?: number;
  /** The answer never changes: its address holds a hash of it. */
  readonly immutable?: boolean;
}

export const JSON_TYPE = 'application/json';

export function jsonAnswer(code: number, body: unknown, warnings: readonly string[] = []): RestAnswer {
  return { code, contentType: JSON_TYPE, body, warnings };
}

export function textAnswer(code: number, text: string): RestAnswer {
  return { code, contentType: 'text/plain; charset=utf-8', body: text, warnings: [] };
}

export function statusAnswer({ status }: StatusError): RestAnswer {
  const seconds = status.details?.retryAfterSeconds;
  return { ...jsonAnswer(status.code, status), ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }) };
}

/** The first value of a query parameter. */
export function parameter(request: Pick<RestRequest, 'query'>, name: string): string | undefined {
  return request.query.find(([key]) => key === name)?.[1];
}

export function parameters(request: Pick<RestRequest, 'query'>, name: string): readonly string[] {
  return request.query.filter(([key]) => key === name).map(([, value]) => value);
}

/** As Go's ParseBool reads it; other texts count as set, as upstream's conversion from query strings takes them. */
export function isSet(request: Pick<RestRequest, 'query'>, name: string): boolean {
  const value = parameter(request, name);
  return value !== undefined && !['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value);
}

/** A whole number from 0 on, or undefined when there is none. Throws StatusError (400) for what is no whole number. */
export function numberParameter(request: Pick<RestRequest, 'query'>, name: string): number | undefined {
  const value = signedParameter(request, name);
  return value === undefined || value < 0 || value >= 1e15 ? undefined : value;
}

/** The same of numbers below 0 too. upstream: apimachinery Convert_Slice_string_To_int64 */
export function signedParameter(request: Pick<RestRequest, 'query'>, name: string): number | undefined {
  const value = parameter(request, name);
  if (value === undefined) return undefined;
  if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  return Number(value);
}

export function methodNotAllowed(): StatusError {
  return new StatusError('MethodNotAllowed', 405, 'the server does not allow this method on the requested resource', {});
}
