// The rules of where a pod may and should run: affinity and topology spread. upstream: pkg/apis/core/validation validateAffinity, ValidateNodeSelector
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, type FieldPath, fieldDuplicate, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { validateLabelSelector } from '../../meta/label-selector.ts';
import { validateLabelName } from '../../meta/labels.ts';
import { dns1123Label, dns1123Subdomain } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { each, invalidBy, oneOf } from '../rules.ts';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Value<core.Affinity> | undefined, path: FieldPath): readonly FieldError[] {
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity ?? {};
  return [
    ...(nodeAffinity === undefined ? [] : validateNodeAffinity(nodeAffinity, path.child('nodeAffinity'))),
    ...(podAffinity === undefined ? [] : validatePodAffinity(podAffinity, path.child('podAffinity'))),
    ...(podAntiAffinity === undefined ? [] : validatePodAffinity(podAntiAffinity, path.child('podAntiAffinity'))),
  ];
}

export function validateNodeSelector(selector: Value<core.NodeSelector>, path: FieldPath): readonly FieldError[] {
  const at = path.child('nodeSelectorTerms');
  const terms = selector.nodeSelectorTerms ?? [];
  return terms.length === 0 ? [fieldRequired(at, 'must have at least one node selector term')] : each(at, terms, validateTerm);
}

