// What a ValidatingAdmissionPolicy may say, its expressions included. upstream: pkg/apis/admissionregistration/validation/validation.go
import { type FieldError, FieldPath, fieldDuplicate, fieldInvalid, fieldRequired, fieldTooMany } from '../../meta/field-error.ts';
import { dns1035Label, dns1123Subdomain, qualifiedName } from '../../meta/names.ts';
import type { Compiled } from '../cel/expression.ts';
import { invalidBy, oneOf, requiredOneOf } from '../rules.ts';
import { validateMatchResources } from './match-resources.ts';
import { type PolicyExpressions, policyExpressions } from './policy-expressions.ts';
import type { PolicyValidation, ValidatingAdmissionPolicy } from './validating-admission-policy.ts';

type Spec = ValidatingAdmissionPolicy['spec'];

const CONDITIONS_MAX = 64;
const ANNOTATIONS_MAX = 20;
const ANNOTATION_LENGTH_MAX = 5 * 1024;
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge'];
const EITHER = 'validations or auditAnnotations must contain at least one item';

export function validatePolicy(name: string, spec: Spec): readonly FieldError[] {
  const path = new FieldPath('spec');
  const { failurePolicy, paramKind, matchConstraints, validations = [], auditAnnotations = [] } = spec;
  const compiled = policyExpressions(spec);
  const errors: FieldError[] = [...requiredOneOf(path.child('failurePolicy'), failurePolicy, ['Fail', 'Ignore'])];
  if (paramKind !== undefined) errors.push(...validateParamKind(paramKind, path.child('paramKind')));
  if (matchConstraints === undefined) errors.push(fieldRequired(path.child('matchConstraints'), ''));
  else {
    errors.push(...validateMatchResources(matchConstraints, path.child('matchConstraints')));
    if ((matchConstraints.resourceRules ?? []).length === 0)
      errors.push(fieldRequired(path.child('matchConstraints', 'resourceRules'), ''));
  }
  errors.push(...validateConditions(spec, compiled, path.child('matchConditions')), ...validateVariables(spec, compiled, path));
  if (validations.length === 0 && auditAnnotations.length === 0) {
    errors.push(fieldRequired(path.child('validations'), EITHER), fieldRequired(path.child('auditAnnotations'), EITHER));
    return errors;
  }
  for (const [index, validation] of validations.entries())
    errors.push(...validateValidation(validation, compiled.validations[index], path.child('validations').index(index)));
  return [...errors, ...validateAnnotations(name, spec, compiled, path.child('auditAnnotations'))];
}

function validateParamKind({ apiVersion = '', kind = '' }: NonNullable<Spec['paramKind']>, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = path.child('apiVersion');
  const parts = apiVersion.split('/');
  const [group, version] = parts.length === 1 ? ['', apiVersion] : [parts[0] ?? '', parts[1] ?? ''];
  if (apiVersion === '') errors.push(fieldRequired(at, ''));
  else if (parts.length > 2) errors.push(fieldInvalid(at, apiVersion, `unexpected GroupVersion string: ${apiVersion}`));
  else {
    if (group !== '' && dns1123Subdomain(group).length > 0) errors.push(fieldInvalid(at, group, dns1123Subdomain(group).join(',')));
    if (version === '') errors.push(fieldInvalid(at, apiVersion, 'version must be specified'));
    else if (dns1035Label(version).length > 0) errors.push(fieldInvalid(at, version, dns1035Label(version).join(',')));
  }
  const faults = dns1035Label(kind.toLowerCase());
  if (kind === '') errors.push(fieldRequired(path.child('kind'), ''));
  else if (faults.length > 0)
    errors.push(fieldInvalid(path.child('kind'), kind, `may have mixed case, but should otherwise match: ${faults.join(',')}`));
  return errors;
}

function validateConditions({ matchConditions = [] }: Spec, compiled: PolicyExpressions, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = matchConditions.length > CONDITIONS_MAX ? [fieldTooMany(path, matchConditions.length, CONDITIONS_MAX)] : [];
  const names = new Set<string>();
  for (const [index, { name = '', expression = '' }] of matchConditions.entries()) {
    const at = path.index(index);
    if (expression.trim() === '') errors.push(fieldRequired(at.child('expression'), ''));
    else errors.push(...compileFaults(at.child('expression'), expression.trim(), compiled.matchConditions[index], ['bool']));
    if (name === '') errors.push(fieldRequired(at.child('name'), ''));
    else errors.push(...invalidBy(at.child('name'), name, qualifiedName(name)));
    if (name !== '' && names.has(name)) errors.push(fieldDuplicate(at.child('name'), name));
    names.add(name);
  }
  return errors;
}

