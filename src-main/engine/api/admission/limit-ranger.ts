// Fills in what containers of a namespace with a LimitRange leave out, and refuses pods and claims beyond its bounds.
// upstream: plugin/pkg/admission/limitranger/admission.go
import { type LimitRange, type LimitRangeItem, limitRangeKind } from '../../kinds/core/limit-range.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { type Container, mapShared, type PodSpec, type ResourceList } from '../../kinds/core/pod-spec.ts';
import { type Amounts, amountsOf, containerTotals } from '../../kinds/core/pod-totals.ts';
import { compareQuantities, printQuantity, type Quantity } from '../../meta/quantity.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionPlugin, type AdmissionReader, isAbout } from './admission-plugin.ts';

const ANNOTATION = 'kubernetes.io/limit-ranger';

export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  kinds: ['Pod', 'PersistentVolumeClaim'],
  subresources: ['resize'],
  admit: (request, reader) => {
    if (request.operation !== 'CREATE' || !isAbout(request, podKind)) return request.object;
    return rangesOf(request, reader).reduce<Pod>(withDefaults, request.object);
  },
  validate: (request, reader) => {
    const { operation, object, kind, subresource } = request;
    if (operation === 'DELETE' || object.metadata.deletionTimestamp !== undefined) return;
    const isPod = isAbout(request, podKind) && (operation === 'CREATE' || subresource === 'resize');
    if (!isPod && !isAbout(request, persistentVolumeClaimKind)) return;
    for (const range of rangesOf(request, reader)) {
      const faults = isPod ? podFaults(range, object as Pod) : claimFaults(range, object as PersistentVolumeClaim);
      const why = faults.length > 1 ? `[${[...new Set(faults)].join(', ')}]` : faults[0];
      if (why !== undefined) throw forbidden({ group: kind.group, resource: kind.plural }, object.metadata.name, why);
    }
  },
};

/** The pod with what the range gives to containers that name nothing themselves. upstream: PodMutateLimitFunc */
export function withDefaults(pod: Pod, range: LimitRange): Pod {
  const { requests, limits } = defaultsOf(range);
  if (Object.keys(requests).length + Object.keys(limits).length === 0) return pod;
  const { spec, texts } = filled(pod.spec, range, requests, limits);
  if (spec === pod.spec) return pod;
  const annotations = { ...pod.metadata.annotations, [ANNOTATION]: `LimitRanger plugin set: ${texts.join('; ')}` };
  return { ...pod, spec, metadata: { ...pod.metadata, annotations } };
}

/** What of the pod the range forbids. upstream: PodValidateLimitFunc */
export function podFaults({ spec: { limits } }: LimitRange, { spec }: Pick<Pod, 'spec'>): readonly string[] {
  return limits.flatMap((item) => {
    if (item.type === 'Pod') return faultsOf(item, containerTotals(spec, 'requests'), containerTotals(spec, 'limits'));
    if (item.type !== 'Container') return [];
    return [...spec.containers, ...(spec.initContainers ?? [])].flatMap(({ resources }) =>
      faultsOf(item, amountsOf(resources?.requests), amountsOf(resources?.limits)),
    );
  });
}

/** upstream: PersistentVolumeClaimValidateLimitFunc */
function claimFaults({ spec: { limits } }: LimitRange, { spec }: PersistentVolumeClaim): readonly string[] {
  const requests = amountsOf(spec.resources?.requests);
  return limits
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap(({ type, min, max }) => [
      ...each(min, (name, bound) => belowMin(type, name, bound, requests.get(name), undefined)),
      ...each(max, (name, bound) => requestAboveMax(type, name, bound, requests.get(name))),
    ]);
}

function rangesOf(request: AdmissionRequest, reader: AdmissionReader): readonly LimitRange[] {
  return reader.list(limitRangeKind, request.namespace);
}

function defaultsOf({ spec: { limits } }: LimitRange): { readonly requests: ResourceList; readonly limits: ResourceList } {
  const ofContainers = limits.filter(({ type }) => type === 'Container');
  return {
    requests: Object.assign({}, ...ofContainers.map(({ defaultRequest = {} }) => defaultRequest)) as ResourceList,
    limits: Object.assign({}, ...ofContainers.map(({ default: limit = {} }) => limit)) as ResourceList,
  };
}

interface Filled {
  readonly spec: PodSpec;
  readonly texts: readonly string[];
}

// Pods of one template hand in the same spec, and go on sharing the one made of it.
const known = new WeakMap<PodSpec, WeakMap<LimitRange, Filled>>();

