// Suites of the pure functions on Kubernetes values: quantities, labels, fields, names, durations and tolerations.
import { humanDuration, shortHumanDuration } from '../../../engine/meta/duration.ts';
import { FieldPath } from '../../../engine/meta/field-error.ts';
import { matchesFields, parseFieldSelector } from '../../../engine/meta/field-selector.ts';
import { type IntOrString, parseIntOrString, scaledIntOrPercent } from '../../../engine/meta/int-or-string.ts';
import { type LabelSelector, labelSelectorAsMap, requirementsOf, selectorFor } from '../../../engine/meta/label-selector.ts';
import { parseLabelSelector } from '../../../engine/meta/label-selector-text.ts';
import {
  compileRequirements,
  type LabelRequirement,
  type Labels,
  printRequirements,
  requirementErrors,
  validateLabels,
} from '../../../engine/meta/labels.ts';
import * as names from '../../../engine/meta/names.ts';
import type { JsonValue } from '../../../engine/meta/object.ts';
import type { Parsed } from '../../../engine/meta/parsed.ts';
import * as quantities from '../../../engine/meta/quantity.ts';
import { type Taint, type Toleration, untoleratedTaint } from '../../../engine/meta/tolerations.ts';
import { compareWherePresent } from './compare.ts';
import type { SuiteRunner } from './run-conformance.ts';

type LooseRequirement = Omit<LabelRequirement, 'values'> & { readonly values?: LabelRequirement['values'] | null };

export const metaSuites: Readonly<Record<string, SuiteRunner>> = {
  'quantity.parse': ({ text }: Text) => {
    const { value } = quantities.parseQuantity(text);
    return { valid: value !== undefined, value: value && quantities.quantityDecimal(value), format: value?.format };
  },
  'quantity.canonical': ({ text }: Text) => ({ canonical: quantities.printQuantity(quantity(text)) }),
  'quantity.json': ({ json }: { json: string }) => {
    return { canonical: quantities.printQuantity(must(quantities.quantityFromJson(JSON.parse(json) as JsonValue))) };
  },
  'quantity.arith': ({ op, a, b }: { op: 'compare' | 'add' | 'sub' | 'neg'; a: string; b: string | null }) => {
    return { result: arithmetic[op](quantity(a), quantity(b ?? '0')) };
  },
  'quantity.scale': ({ text, mode, scale }: Text & { mode: 'units' | 'roundUp'; scale: number }) => {
    if (mode === 'units') return { value: String(quantities.scaledQuantity(quantity(text), scale)) };
    return { value: quantities.quantityDecimal(quantities.roundQuantityUp(quantity(text), scale)) };
  },

  'labels.parse': {
    run: ({ selector }: { selector: string }) => {
      const { value } = parseLabelSelector(selector);
      return { valid: value !== undefined, canonical: value && printRequirements(value), requirements: value };
    },
    compare: (actual, expected) => compareWherePresent(actual, pinned(expected)),
  },
  'labels.match': ({ selector, labels }: { selector: string; labels: Labels }) => {
    return { matches: compileRequirements(must(parseLabelSelector(selector)))(labels) };
  },
  'labels.print': ({ requirements }: { requirements: readonly LooseRequirement[] }) => ({
    text: printRequirements(requirements.map(wholeRequirement)),
  }),
  'labels.requirement': (requirement: LooseRequirement) => {
    const [error, ...others] = requirementErrors(wholeRequirement(requirement));
    if (others.length > 0) throw new Error(`more than one error: ${[error, ...others].join(', ')}`);
    return { errorField: error?.field, errorType: error?.body().split(':')[0] };
  },
  'labels.labelselector': ({ labelSelector }: { labelSelector: LabelSelector | null }) => {
    const { value } = labelSelector === null ? { value: undefined } : requirementsOf(labelSelector);
    const valid = labelSelector === null || value !== undefined;
    return { valid, text: value && printRequirements(value), selects: valid ? reach(labelSelector, value) : null };
  },
  'labels.asmap': ({ labelSelector }: { labelSelector: LabelSelector | null }) => {
    if (labelSelector === null) return { map: null, error: false };
    const { value, error } = labelSelectorAsMap(labelSelector);
    return { map: value, error: error !== undefined };
  },
  'labels.validation': ({ labels }: { labels: Labels | null }) => {
    const [error, ...others] = validateLabels(labels ?? {}, new FieldPath('metadata', 'labels'));
    if (others.length > 0) throw new Error(`more than one error: ${[error, ...others].join(', ')}`);
    return { valid: error === undefined, problem: error && labelProblem(error.detail) };
  },

  'fields.selector': ({ selector, fields }: { selector: string; fields: Readonly<Record<string, string>> | null }) => {
    const { value } = parseFieldSelector(selector);
    return { valid: value !== undefined, matches: value && fields && matchesFields(value, fields) };
  },

  'names.dns': validity,
  'names.keys': validity,
  'names.numbers': validity,

  'intstr.parse': ({ text }: Text) => ({ value: parseIntOrString(text) }),
  'intstr.scaled': ({ value, total, roundUp }: { value: IntOrString | null; total: number; roundUp: boolean }) => {
    const scaled = scaledIntOrPercent(value, total, roundUp);
    return { scaled: scaled.value, error: scaled.error !== undefined };
  },
  'duration.age': ({ seconds, form }: { seconds: number; form: 'long' | 'short' }) => {
    return { text: (form === 'long' ? humanDuration : shortHumanDuration)(seconds * 1000) };
  },
  tolerations: ({ tolerations, taints, effects }: TolerationCase) => {
    const counts = (taint: Taint): boolean => effects === null || effects === undefined || effects.includes(taint.effect);
    return { tolerated: untoleratedTaint(taints, tolerations, counts) === undefined };
  },
};

