// A refusal of the API server, with the Status document a client receives, so that every caller sees upstream's reason, code and text.
// upstream: apimachinery pkg/api/errors/errors.go (release 1.33)
import { aggregateText, type FieldError } from './field-error.ts';
import { goQuote } from './go-quote.ts';

export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

export type StatusReason =
  | 'Unauthorized'
  | 'Forbidden'
  | 'NotFound'
  | 'AlreadyExists'
  | 'Conflict'
  | 'Gone'
  | 'Invalid'
  | 'ServerTimeout'
  | 'Timeout'
  | 'TooManyRequests'
  | 'BadRequest'
  | 'MethodNotAllowed'
  | 'NotAcceptable'
  | 'RequestEntityTooLarge'
  | 'UnsupportedMediaType'
  | 'InternalError'
  | 'Expired'
  | 'ServiceUnavailable';

/** The refusal as a document: what a client receives as JSON. */
export interface FailureStatus {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure';
  readonly message: string;
  /** None: the server refuses with an error that it has no word for. */
  readonly reason?: StatusReason;
  readonly details?: StatusDetails;
  readonly code: number;
}

export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: FailureStatus;

  constructor(
    reason: StatusReason | undefined,
    code: number,
    message: string,
    details?: StatusDetails,
    metadata: FailureStatus['metadata'] = {},
  ) {
    super(message);
    const head = { kind: 'Status', apiVersion: 'v1', metadata, status: 'Failure', message } as const;
    this.status = { ...head, ...(reason !== undefined && { reason }), ...(details !== undefined && { details }), code };
  }
}

/** A person's policy forbids what was asked, whoever asks: components must live with it. */
export class RefusedByPolicy extends StatusError {}

export function isRefusedByPolicy(error: unknown): boolean {
  return error instanceof RefusedByPolicy;
}

export function notFound(resource: GroupResource, name: string): StatusError {
  return new StatusError('NotFound', 404, `${resourceText(resource)} ${goQuote(name)} not found`, detailsOf(resource, name));
}

/** `isLeaving`: it is there until its deletion is done. upstream: apiserver pkg/registry/generic/registry/store.go Create */
export function alreadyExists(resource: GroupResource, name: string, isLeaving = false): StatusError {
  const message = `${isLeaving ? 'object is being deleted: ' : ''}${resourceText(resource)} ${goQuote(name)} already exists`;
  return new StatusError('AlreadyExists', 409, message, detailsOf(resource, name));
}

/** The server found no free name for `generateName`. */
export function generateNameConflict(resource: GroupResource, name: string, retryAfterSeconds: number): StatusError {
  const message = `${resourceText(resource)} ${goQuote(name)} already exists, the server was not able to generate a unique name for the object`;
  return new StatusError('AlreadyExists', 409, message, { ...detailsOf(resource, name), ...retryAfter(retryAfterSeconds) });
}

export function unauthorized(reason: string): StatusError {
  return new StatusError('Unauthorized', 401, reason === '' ? 'not authorized' : reason);
}

export function forbidden(resource: GroupResource, name: string, why: string): StatusError {
  const text = resourceText(resource);
  const subject = name === '' ? text : `${text} ${goQuote(name)}`;
  const message = text === '' ? `forbidden: ${why}` : `${subject} is forbidden: ${why}`;
  return new StatusError('Forbidden', 403, message, detailsOf(resource, name));
}

export function conflict(resource: GroupResource, name: string, why: string = objectModified): StatusError {
  const message = `Operation cannot be fulfilled on ${resourceText(resource)} ${goQuote(name)}: ${why}`;
  return new StatusError('Conflict', 409, message, detailsOf(resource, name));
}

/** upstream: apiserver pkg/registry/generic/registry OptimisticLockErrorMsg */
export const objectModified = 'the object has been modified; please apply your changes to the latest version and try again';

export function applyConflict(causes: readonly StatusCause[], message: string): StatusError {
  return new StatusError('Conflict', 409, message, { causes });
}

export function gone(message: string): StatusError {
  return new StatusError('Gone', 410, message);
}

/** The revision asked for is compacted away; `token` continues with a list that is not of one moment. */
export function expired(message: string, token?: string): StatusError {
  return new StatusError('Expired', 410, message, undefined, token === undefined ? {} : { continue: token });
}

