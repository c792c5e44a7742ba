// What the expressions of a policy decide about one request with one parameter. upstream: apiserver pkg/admission/plugin/policy/validating/validator.go
import { type PolicyExpressions, policyExpressions } from '../../kinds/admissionregistration/policy-expressions.ts';
import type { PolicyValidation, ValidatingAdmissionPolicy } from '../../kinds/admissionregistration/validating-admission-policy.ts';
import { OBJECT_COST_MAX } from '../../kinds/cel/budget.ts';
import { ComposedVariables, readVariable } from '../../kinds/cel/composed-variables.ts';
import type { Compiled, Evaluation } from '../../kinds/cel/expression.ts';

/** One validation that does not hold. */
export interface Denial {
  readonly message: string;
  /** '' for what could not be decided. */
  readonly reason: string;
}

const MESSAGE_LENGTH_MAX = 5 * 1024;
const CONDITIONS_COST_MAX = OBJECT_COST_MAX / 4;
const OUT_OF_BUDGET = 'validation failed due to running out of cost budget, no further validation rules will be run';

/** `variables`: what expressions may read, but for those that the policy makes itself. */
export function denialsOf({ spec }: ValidatingAdmissionPolicy, variables: Readonly<Record<string, unknown>>): readonly Denial[] {
  const compiled = policyExpressions(spec);
  const isStrict = spec.failurePolicy !== 'Ignore';
  const undecided = (message: string): readonly Denial[] => (isStrict ? [{ message, reason: '' }] : []);
  const matched = conditionsHold(spec, compiled, variables);
  if (typeof matched === 'string') return undecided(matched);
  if (!matched) return [];
  const all = withComposed(compiled, variables);
  let left = OBJECT_COST_MAX;
  const denials: Denial[] = [];
  for (const [index, validation] of (spec.validations ?? []).entries()) {
    const result = resultOf(compiled.validations[index]?.expression, validation.expression ?? '', all);
    left -= result.cost;
    if (left < 0) return undecided(OUT_OF_BUDGET);
    if ('error' in result) denials.push(...undecided(result.error));
    else if (result.value !== true)
      denials.push({
        message: messageOf(validation, compiled.validations[index]?.message, all),
        reason: validation.reason ?? 'Invalid',
      });
  }
  return denials;
}

/** A text: why it cannot be told. upstream: matchconditions/matcher.go Match */
function conditionsHold(
  { matchConditions = [], failurePolicy }: ValidatingAdmissionPolicy['spec'],
  compiled: PolicyExpressions,
  variables: Readonly<Record<string, unknown>>,
): boolean | string {
  const faults: string[] = [];
  let left = CONDITIONS_COST_MAX;
  for (const [index, { expression = '' }] of matchConditions.entries()) {
    const result = resultOf(compiled.matchConditions[index], expression, variables);
    left -= result.cost;
    if (left < 0) faults.push(OUT_OF_BUDGET);
    else if ('error' in result) faults.push(result.error);
    else if (result.value === false) return false;
    if (left < 0) break;
  }
  if (faults.length === 0) return true;
  if (failurePolicy === 'Ignore') return false;
  return faults.length === 1 ? (faults[0] ?? '') : `[${faults.join(', ')}]`;
}

function withComposed(compiled: PolicyExpressions, variables: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  if (compiled.variables.length === 0) return variables;
  const composed: ComposedVariables = new ComposedVariables(compiled.variables, (one, name) =>
    readVariable(one, name, { ...variables, variables: composed }),
  );
  return { ...variables, variables: composed };
}

function resultOf(compiled: Compiled | undefined, source: string, variables: Readonly<Record<string, unknown>>): Evaluation {
  if (compiled === undefined) return { value: true, cost: 0 };
  if ('error' in compiled) return { error: `compilation error: compilation failed: ${compiled.error}`, cost: 0 };
  const result = compiled.expression.evaluate(variables);
  return 'error' in result ? { error: `expression '${source}' resulted in error: ${result.error}`, cost: result.cost } : result;
}

function messageOf(
  { expression = '', message = '' }: PolicyValidation,
  compiled: Compiled | undefined,
  variables: Readonly<Record<string, unknown>>,
): string {
  const result = compiled === undefined || 'error' in compiled ? undefined : compiled.expression.evaluate(variables);
  const text = result !== undefined && 'value' in result && typeof result.value === 'string' ? result.value.trim() : '';
  if (text !== '' && text.length <= MESSAGE_LENGTH_MAX && !text.includes('\n')) return text;
  return message.trim() === '' ? `failed expression: ${expression.trim()}` : message.trim();
}
