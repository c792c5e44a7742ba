// Which options of a list or a watch go together: clients that try a newer way of listing take a refusal here as the sign to use the older one.
// upstream: apimachinery pkg/apis/meta/internalversion/validation/validation.go
import { type FieldError, FieldPath, fieldForbidden, fieldNotSupported } from '../../meta/field-error.ts';
import { badRequest, invalid } from '../../meta/status-error.ts';
import { isSet, numberParameter, parameter, type RestRequest } from './rest-request.ts';

const EXACT = 'Exact';
const NOT_OLDER = 'NotOlderThan';
const MATCH = new FieldPath('resourceVersionMatch');
const SENDS = new FieldPath('sendInitialEvents');

type Query = Pick<RestRequest, 'query'>;

/** Throws StatusError: 422, or 400 where a number is none. */
export function requireListOptions(request: Query): void {
  for (const name of ['limit', 'timeoutSeconds']) numberParameter(request, name);
  const errors = isSet(request, 'watch') ? faultsOfWatch(request) : faultsOfList(request);
  if (errors.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

/** The revision at which a list was asked for; undefined for the present. upstream: apiserver pkg/storage ValidateListOptions */
export function exactRevision(request: Query): number | undefined {
  const revision = parameter(request, 'resourceVersion') ?? '';
  if (revision === '' || revision === '0') return undefined;
  if ((parameter(request, 'continue') ?? '') !== '') throw badRequest('specifying resource version is not allowed when using continue');
  const match = parameter(request, 'resourceVersionMatch') ?? '';
  const isExact = match === EXACT || (match === '' && (numberParameter(request, 'limit') ?? 0) > 0);
  return isExact ? Number(revision) : undefined;
}

function faultsOfList(request: Query): readonly FieldError[] {
  const match = parameter(request, 'resourceVersionMatch') ?? '';
  const revision = parameter(request, 'resourceVersion') ?? '';
  const errors: FieldError[] = [];
  if (match !== '') {
    if (revision === '') errors.push(ofMatch('resourceVersionMatch is forbidden unless resourceVersion is provided'));
    errors.push(...ofContinue(request));
    if (match !== EXACT && match !== NOT_OLDER) errors.push(fieldNotSupported(MATCH, match, [EXACT, NOT_OLDER, '']));
    if (match === EXACT && revision === '0') errors.push(ofMatch('resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  }
  if (sendsInitial(request)) errors.push(fieldForbidden(SENDS, 'sendInitialEvents is forbidden for list'));
  return errors;
}

function faultsOfWatch(request: Query): readonly FieldError[] {
  const match = parameter(request, 'resourceVersionMatch') ?? '';
  const errors: FieldError[] = [];
  if (sendsInitial(request) && match !== NOT_OLDER)
    errors.push(ofMatch(`sendInitialEvents requires setting resourceVersionMatch to ${NOT_OLDER}`));
  // upstream: apiserver pkg/features/kube_features.go WatchList, which 1.32 had on by default and 1.33 has not
  if (sendsInitial(request))
    errors.push(fieldForbidden(SENDS, 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'));
  if (match !== '') {
    if (!sendsInitial(request)) errors.push(ofMatch('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
    if (match !== NOT_OLDER) errors.push(fieldNotSupported(MATCH, match, [NOT_OLDER]));
    errors.push(...ofContinue(request));
  }
  return errors;
}

function ofContinue(request: Query): readonly FieldError[] {
  return (parameter(request, 'continue') ?? '') === '' ? [] : [ofMatch('resourceVersionMatch is forbidden when continue is provided')];
}

function ofMatch(detail: string): FieldError {
  return fieldForbidden(MATCH, detail);
}

function sendsInitial(request: Query): boolean {
  return parameter(request, 'sendInitialEvents') !== undefined;
}
