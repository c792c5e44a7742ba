// Label selectors: their text form, the LabelSelector field of workloads, and matchers that are compiled once per selector object.
// upstream: apimachinery pkg/labels/selector.go (Parse), pkg/apis/meta/v1/helpers.go, pkg/apis/meta/v1/validation/validation.go
import type { LabelSelector as OpenApiLabelSelector } from 'kubernetes-types/meta/v1.d.ts';
import { aggregateText, type FieldError, type FieldPath, fieldForbidden, fieldInvalid, fieldRequired } from './field-error.ts';
import { goQuote } from './go-quote.ts';
import {
  compileRequirements,
  type LabelMatcher,
  type LabelOperator,
  type LabelRequirement,
  type Labels,
  printRequirements,
  requirementErrors,
  sortedByKey,
  validateLabelName,
  validateLabels,
} from './labels.ts';
import { labelValue } from './names.ts';
import type { Value } from './object.ts';
import type { Parsed } from './parsed.ts';

export type LabelSelector = Value<OpenApiLabelSelector>;

/**
 * The matcher of a workload's selector: an absent one matches nothing, an empty one everything, and one that cannot be converted nothing.
 * Compiled once per object, which works because API objects are immutable values.
 */
export function selectorFor(selector: LabelSelector | null | undefined): LabelMatcher {
  if (selector === null || selector === undefined) return nothing;
  let matcher = compiledSelectors.get(selector);
  if (matcher === undefined) {
    const { value } = requirementsOf(selector);
    matcher = value === undefined ? nothing : compileRequirements(value);
    compiledSelectors.set(selector, matcher);
  }
  return matcher;
}

/** The same for a plain map, as Services and ReplicationControllers have: an empty map matches everything. upstream: labels.SelectorFromSet */
export function selectorForMap(labels: Labels | null | undefined): LabelMatcher {
  if (labels === null || labels === undefined) return everything;
  let matcher = compiledMaps.get(labels);
  if (matcher === undefined) {
    matcher = compileRequirements(requirementsOfMap(labels));
    compiledMaps.set(labels, matcher);
  }
  return matcher;
}

/** The requirements of a LabelSelector ordered by key, or why they cannot be had; read once per object. upstream: LabelSelectorAsSelector */
export function requirementsOf(selector: LabelSelector): Parsed<readonly LabelRequirement[]> {
  let parsed = parsedSelectors.get(selector);
  if (parsed === undefined) {
    parsed = parseRequirements(selector);
    parsedSelectors.set(selector, parsed);
  }
  return parsed;
}

function parseRequirements(selector: LabelSelector): Parsed<readonly LabelRequirement[]> {
  const requirements: LabelRequirement[] = [...requirementsOfMap(selector.matchLabels ?? {})];
  for (const { key, operator: name, values = [] } of selector.matchExpressions ?? []) {
    const operator = operators.get(name);
    if (operator === undefined) return { error: `${goQuote(name)} is not a valid label selector operator` };
    requirements.push({ key, operator, values });
  }
  for (const requirement of requirements) {
    const errors = requirementErrors(requirement);
    if (errors.length > 0) return { error: aggregateText(errors) };
  }
  return { value: sortedByKey(requirements) };
}

/** The selector as kubectl prints it. upstream: FormatLabelSelector */
export function formatLabelSelector(selector: LabelSelector | null | undefined): string {
  if (selector === null || selector === undefined) return '<none>';
  const { value } = requirementsOf(selector);
  if (value === undefined) return '<error>';
  return value.length === 0 ? '<none>' : printRequirements(value);
}

/** A plain map with the same meaning, where there is one. upstream: LabelSelectorAsMap */
export function labelSelectorAsMap(selector: LabelSelector): Parsed<Labels> {
  const map: Record<string, string> = { ...selector.matchLabels };
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    if (!operators.has(operator)) return { error: `${goQuote(operator)} is not a valid selector operator` };
    const [only] = values;
    if (operator !== 'In') return { error: `operator ${goQuote(operator)} cannot be converted into the old label selector format` };
    if (values.length !== 1 || only === undefined) {
      return { error: `operator ${goQuote(operator)} without a single value cannot be converted into the old label selector format` };
    }
    map[key] = only;
  }
  return { value: map };
}

/** Validates a LabelSelector field. upstream: v1validation.ValidateLabelSelector */
export function validateLabelSelector(selector: LabelSelector | null | undefined, path: FieldPath): readonly FieldError[] {
  if (selector === null || selector === undefined) return [];
  const errors = [...validateLabels(selector.matchLabels ?? {}, path.child('matchLabels'))];
  for (const [index, { key = '', operator = '', values = [] }] of (selector.matchExpressions ?? []).entries()) {
    const at = path.child('matchExpressions').index(index);
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) errors.push(fieldRequired(at.child('values'), "must be specified when `operator` is 'In' or 'NotIn'"));
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
      if (values.length > 0) errors.push(fieldForbidden(at.child('values'), detail));
    } else {
      errors.push(fieldInvalid(at.child('operator'), operator, 'not a valid selector operator'));
    }
    errors.push(...validateLabelName(key, at.child('key')));
    for (const [place, value] of values.entries()) {
      errors.push(...labelValue(value).map((message) => fieldInvalid(at.child('values').index(place), value, message)));
    }
  }
  return errors;
}

function requirementsOfMap(labels: Labels): readonly LabelRequirement[] {
  return sortedByKey(Object.entries(labels).map(([key, value]) => ({ key, operator: '=', values: [value] })));
}

const nothing: LabelMatcher = () => false;
const everything: LabelMatcher = () => true;
const parsedSelectors = new WeakMap<LabelSelector, Parsed<readonly LabelRequirement[]>>();
const compiledSelectors = new WeakMap<LabelSelector, LabelMatcher>();
const compiledMaps = new WeakMap<Labels, LabelMatcher>();

const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);
