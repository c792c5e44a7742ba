// What the API server refuses in a HorizontalPodAutoscaler. upstream: pkg/apis/autoscaling/validation/validation.go
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { dns1123Label, pathSegmentName } from '../../meta/names.ts';
import { canonicalQuantity, parseQuantity } from '../../meta/quantity.ts';
import { containerResourceName } from '../core/resource-validation.ts';
import { each, invalidBy } from '../rules.ts';
import type {
  AutoscalerSpec,
  CrossVersionObjectReference,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ScalingRules,
} from './autoscaler.ts';

/** upstream: MaxPeriodSeconds, MaxStabilizationWindowSeconds */
const PERIOD_SECONDS_MAX = 1800;
const WINDOW_SECONDS_MAX = 3600;
/** The feature HPAScaleToZero is off. */
const REPLICAS_MIN = 1;

type Errors = readonly FieldError[];
type Policy = NonNullable<ScalingRules['policies']>[number];

export function validateAutoscaler(spec: AutoscalerSpec): Errors {
  const path = new FieldPath('spec');
  const { minReplicas, maxReplicas = 0, behavior } = spec;
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < REPLICAS_MIN)
    errors.push(fieldInvalid(path.child('minReplicas'), minReplicas, `must be greater than or equal to ${REPLICAS_MIN}`));
  if (maxReplicas < 1) errors.push(fieldInvalid(path.child('maxReplicas'), maxReplicas, 'must be greater than 0'));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(fieldInvalid(path.child('maxReplicas'), maxReplicas, 'must be greater than or equal to `minReplicas`'));
  errors.push(...validateReference(spec.scaleTargetRef, path.child('scaleTargetRef')));
  errors.push(...each(path.child('metrics'), spec.metrics, validateMetric));
  const rulesPath = path.child('behavior');
  if (behavior?.scaleUp !== undefined) errors.push(...validateRules(behavior.scaleUp, rulesPath.child('scaleUp')));
  if (behavior?.scaleDown !== undefined) errors.push(...validateRules(behavior.scaleDown, rulesPath.child('scaleDown')));
  return errors;
}

function validateReference(reference: Partial<CrossVersionObjectReference> | undefined, path: FieldPath): Errors {
  const segment = (name: 'kind' | 'name'): Errors => {
    const value = reference?.[name] ?? '';
    return value === '' ? [fieldRequired(path.child(name), '')] : invalidBy(path.child(name), value, pathSegmentName(value));
  };
  return [...segment('kind'), ...segment('name')];
}

function validateRules(rules: ScalingRules, path: FieldPath): Errors {
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [] } = rules;
  const errors: FieldError[] = [];
  const windowPath = path.child('stabilizationWindowSeconds');
  if (window !== undefined && window < 0) errors.push(fieldInvalid(windowPath, window, 'must be greater than or equal to zero'));
  if (window !== undefined && window > WINDOW_SECONDS_MAX)
    errors.push(fieldInvalid(windowPath, window, `must be less than or equal to ${WINDOW_SECONDS_MAX}`));
  if (selectPolicy !== undefined && !selections.includes(selectPolicy))
    errors.push(fieldNotSupported(path.child('selectPolicy'), selectPolicy, selections));
  if (policies.length === 0) errors.push(fieldRequired(path.child('policies'), 'must specify at least one Policy'));
  return [...errors, ...each(path.child('policies'), policies, validatePolicy)];
}

function validatePolicy({ type, value = 0, periodSeconds = 0 }: Policy, path: FieldPath): Errors {
  const errors: FieldError[] = [];
  if (!policyTypes.includes(type)) errors.push(fieldNotSupported(path.child('type'), type ?? '', policyTypes));
  if (value <= 0) errors.push(fieldInvalid(path.child('value'), value, 'must be greater than zero'));
  const periodPath = path.child('periodSeconds');
  if (periodSeconds <= 0) errors.push(fieldInvalid(periodPath, periodSeconds, 'must be greater than zero'));
  if (periodSeconds > PERIOD_SECONDS_MAX)
    errors.push(fieldInvalid(periodPath, periodSeconds, `must be less than or equal to ${PERIOD_SECONDS_MAX}`));
  return errors;
}

function validateMetric(spec: MetricSpec, path: FieldPath): Errors {
  const errors: FieldError[] = [];
  const { type = '' } = spec;
  if (type === '') errors.push(fieldRequired(path.child('type'), 'must specify a metric source type'));
  const wanted = sources.find((one) => one.type === type);
  if (wanted === undefined) errors.push(fieldNotSupported(path.child('type'), type, sources.map((one) => one.type).sort()));
  const present = sources.filter(({ field }) => spec[field] !== undefined);
  const first = present[0];
  if (first !== undefined) errors.push(...first.validate(spec, path.child(first.field)));
  if (wanted !== undefined && spec[wanted.field] === undefined)
    errors.push(fieldRequired(path.child(wanted.field), 'must populate information for the given metric source'));
  if (present.length === 1) return errors;
  const others = present.filter(({ field }) => field !== wanted?.field);
  return [...errors, ...others.map(({ field }) => fieldForbidden(path.child(field), 'must populate the given metric source only'))];
}

interface Source {
  readonly type: string;
  readonly field: 'object' | 'external' | 'pods' | 'resource' | 'containerResource';
  readonly validate: (spec: MetricSpec, path: FieldPath) => Errors;
}

