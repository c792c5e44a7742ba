// LimitRange: its type and all of its API rules. upstream: pkg/registry/core/limitrange/strategy.go, pkg/apis/core/validation ValidateLimitRange
import type { LimitRange as OpenApiLimitRange } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldDuplicate, fieldForbidden, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { qualifiedName } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { compareQuantities, parseQuantity, type Quantity, scaledQuantity } from '../../meta/quantity.ts';
import { createdAtColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { each, invalidBy } from '../rules.ts';
import { mapShared, type ResourceList } from './pod-spec.ts';
import { containerResourceName, isOvercommitAllowed, resourceAmount, resourceName } from './resource-validation.ts';

export type LimitRange = StoredInNamespace<OpenApiLimitRange, 'spec'>;
export type LimitRangeItem = LimitRange['spec']['limits'][number];

const limitsPath = new FieldPath('spec', 'limits');
const types = ['Pod', 'Container', 'PersistentVolumeClaim'];

export const limitRangeKind = defineKind<LimitRange>({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  plural: 'limitranges',
  shortNames: ['limits'],
  namespaced: true,
  defaults: (range) => {
    const given = range.spec?.limits ?? [];
    const limits = mapShared(given, defaultItem);
    return limits === range.spec?.limits ? range : { ...range, spec: { ...range.spec, limits } };
  },
  validate: ({ spec: { limits } }) => {
    const seen = new Set<string>();
    return each(limitsPath, limits, (item, path) => {
      const repeated = seen.has(item.type);
      seen.add(item.type);
      return [
        ...validateType(item.type, path),
        ...(repeated ? [fieldDuplicate(path.child('type'), item.type)] : []),
        ...validateItem(item, path),
      ];
    });
  },
  columns: [nameColumn, createdAtColumn],
});

/** upstream: pkg/apis/core/v1/defaults.go SetDefaults_LimitRangeItem */
function defaultItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  const same = Object.keys(limits).length === count(item.default) && Object.keys(requests).length === count(item.defaultRequest);
  return same ? item : { ...item, default: limits, defaultRequest: requests };
}

function count(list: ResourceList | undefined): number {
  return Object.keys(list ?? {}).length;
}

function validateType(type: string, path: FieldPath): readonly FieldError[] {
  const at = path.child('type');
  const faults = invalidBy(at, type, qualifiedName(type ?? ''));
  if (faults.length > 0 || type.includes('/') || types.includes(type)) return faults;
  return [fieldInvalid(at, type, 'must be a standard limit type or fully qualified')];
}

function validateItem(item: LimitRangeItem, path: FieldPath): readonly FieldError[] {
  const { type, min = {}, max = {}, maxLimitRequestRatio = {} } = item;
  const amounts = (field: 'min' | 'max' | 'default' | 'defaultRequest' | 'maxLimitRequestRatio') =>
    Object.entries(item[field] ?? {}).flatMap(([name, amount]) => {
      const at = path.child(field).key(name);
      const named = type === 'Pod' || type === 'Container' ? containerResourceName(name, at) : resourceName(name, at);
      return [...named, ...resourceAmount(name, amount, at)];
    });
  const errors: FieldError[] = [...amounts('max'), ...amounts('min')];
  if (type === 'Pod') {
    for (const field of ['default', 'defaultRequest'] as const)
      if (count(item[field]) > 0) errors.push(fieldForbidden(path.child(field), "may not be specified when `type` is 'Pod'"));
  } else errors.push(...amounts('default'), ...amounts('defaultRequest'));
  if (type === 'PersistentVolumeClaim' && min['storage'] === undefined && max['storage'] === undefined)
    errors.push(fieldRequired(path.child('limits'), 'either minimum or maximum storage value is required, but neither was provided'));
  errors.push(...amounts('maxLimitRequestRatio'));
  const names = new Set([min, max, item.default ?? {}, item.defaultRequest ?? {}, maxLimitRequestRatio].flatMap(Object.keys));
  for (const name of names) errors.push(...validateOrder(item, name, path));
  return errors;
}

/** min ≤ default request ≤ default ≤ max, each pair told where it does not hold. */
function validateOrder(item: LimitRangeItem, name: string, path: FieldPath): readonly FieldError[] {
  const { min, max, default: limit, defaultRequest: request, maxLimitRequestRatio: ratio } = item;
  const of = (list: ResourceList | undefined): Quantity | undefined => {
    const text = list?.[name];
    return text === undefined ? undefined : parseQuantity(text).value;
  };
  const errors: FieldError[] = [];
  const atMost = (
    lower: ResourceList | undefined,
    upper: ResourceList | undefined,
    field: string,
    bad: ResourceList | undefined,
    words: string,
  ) => {
    const [low, high] = [of(lower), of(upper)];
    if (low === undefined || high === undefined || compareQuantities(low, high) <= 0) return;
    const [first = '', second = ''] = words.split('>');
    const detail = `${first} ${lower?.[name]} is greater than ${second} ${upper?.[name]}`;
    errors.push(fieldInvalid(path.child(field).key(name), bad?.[name], detail));
  };
  atMost(min, max, 'min', min, 'min value>max value');
  atMost(min, request, 'defaultRequest', request, 'min value>default request value');
  atMost(request, max, 'defaultRequest', request, 'default request value>max value');
  atMost(request, limit, 'defaultRequest', request, 'default request value>default limit value');
  atMost(min, limit, 'default', min, 'min value>default value');
  atMost(limit, max, 'default', max, 'default value>max value');
  const [most, low, high] = [of(ratio), of(min), of(max)];
  const at = path.child('maxLimitRequestRatio').key(name);
  if (most !== undefined && most.nanos < 1_000_000_000n)
    errors.push(fieldInvalid(at, ratio?.[name], `ratio ${ratio?.[name]} is less than 1`));
  if (most !== undefined && low !== undefined && high !== undefined && low.nanos > 0n) {
    const widest = Number(scaledQuantity(high, -3)) / Number(scaledQuantity(low, -3));
    if (Number(scaledQuantity(most, -3)) / 1000 > widest)
      errors.push(fieldInvalid(at, ratio?.[name], `ratio ${ratio?.[name]} is greater than max/min = ${widest.toFixed(6)}`));
  }
  if (!isOvercommitAllowed(name) && limit?.[name] !== undefined && request?.[name] !== undefined && limit[name] !== request[name]) {
    const detail = `default value ${limit[name]} must equal to defaultRequest value ${request[name]} in ${name}`;
    errors.push(fieldInvalid(path.child('defaultRequest').key(name), request[name], detail));
  }
  return errors;
}
