// What a client says about a write beside the object: everything that is wrong with it is told at once, before the body is looked at.
// upstream: apimachinery pkg/apis/meta/v1/validation ValidateCreateOptions, ValidateUpdateOptions, ValidatePatchOptions
import {
  type FieldError,
  FieldPath,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
} from '../../meta/field-error.ts';
import { isPrintable } from '../../meta/go-quote.ts';
import { utf8Length } from '../../meta/utf8.ts';
import { type Call, dryRunFaults, optionFaults } from './call.ts';
import { parameter, type RestRequest } from './rest-request.ts';

export const APPLY_TYPES: ReadonlySet<string> = new Set(['application/apply-patch+yaml', 'application/apply-patch+json']);

/** Throws StatusError (422). */
export function requireWriteOptions({ request }: Call): void {
  if (!['POST', 'PUT', 'PATCH'].includes(request.method)) return;
  const faults = [...patchFaults(request), ...managerFaults(request), ...dryRunFaults(request), ...validationFaults(request)];
  if (faults.length > 0) throw optionFaults(request.method, faults);
}

function patchFaults(request: RestRequest): readonly FieldError[] {
  if (request.method !== 'PATCH') return [];
  if (!APPLY_TYPES.has(request.contentType))
    return parameter(request, 'force') === undefined
      ? []
      : [fieldForbidden(new FieldPath('force'), 'may not be specified for non-apply patch')];
  const isNamed = (parameter(request, 'fieldManager') ?? '') !== '';
  return isNamed ? [] : [fieldRequired(new FieldPath('fieldManager'), 'is required for apply patch')];
}

/** upstream: ValidateFieldManager */
function managerFaults(request: RestRequest): readonly FieldError[] {
  const manager = parameter(request, 'fieldManager') ?? '';
  const path = new FieldPath('fieldManager');
  const tooLong = utf8Length(manager) > MANAGER_LENGTH_MAX ? [fieldTooLong(path, MANAGER_LENGTH_MAX)] : [];
  const faults: FieldError[] = [];
  let position = 0;
  for (const character of manager) {
    if (!isPrintable(character))
      faults.push(fieldInvalid(path, manager, `invalid character ${codePoint(character)} (at position ${position})`));
    position += utf8Length(character);
  }
  return [...tooLong, ...faults];
}

const MANAGER_LENGTH_MAX = 128;

/** As Go's `%#U` writes a character that cannot be printed. */
function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** upstream: ValidateFieldValidation */
function validationFaults(request: RestRequest): readonly FieldError[] {
  const value = parameter(request, 'fieldValidation') ?? '';
  return VALIDATIONS.includes(value) ? [] : [fieldNotSupported(new FieldPath('fieldValidation'), value, VALIDATIONS)];
}

const VALIDATIONS: readonly string[] = ['', 'Ignore', 'Strict', 'Warn'];
