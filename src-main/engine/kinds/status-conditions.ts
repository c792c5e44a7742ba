// Conditions of a status in the form that newer APIs share. upstream: apimachinery pkg/apis/meta/v1/validation ValidateConditions
import {
  type FieldError,
  type FieldPath,
  fieldDuplicate,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
  fieldTooLong,
} from '../meta/field-error.ts';
import { validateLabelName } from '../meta/labels.ts';
import { utf8Length } from '../meta/utf8.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly observedGeneration?: number;
  readonly lastTransitionTime?: string | null;
  readonly reason?: string;
  readonly message?: string;
}

const STATUSES = ['False', 'True', 'Unknown'];
const REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const REASON_PATTERN = new RegExp(`^${REASON}$`, 'u');
const REASON_TEXT =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'";
const REASON_EXAMPLES = "(e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', ";
const REASON_BYTES_MAX = 1024;
const MESSAGE_BYTES_MAX = 32 * 1024;

export function validateConditions(conditions: readonly Condition[] | undefined, path: FieldPath): readonly FieldError[] {
  const seen = new Set<string>();
  return (conditions ?? []).flatMap((condition, index) => {
    const at = path.index(index);
    const repeated = seen.has(condition.type);
    seen.add(condition.type);
    return [...(repeated ? [fieldDuplicate(at.child('type'), condition.type)] : []), ...validateCondition(condition, at)];
  });
}

function validateCondition(condition: Condition, path: FieldPath): readonly FieldError[] {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, message = '' } = condition;
  const errors: FieldError[] = [...validateLabelName(type, path.child('type'))];
  if (!STATUSES.includes(status)) errors.push(fieldNotSupported(path.child('status'), status, STATUSES));
  if (observedGeneration < 0)
    errors.push(fieldInvalid(path.child('observedGeneration'), observedGeneration, 'must be greater than or equal to zero'));
  if (lastTransitionTime === undefined || lastTransitionTime === null)
    errors.push(fieldRequired(path.child('lastTransitionTime'), 'must be set'));
  errors.push(...validateReason(condition.reason ?? '', path.child('reason')));
  if (utf8Length(message) > MESSAGE_BYTES_MAX) errors.push(fieldTooLong(path.child('message'), MESSAGE_BYTES_MAX));
  return errors;
}

function validateReason(reason: string, path: FieldPath): readonly FieldError[] {
  if (reason === '') return [fieldRequired(path, 'must be set')];
  const wrong = `${REASON_TEXT} ${REASON_EXAMPLES}regex used for validation is '${REASON}')`;
  return [
    ...(REASON_PATTERN.test(reason) ? [] : [fieldInvalid(path, reason, wrong)]),
    ...(utf8Length(reason) > REASON_BYTES_MAX ? [fieldTooLong(path, REASON_BYTES_MAX)] : []),
  ];
}