interface Text {
  readonly text: string;
}

interface TolerationCase {
  readonly tolerations: readonly Toleration[];
  readonly taints: readonly Taint[];
  readonly effects: readonly string[] | null;
}

type Arithmetic = (a: quantities.Quantity, b: quantities.Quantity) => string;

const arithmetic: Readonly<Record<'compare' | 'add' | 'sub' | 'neg', Arithmetic>> = {
  compare: (a, b) => String(quantities.compareQuantities(a, b)),
  add: (a, b) => quantities.printQuantity(quantities.addQuantities(a, b)),
  sub: (a, b) => quantities.printQuantity(quantities.subtractQuantities(a, b)),
  neg: (a) => quantities.printQuantity(quantities.negateQuantity(a)),
};

const place = new FieldPath('value');

const validators: Readonly<Record<string, (value: never) => readonly unknown[]>> = {
  dns1123Label: names.dns1123Label,
  dns1123Subdomain: names.dns1123Subdomain,
  dns1035Label: names.dns1035Label,
  wildcardDNS1123Subdomain: names.wildcardDns1123Subdomain,
  fullyQualifiedDomainName: (value: string) => names.fullyQualifiedDomainName(place, value),
  fullyQualifiedName: (value: string) => names.fullyQualifiedName(place, value),
  qualifiedName: names.qualifiedName,
  labelValue: names.labelValue,
  configMapKey: names.configMapKey,
  envVarName: names.envVarName,
  httpHeaderName: names.httpHeaderName,
  domainPrefixedPath: (value: string) => names.domainPrefixedPath(place, value),
  portName: names.portName,
  portNumber: names.portNumber,
  percent: names.percent,
  userID: names.userId,
  groupID: names.groupId,
};

/** Operators without values may come without a list of them. */
function wholeRequirement({ values, ...rest }: LooseRequirement): LabelRequirement {
  return { ...rest, values: values ?? [] };
}

function validity({ kind, value }: { kind: string; value: unknown }): unknown {
  const validate = validators[kind];
  if (validate === undefined) throw new Error(`unknown kind of name: ${kind}`);
  return { valid: validate(value as never).length === 0 };
}

function quantity(text: string): quantities.Quantity {
  return must(quantities.parseQuantity(text));
}

function must<T>(parsed: Parsed<T>): T {
  if (parsed.error !== undefined) throw new Error(parsed.error);
  return parsed.value as T;
}

// In this table null stands for "upstream does not pin it".
function pinned(expected: unknown): unknown {
  return Object.fromEntries(Object.entries(expected as object).filter(([, value]) => value !== null));
}

function reach(selector: LabelSelector | null, requirements: readonly LabelRequirement[] | undefined): string {
  if (requirements?.length !== 0) return selectorFor(selector) === selectorFor(null) ? 'nothing' : 'some';
  return selectorFor(selector)({}) ? 'everything' : 'nothing';
}

function labelProblem(detail: string): string {
  if (detail.startsWith('a qualified name must consist of')) return 'key-shape';
  if (detail.includes('must be no more than')) return 'too-long';
  return detail.startsWith('a valid label must be') ? 'value-characters' : 'key-characters';
}
