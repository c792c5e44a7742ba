// Labels and the requirements a selector puts on them; one requirement is one comparison with one label.
// upstream: apimachinery pkg/labels/selector.go, pkg/apis/meta/v1/validation/validation.go
import { type FieldError, FieldPath, fieldInvalid, fieldNotSupported, GoSyntax } from './field-error.ts';
import { goQuote } from './go-quote.ts';
import { labelValue, qualifiedName } from './names.ts';

export type Labels = Readonly<Record<string, string>>;

/** How upstream spells operators inside the program: `!` is "must not exist". */
export type LabelOperator = 'in' | 'notin' | '=' | '==' | '!=' | 'gt' | 'lt' | 'exists' | '!';

export interface LabelRequirement {
  readonly key: string;
  readonly operator: LabelOperator;
  readonly values: readonly string[];
}

export type LabelMatcher = (labels: Labels | undefined) => boolean;

export const binaryLabelOperators: readonly LabelOperator[] = ['in', 'notin', '=', '==', '!=', 'gt', 'lt'];

/** What is wrong with a requirement. upstream: labels.NewRequirement */
export function requirementErrors({ key, operator, values }: LabelRequirement): readonly FieldError[] {
  const keyError = keyErrorAt(new FieldPath('key'), key);
  const errors = keyError === undefined ? [] : [keyError];
  const path = new FieldPath('values');
  const complain = (detail: string): unknown => errors.push(fieldInvalid(path, stringList(values), detail));
  switch (operator) {
    case 'in':
    case 'notin':
      if (values.length === 0) complain("for 'in', 'notin' operators, values set can't be empty");
      break;
    case '=':
    case '==':
    case '!=':
      if (values.length !== 1) complain('exact-match compatibility requires one single value');
      break;
    case 'exists':
    case '!':
      if (values.length !== 0) complain('values set must be empty for exists and does not exist');
      break;
    case 'gt':
    case 'lt':
      if (values.length !== 1) complain("for 'Gt', 'Lt' operators, exactly one value is required");
      values.forEach((value, index) => {
        const detail = "for 'Gt', 'Lt' operators, the value must be an integer";
        if (integer(value) === undefined) errors.push(fieldInvalid(path.index(index), value, detail));
      });
      break;
    default:
      errors.push(fieldNotSupported(new FieldPath('operator'), operator, [...binaryLabelOperators, 'exists', '!']));
  }
  values.forEach((value, index) => {
    const messages = labelValue(value);
    if (messages.length > 0) errors.push(fieldInvalid(path.index(index).key(key), value, messages.join('; ')));
  });
  return errors;
}

/** The fault of a label key, at the place given; undefined when there is none. */
export function keyErrorAt(path: FieldPath, key: string): FieldError | undefined {
  const messages = qualifiedName(key);
  return messages.length === 0 ? undefined : fieldInvalid(path, key, messages.join('; '));
}

/** Validates `metadata.labels` and other label maps. upstream: v1validation.ValidateLabels */
export function validateLabels(labels: Labels, path: FieldPath): readonly FieldError[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...validateLabelName(key, path),
    ...labelValue(value).map((message) => fieldInvalid(path, value, message)),
  ]);
}

export function validateLabelName(name: string, path: FieldPath): readonly FieldError[] {
  return qualifiedName(name).map((message) => fieldInvalid(path, name, message));
}

/** Requirements ordered by key; equal keys keep their order. */
export function sortedByKey(requirements: readonly LabelRequirement[]): readonly LabelRequirement[] {
  return requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** The requirement as one function, with everything that can be computed beforehand computed. upstream: Requirement.Matches */
export function compileRequirement({ key, operator, values }: LabelRequirement): LabelMatcher {
  const only = values.length === 1 ? values[0] : undefined;
  switch (operator) {
    case 'in':
    case '=':
    case '==':
      if (only !== undefined) return (labels) => labels?.[key] === only;
      return (labels) => has(labels, key) && values.includes(labels[key] ?? '');
    case 'notin':
    case '!=':
      return (labels) => !has(labels, key) || !values.includes(labels[key] ?? '');
    case 'exists':
      return (labels) => has(labels, key);
    case '!':
      return (labels) => !has(labels, key);
    case 'gt':
    case 'lt': {
      const bound = only === undefined ? undefined : integer(only);
      if (bound === undefined) return () => false;
      return (labels) => {
        const actual = has(labels, key) ? integer(labels[key] ?? '') : undefined;
        return actual !== undefined && (operator === 'gt' ? actual > bound : actual < bound);
      };
    }
  }
}

/** All requirements at once; none at all matches everything. */
export function compileRequirements(requirements: readonly LabelRequirement[]): LabelMatcher {
  const matchers = requirements.map(compileRequirement);
  const [first] = matchers;
  if (first === undefined) return () => true;
  return matchers.length === 1 ? first : (labels) => matchers.every((matches) => matches(labels));
}

/** As kubectl prints it: values sorted, the order of requirements kept. */
export function printRequirements(requirements: readonly LabelRequirement[]): string {
  return requirements.map(printRequirement).join(',');
}

function printRequirement({ key, operator, values }: LabelRequirement): string {
  const text = values.toSorted().join(',');
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${text})`;
    case 'gt':
      return `${key}>${text}`;
    case 'lt':
      return `${key}<${text}`;
    default:
      return `${key}${operator}${text}`;
  }
}

// A manifest's keys must not reach what every JavaScript object inherits.
function has(labels: Labels | undefined, key: string): labels is Labels {
  return labels !== undefined && typeof labels[key] === 'string';
}

// Go's int64: decimal digits with an optional sign.
function integer(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function stringList(values: readonly string[]): GoSyntax {
  return new GoSyntax(`[]string{${values.map(goQuote).join(', ')}}`);
}
