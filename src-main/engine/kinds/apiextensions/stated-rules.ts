// What a schema may state as rules: they are read and checked when the definition is written, not when the first object comes.
// upstream: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go ValidateCustomResourceDefinitionOpenAPISchema

import { type FieldError, type FieldPath, fieldInvalid, fieldNotSupported, fieldRequired, GoSyntax } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import type { Compiled } from '../cel/expression.ts';
import type { JsonSchema } from './json-schema.ts';
import { type CompiledRule, compileRules, type ValidationRule } from './validation-rules.ts';

const REASONS = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

export function statedRules(schema: JsonSchema, path: FieldPath, isRoot: boolean): readonly FieldError[] {
  const rules = (schema['x-kubernetes-validations'] ?? []) as unknown as readonly ValidationRule[];
  const at = path.child('x-kubernetes-validations');
  const faults = rules.flatMap((rule, index) => textFaults(rule, at.index(index)));
  if (faults.length > 0) return faults;
  return compileRules(schema, isRoot).flatMap((rule, index) => compileFaults(rule, at.index(index)));
}

function textFaults(
  { rule = '', message, messageExpression, reason, fieldPath }: Partial<ValidationRule>,
  at: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  const trimmed = (message ?? '').trim();
  if (rule.trim() === '') errors.push(fieldRequired(at.child('rule'), 'rule is not specified'));
  else if ((message ?? '') !== '' && trimmed === '')
    errors.push(fieldInvalid(at.child('message'), message, 'message must be non-empty if specified'));
  else if (trimmed.includes('\n')) errors.push(fieldInvalid(at.child('message'), message, 'message must not contain line breaks'));
  else if (rule.trim().includes('\n') && trimmed === '')
    errors.push(fieldRequired(at.child('message'), 'message must be specified if rule contains line breaks'));
  if ((messageExpression ?? '') !== '' && messageExpression?.trim() === '')
    errors.push(fieldRequired(at.child('messageExpression'), 'messageExpression must be non-empty if specified'));
  if (reason !== undefined && !REASONS.includes(reason)) errors.push(fieldNotSupported(at.child('reason'), reason, REASONS));
  if ((fieldPath ?? '') !== '' && fieldPath?.trim() === '')
    errors.push(fieldInvalid(at.child('fieldPath'), fieldPath, 'fieldPath must be non-empty if specified'));
  if (fieldPath?.includes('\n') === true)
    errors.push(fieldInvalid(at.child('fieldPath'), fieldPath, 'fieldPath must not contain line breaks'));
  return errors;
}

function compileFaults({ rule, compiled, message, isTransition }: CompiledRule, at: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const fault = faultOf(compiled, 'bool', 'cel expression must evaluate to a bool', '');
  if (fault !== undefined) errors.push(fieldInvalid(at.child('rule'), goRule(rule), fault));
  const messageFault =
    message === undefined ? undefined : faultOf(message, 'string', 'messageExpression must evaluate to a string', 'messageExpression ');
  if (messageFault !== undefined) errors.push(fieldInvalid(at.child('messageExpression'), goRule(rule), messageFault));
  if (fault === undefined && rule.optionalOldSelf !== undefined && !isTransition)
    errors.push(fieldInvalid(at.child('optionalOldSelf'), rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
  return errors;
}

function faultOf(compiled: Compiled, type: string, wrongType: string, head: string): string | undefined {
  if ('error' in compiled) return `${head}compilation failed: ${compiled.error}`;
  return compiled.expression.type === type ? undefined : wrongType;
}

/** The rule as Go prints it. */
function goRule({ rule, message = '', messageExpression = '', reason, fieldPath = '', optionalOldSelf }: ValidationRule): GoSyntax {
  const fields = [
    `Rule:${goQuote(rule)}`,
    `Message:${goQuote(message)}`,
    `MessageExpression:${goQuote(messageExpression)}`,
    `Reason:(*apiextensions.FieldValueErrorReason)(${reason === undefined ? 'nil' : POINTER})`,
    `FieldPath:${goQuote(fieldPath)}`,
    `OptionalOldSelf:(*bool)(${optionalOldSelf === undefined ? 'nil' : POINTER})`,
  ];
  return new GoSyntax(`apiextensions.ValidationRule{${fields.join(', ')}}`);
}

/** Go prints an address of its memory. */
const POINTER = '0xc000000000';