const reserved =
  /^(true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return|var|void|while)$/;

function validateVariables({ variables = [] }: Spec, compiled: PolicyExpressions, path: FieldPath): readonly FieldError[] {
  return variables.flatMap(({ name = '', expression = '' }, index) => {
    const at = path.child('variables').index(index);
    const errors: FieldError[] = [];
    if (name.trim() === '') errors.push(fieldRequired(at.child('name'), 'name is not specified'));
    else if (!/^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) || reserved.test(name))
      errors.push(fieldInvalid(at.child('name'), name, 'name is not a valid CEL identifier'));
    if (expression.trim() === '') errors.push(fieldRequired(at.child('expression'), 'expression is not specified'));
    else errors.push(...compileFaults(at.child('expression'), expression, compiled.variables[index]?.compiled, []));
    return errors;
  });
}

function validateValidation(
  { expression = '', message = '', messageExpression = '', reason }: PolicyValidation,
  compiled: PolicyExpressions['validations'][number] | undefined,
  path: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (expression.trim() === '') errors.push(fieldRequired(path.child('expression'), 'expression is not specified'));
  else errors.push(...compileFaults(path.child('expression'), expression, compiled?.expression, ['bool']));
  if (messageExpression !== '' && messageExpression.trim() === '')
    errors.push(fieldInvalid(path.child('messageExpression'), messageExpression, 'must be non-empty if specified'));
  else if (messageExpression !== '')
    errors.push(...compileFaults(path.child('messageExpression'), messageExpression, compiled?.message, ['string']));
  if (message !== '' && message.trim() === '')
    errors.push(fieldInvalid(path.child('message'), message, 'message must be non-empty if specified'));
  else if (/[\n\r]/.test(message.trim())) errors.push(fieldInvalid(path.child('message'), message, 'message must not contain line breaks'));
  return [...errors, ...oneOf(path.child('reason'), reason, REASONS)];
}

function validateAnnotations(
  name: string,
  { auditAnnotations = [] }: Spec,
  compiled: PolicyExpressions,
  path: FieldPath,
): readonly FieldError[] {
  const errors: FieldError[] =
    auditAnnotations.length > ANNOTATIONS_MAX
      ? [fieldInvalid(path, auditAnnotations, `must not have more than ${ANNOTATIONS_MAX} auditAnnotations`)]
      : [];
  const keys = new Set<string>();
  for (const [index, { key = '', valueExpression = '' }] of auditAnnotations.entries()) {
    const at = path.index(index);
    const whole = `${name}/${key}`;
    errors.push(...invalidBy(at.child('key'), whole, qualifiedName(whole)));
    const trimmed = valueExpression.trim();
    if (trimmed === '') errors.push(fieldRequired(at.child('valueExpression'), 'valueExpression is not specified'));
    else if (trimmed.length > ANNOTATION_LENGTH_MAX)
      errors.push(fieldRequired(at.child('valueExpression'), `must not exceed ${ANNOTATION_LENGTH_MAX} bytes in length`));
    else
      errors.push(
        ...compileFaults(at.child('valueExpression'), valueExpression, compiled.auditAnnotations[index], ['string', 'null_type']),
      );
    if (keys.has(key)) errors.push(fieldDuplicate(at.child('key'), key));
    keys.add(key);
  }
  return errors;
}

/** `types`: what the expression has to yield; anything will do where none is named. upstream: CompileCELExpression */
function compileFaults(path: FieldPath, source: string, compiled: Compiled | undefined, types: readonly string[]): readonly FieldError[] {
  if (compiled === undefined) return [];
  if ('error' in compiled) return [fieldInvalid(path, source, `compilation failed: ${compiled.error}`)];
  const { type } = compiled.expression;
  if (types.length === 0 || types.includes(type)) return [];
  const wanted = types.length === 1 ? `${types[0]}` : `one of [${types.join(' ')}]`;
  return [fieldInvalid(path, source, `must evaluate to ${wanted} but got ${type}`)];
}