function filled(spec: PodSpec, range: LimitRange, requests: ResourceList, limits: ResourceList): Filled {
  const results = known.get(spec) ?? new WeakMap<LimitRange, Filled>();
  known.set(spec, results);
  let result = results.get(range);
  if (result === undefined) {
    const texts: string[] = [];
    const fill = (what: string) => (container: Container) => filledContainer(container, what, requests, limits, texts);
    const containers = mapShared(spec.containers, fill('container'));
    const init = spec.initContainers === undefined ? undefined : mapShared(spec.initContainers, fill('init container'));
    const same = containers === spec.containers && init === spec.initContainers;
    result = { spec: same ? spec : { ...spec, containers, ...(init && { initContainers: init }) }, texts };
    results.set(range, result);
  }
  return result;
}

function filledContainer(container: Container, what: string, requests: ResourceList, limits: ResourceList, texts: string[]): Container {
  const { resources = {} } = container;
  const lacking = (given: ResourceList | undefined, wanted: ResourceList): readonly string[] =>
    Object.keys(wanted)
      .filter((name) => given?.[name] === undefined)
      .sort();
  const [newRequests, newLimits] = [lacking(resources.requests, requests), lacking(resources.limits, limits)];
  if (newRequests.length + newLimits.length === 0) return container;
  if (newRequests.length > 0) texts.push(`${newRequests.join(', ')} request for ${what} ${container.name}`);
  if (newLimits.length > 0) texts.push(`${newLimits.join(', ')} limit for ${what} ${container.name}`);
  const complete = { requests: { ...requests, ...resources.requests }, limits: { ...limits, ...resources.limits } };
  return { ...container, resources: { ...resources, ...complete } };
}

function faultsOf({ type, min, max, maxLimitRequestRatio }: LimitRangeItem, requests: Amounts, limits: Amounts): readonly string[] {
  return [
    ...each(min, (name, bound) => belowMin(type, name, bound, requests.get(name), limits.get(name))),
    ...each(max, (name, bound) => aboveMax(type, name, bound, requests.get(name), limits.get(name))),
    ...each(maxLimitRequestRatio, (name, bound) => aboveRatio(type, name, bound, requests.get(name), limits.get(name))),
  ];
}

function each(list: ResourceList | undefined, rule: (name: string, bound: Quantity) => string | null): readonly string[] {
  return [...amountsOf(list)].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([name, bound]) => rule(name, bound) ?? []);
}

type Amount = Quantity | undefined;

function belowMin(type: string, name: string, bound: Quantity, request: Amount, limit: Amount): string | null {
  const text = `minimum ${name} usage per ${type} is ${printQuantity(bound)}`;
  if (request === undefined) return `${text}.  No request is specified`;
  if (compareQuantities(request, bound) < 0) return `${text}, but request is ${printQuantity(request)}`;
  return limit !== undefined && compareQuantities(limit, bound) < 0 ? `${text}, but limit is ${printQuantity(limit)}` : null;
}

function aboveMax(type: string, name: string, bound: Quantity, request: Amount, limit: Amount): string | null {
  const text = `maximum ${name} usage per ${type} is ${printQuantity(bound)}`;
  if (limit === undefined) return `${text}.  No limit is specified`;
  if (compareQuantities(limit, bound) > 0) return `${text}, but limit is ${printQuantity(limit)}`;
  return request === undefined ? null : requestAboveMax(type, name, bound, request);
}

function requestAboveMax(type: string, name: string, bound: Quantity, request: Amount): string | null {
  const text = `maximum ${name} usage per ${type} is ${printQuantity(bound)}`;
  if (request === undefined) return `${text}.  No request is specified`;
  return compareQuantities(request, bound) > 0 ? `${text}, but request is ${printQuantity(request)}` : null;
}

function aboveRatio(type: string, name: string, bound: Quantity, request: Amount, limit: Amount): string | null {
  const text = `${name} max limit to request ratio per ${type} is ${printQuantity(bound)}`;
  if (request === undefined || request.nanos === 0n) return `${text}, but no request is specified or request is 0`;
  if (limit === undefined || limit.nanos === 0n) return `${text}, but no limit is specified or limit is 0`;
  const ratio = Number(limit.nanos) / Number(request.nanos);
  return ratio * 1_000_000_000 > Number(bound.nanos) ? `${text}, but provided ratio is ${ratio.toFixed(6)}` : null;
}