/** In the order in which upstream looks for them. */
const sources: readonly Source[] = [
  { type: 'Object', field: 'object', validate: ({ object }, path) => validateObject(object ?? {}, path) },
  { type: 'External', field: 'external', validate: ({ external }, path) => validateExternal(external ?? {}, path) },
  { type: 'Pods', field: 'pods', validate: ({ pods }, path) => validatePods(pods ?? {}, path) },
  { type: 'Resource', field: 'resource', validate: ({ resource }, path) => validateResource(resource ?? {}, path) },
  {
    type: 'ContainerResource',
    field: 'containerResource',
    validate: ({ containerResource }, path) => validateContainer(containerResource ?? {}, path),
  },
];

const selections: readonly string[] = ['Disabled', 'Max', 'Min'];
const policyTypes: readonly string[] = ['Percent', 'Pods'];
const EITHER = 'must set either a target value for metric or a per-pod target';

function validateObject({ describedObject, metric, target }: Partial<NonNullable<MetricSpec['object']>>, path: FieldPath): Errors {
  const isSet = target?.value !== undefined || target?.averageValue !== undefined;
  return [
    ...validateReference(describedObject, path.child('describedObject')),
    ...validateIdentifier(metric, path.child('metric')),
    ...validateTarget(target, path.child('target')),
    ...(isSet ? [] : [fieldRequired(path.child('target', 'averageValue'), 'must set either a target value or averageValue')]),
  ];
}

function validateExternal({ metric, target }: Partial<NonNullable<MetricSpec['external']>>, path: FieldPath): Errors {
  const errors = [...validateIdentifier(metric, path.child('metric')), ...validateTarget(target, path.child('target'))];
  const [hasValue, hasAverage] = [target?.value !== undefined, target?.averageValue !== undefined];
  if (!hasValue && !hasAverage) errors.push(fieldRequired(path.child('target', 'averageValue'), EITHER));
  if (hasValue && hasAverage)
    errors.push(fieldForbidden(path.child('target', 'value'), 'may not set both a target value for metric and a per-pod target'));
  return errors;
}

function validatePods({ metric, target }: Partial<NonNullable<MetricSpec['pods']>>, path: FieldPath): Errors {
  const errors = [...validateIdentifier(metric, path.child('metric')), ...validateTarget(target, path.child('target'))];
  const isSet = target?.averageValue !== undefined && isPositive(target.averageValue);
  return isSet ? errors : [...errors, fieldRequired(path.child('target', 'averageValue'), 'must specify a positive target averageValue')];
}

function validateContainer(
  { name, container = '', target }: Partial<NonNullable<MetricSpec['containerResource']>>,
  path: FieldPath,
): Errors {
  const errors: FieldError[] = [];
  if ((name ?? '') === '') errors.push(fieldRequired(path.child('name'), 'must specify a resource name'));
  else errors.push(...containerResourceName(name ?? '', path.child('name')));
  if (container === '') errors.push(fieldRequired(path.child('container'), 'must specify a container'));
  else errors.push(...invalidBy(path.child('container'), container, dns1123Label(container)));
  return [...errors, ...validateResourceTarget(target, path.child('target'))];
}

function validateResource({ name, target }: Partial<NonNullable<MetricSpec['resource']>>, path: FieldPath): Errors {
  const errors = (name ?? '') === '' ? [fieldRequired(path.child('name'), 'must specify a resource name')] : [];
  return [...errors, ...validateResourceTarget(target, path.child('target'))];
}

function validateResourceTarget(target: MetricTarget | undefined, path: FieldPath): Errors {
  const errors = [...validateTarget(target, path)];
  const [hasPercent, hasAverage] = [target?.averageUtilization !== undefined, target?.averageValue !== undefined];
  if (!hasPercent && !hasAverage)
    errors.push(fieldRequired(path.child('averageUtilization'), 'must set either a target raw value or a target utilization'));
  if (hasPercent && hasAverage)
    errors.push(fieldForbidden(path.child('averageValue'), 'may not set both a target raw value and a target utilization'));
  return errors;
}

function validateTarget(target: Partial<MetricTarget> | undefined, path: FieldPath): Errors {
  const { type = '', value, averageValue, averageUtilization: percent } = target ?? {};
  const errors: FieldError[] = [];
  if (type === '') errors.push(fieldRequired(path.child('type'), 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    errors.push(fieldInvalid(path.child('type'), type, 'must be either Utilization, Value, or AverageValue'));
  const positive = (name: string, text: string | undefined): Errors =>
    text === undefined || isPositive(text) ? [] : [fieldInvalid(path.child(name), canonicalQuantity(text), 'must be positive')];
  errors.push(...positive('value', value), ...positive('averageValue', averageValue));
  if (percent !== undefined && percent < 1) errors.push(fieldInvalid(path.child('averageUtilization'), percent, 'must be greater than 0'));
  return errors;
}

function validateIdentifier(metric: Partial<MetricIdentifier> | undefined, path: FieldPath): Errors {
  const name = metric?.name ?? '';
  if (name === '') return [fieldRequired(path.child('name'), 'must specify a metric name')];
  return invalidBy(path.child('name'), name, pathSegmentName(name));
}

function isPositive(text: string): boolean {
  return (parseQuantity(text).value?.nanos ?? 0n) > 0n;
}