export function invalid(kind: GroupKind, name: string, errors: readonly FieldError[]): StatusError {
  const subject = `${kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`} ${goQuote(name)} is invalid`;
  const message = errors.length === 0 ? subject : `${subject}: ${aggregateText(errors)}`;
  const causes = errors.map((error) => ({ reason: error.type, message: error.body(), field: error.field }));
  return new StatusError('Invalid', 422, message, {
    ...named(name),
    ...grouped(kind.group, kind.kind),
    ...(causes.length > 0 && { causes }),
  });
}

export function badRequest(message: string): StatusError {
  return new StatusError('BadRequest', 400, message);
}

export function tooManyRequests(message: string, retryAfterSeconds: number): StatusError {
  return new StatusError('TooManyRequests', 429, message, retryAfter(retryAfterSeconds));
}

export function serviceUnavailable(message: string): StatusError {
  return new StatusError('ServiceUnavailable', 503, message);
}

export function methodNotSupported(resource: GroupResource, action: string): StatusError {
  const message = `${action} is not supported on resources of kind ${goQuote(resourceText(resource))}`;
  return new StatusError('MethodNotAllowed', 405, message, grouped(resource.group, resource.resource));
}

export function serverTimeout(resource: GroupResource, operation: string, retryAfterSeconds: number): StatusError {
  const message = `The ${operation} operation against ${resourceText(resource)} could not be completed at this time, please try again.`;
  return new StatusError('ServerTimeout', 500, message, { ...detailsOf(resource, operation), ...retryAfter(retryAfterSeconds) });
}

export function timeout(message: string, retryAfterSeconds: number): StatusError {
  return new StatusError('Timeout', 504, `Timeout: ${message}`, retryAfter(retryAfterSeconds));
}

export function internal(message: string): StatusError {
  return new StatusError('InternalError', 500, `Internal error occurred: ${message}`, { causes: [{ message }] });
}

/** Errors of fields that the server does not wrap in a Status of their own. upstream: apiserver responsewriters ErrorToAPIStatus, of ErrorList.ToAggregate */
export function unwrapped(errors: readonly FieldError[]): StatusError {
  return new StatusError(undefined, 500, aggregateText(errors));
}

/** What a client sees when no handler serves the path: an unknown kind or version. upstream: errors.NewGenericServerResponse */
export function unknownResource(): StatusError {
  return new StatusError('NotFound', 404, 'the server could not find the requested resource', {});
}

export function isNotFound(error: unknown): error is StatusError {
  return hasReason(error, 'NotFound');
}

export function isAlreadyExists(error: unknown): error is StatusError {
  return hasReason(error, 'AlreadyExists');
}

export function isConflict(error: unknown): error is StatusError {
  return hasReason(error, 'Conflict');
}

export function isInvalid(error: unknown): error is StatusError {
  return hasReason(error, 'Invalid');
}

export function isForbidden(error: unknown): error is StatusError {
  return hasReason(error, 'Forbidden');
}

export function isGone(error: unknown): error is StatusError {
  return hasReason(error, 'Gone');
}

export function isExpired(error: unknown): error is StatusError {
  return hasReason(error, 'Expired');
}

/** True when the refusal carries a cause of this type. upstream: errors.HasStatusCause */
export function hasStatusCause(error: unknown, reason: string): error is StatusError {
  return error instanceof StatusError && (error.status.details?.causes ?? []).some((cause) => cause.reason === reason);
}

export function resourceText(resource: GroupResource): string {
  return resource.group === '' ? resource.resource : `${resource.resource}.${resource.group}`;
}

function hasReason(error: unknown, reason: StatusReason): error is StatusError {
  return error instanceof StatusError && error.status.reason === reason;
}

function detailsOf(resource: GroupResource, name: string): StatusDetails {
  return { ...named(name), ...grouped(resource.group, resource.resource) };
}

function named(name: string): StatusDetails {
  return name === '' ? {} : { name };
}

function grouped(group: string, kind: string): StatusDetails {
  return { ...(group !== '' && { group }), ...(kind !== '' && { kind }) };
}

function retryAfter(seconds: number): StatusDetails {
  return seconds === 0 ? {} : { retryAfterSeconds: seconds };
}