export function validateTopologySpread(
  constraints: readonly Value<core.TopologySpreadConstraint>[] | undefined,
  path: FieldPath,
): readonly FieldError[] {
  const keys = (constraints ?? []).map(({ topologyKey, whenUnsatisfiable }) => `{${topologyKey ?? ''}, ${whenUnsatisfiable ?? ''}}`);
  let index = 0;
  return each(path, constraints, (constraint, at) => {
    const key = keys[index] as string;
    index += 1;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '', minDomains } = constraint;
    const errors: FieldError[] = [];
    if (maxSkew <= 0) errors.push(fieldInvalid(at.child('maxSkew'), maxSkew, 'must be greater than zero'));
    errors.push(...topologyKeyErrors(topologyKey, at.child('topologyKey')));
    errors.push(...oneOf(at.child('whenUnsatisfiable'), whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']));
    if (keys.includes(key, index)) errors.push(fieldDuplicate(at.child('{topologyKey, whenUnsatisfiable}'), key));
    if (minDomains !== undefined && minDomains <= 0)
      errors.push(fieldInvalid(at.child('minDomains'), minDomains, 'must be greater than zero'));
    if (minDomains !== undefined && whenUnsatisfiable !== 'DoNotSchedule') {
      const detail = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`;
      errors.push(fieldInvalid(at.child('minDomains'), minDomains, detail));
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const)
      errors.push(...oneOf(at.child(field), constraint[field], ['Honor', 'Ignore']));
    errors.push(...spreadLabelKeys(constraint, at.child('matchLabelKeys')));
    return [...errors, ...validateLabelSelector(constraint.labelSelector, at.child('labelSelector'))];
  });
}

function validateNodeAffinity(affinity: Value<core.NodeAffinity>, path: FieldPath): readonly FieldError[] {
  const required = affinity[REQUIRED];
  return [
    ...(required === undefined ? [] : validateNodeSelector(required, path.child(REQUIRED))),
    ...each(path.child(PREFERRED), affinity[PREFERRED], ({ weight, preference }, at) => [
      ...weightErrors(weight, at),
      ...validateTerm(preference ?? {}, at.child('preference')),
    ]),
  ];
}

function validatePodAffinity(affinity: Value<core.PodAffinity>, path: FieldPath): readonly FieldError[] {
  return [
    ...each(path.child(REQUIRED), affinity[REQUIRED], validatePodTerm),
    ...each(path.child(PREFERRED), affinity[PREFERRED], ({ weight, podAffinityTerm }, at) => [
      ...weightErrors(weight, at),
      ...validatePodTerm(podAffinityTerm ?? {}, at.child('podAffinityTerm')),
    ]),
  ];
}

function validatePodTerm(term: Value<core.PodAffinityTerm>, path: FieldPath): readonly FieldError[] {
  return [
    ...validateLabelSelector(term.labelSelector, path.child('labelSelector')),
    ...validateLabelSelector(term.namespaceSelector, path.child('namespaceSelector')),
    ...(term.namespaces ?? []).flatMap((name) => invalidBy(path.child('namespace'), name, dns1123Label(name))),
    ...validateLabelKeys(term, 'matchLabelKeys', path),
    ...validateLabelKeys(term, 'mismatchLabelKeys', path),
    ...validateKeyOverlap(term, path),
    ...topologyKeyErrors(term.topologyKey ?? '', path.child('topologyKey')),
  ];
}

function validateLabelKeys(
  term: Value<core.PodAffinityTerm>,
  field: 'matchLabelKeys' | 'mismatchLabelKeys',
  path: FieldPath,
): readonly FieldError[] {
  const keys = term[field] ?? [];
  if (keys.length > 0 && term.labelSelector === undefined)
    return [fieldForbidden(path.child(field), 'must not be specified when labelSelector is not set')];
  return each(path.child(field), keys, (key, at) => validateLabelName(key, at));
}

/** Each key of matchLabelKeys stands once in the selector, where the server has put it itself. upstream: validateMatchLabelKeysAndMismatchLabelKeys */
function validateKeyOverlap(
  { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector }: Value<core.PodAffinityTerm>,
  path: FieldPath,
): readonly FieldError[] {
  const seen = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  const errors: FieldError[] = [];
  for (const { key } of labelSelector?.matchExpressions ?? []) {
    const index = matchLabelKeys.indexOf(key);
    if (index >= 0 && seen.has(key)) errors.push(fieldInvalid(path.index(index), key, 'exists in both matchLabelKeys and labelSelector'));
    seen.add(key);
  }
  for (const [index, key] of matchLabelKeys.entries())
    if (mismatchLabelKeys.includes(key))
      errors.push(fieldInvalid(path.child('matchLabelKeys').index(index), key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
  return errors;
}

function topologyKeyErrors(key: string, path: FieldPath): readonly FieldError[] {
  return key === '' ? [fieldRequired(path, 'can not be empty')] : validateLabelName(key, path);
}

function weightErrors(weight: number | undefined, path: FieldPath): readonly FieldError[] {
  const inRange = weight !== undefined && weight >= 1 && weight <= 100;
  return inRange ? [] : [fieldInvalid(path.child('weight'), weight ?? 0, 'must be in the range 1-100')];
}

function validateTerm(term: Value<core.NodeSelectorTerm>, path: FieldPath): readonly FieldError[] {
  return [
    ...each(path.child('matchExpressions'), term.matchExpressions, validateRequirement),
    ...each(path.child('matchFields'), term.matchFields, validateFieldRequirement),
  ];
}

type Requirement = Value<core.NodeSelectorRequirement>;

function validateRequirement({ key = '', operator = '', values = [] }: Requirement, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const at = path.child('values');
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) errors.push(fieldRequired(at, "must be specified when `operator` is 'In' or 'NotIn'"));
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) errors.push(fieldForbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1) errors.push(fieldRequired(at, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
  } else {
    errors.push(fieldInvalid(path.child('operator'), operator, 'not a valid selector operator'));
  }
  return [...errors, ...validateLabelName(key, path.child('key'))];
}

function validateFieldRequirement({ key = '', operator = '', values = [] }: Requirement, path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const detail = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
  if (operator !== 'In' && operator !== 'NotIn')
    errors.push(fieldInvalid(path.child('operator'), operator, 'not a valid selector operator'));
  else if (values.length !== 1) errors.push(fieldRequired(path.child('values'), detail));
  if (key !== 'metadata.name') return [...errors, fieldInvalid(path.child('key'), key, 'not a valid field selector key')];
  return [...errors, ...each(path.child('values'), values, (value, at) => invalidBy(at, value, dns1123Subdomain(value)))];
}

/** Labels whose value the pod itself gives. upstream: validateMatchLabelKeysInTopologySpread */
function spreadLabelKeys({ matchLabelKeys, labelSelector }: Value<core.TopologySpreadConstraint>, path: FieldPath): readonly FieldError[] {
  if ((matchLabelKeys ?? []).length === 0) return [];
  const selected = [...Object.keys(labelSelector?.matchLabels ?? {}), ...(labelSelector?.matchExpressions ?? []).map(({ key }) => key)];
  const alone = labelSelector === undefined ? [fieldForbidden(path, 'must not be specified when labelSelector is not set')] : [];
  return [
    ...alone,
    ...each(path, matchLabelKeys, (key, at) => [
      ...validateLabelName(key, at),
      ...(selected.includes(key) ? [fieldInvalid(at, key, 'exists in both matchLabelKeys and labelSelector')] : []),
    ]),
  ];
}
