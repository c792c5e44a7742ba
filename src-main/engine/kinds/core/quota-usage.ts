// What an object costs against a ResourceQuota: each kind by its own measure, and every kind as one more object.
// upstream: pkg/quota/v1/evaluator/core, staging/src/k8s.io/apiserver/pkg/quota/v1/generic
import { parseTimestamp } from '../../base/timestamp.ts';
import type { ApiObject } from '../../meta/object.ts';
import { compareQuantities, parseQuantity, type Quantity, roundQuantityUp } from '../../meta/quantity.ts';
import type { Kind } from '../kind.ts';
import { claimClass } from './find-matching-volume.ts';
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';
import type { Pod } from './pod.ts';
import type { PodSpec } from './pod-spec.ts';
import { type Amounts, podTotals } from './pod-totals.ts';
import { isExtended } from './resource-validation.ts';
import type { Service } from './service.ts';

type Named = Pick<Kind, 'group' | 'kind' | 'plural'>;

const ONE = whole(1);
const NONE = whole(0);
const computeNames = ['cpu', 'memory', 'ephemeral-storage'] as const;
const STORAGE_CLASS = '.storageclass.storage.k8s.io/';
/** These may be named without `count/`, too. upstream: legacyObjectCountAliases */
const aliases: ReadonlySet<string> = new Set(['configmaps', 'resourcequotas', 'replicationcontrollers', 'secrets']);
const claimNames: readonly string[] = ['persistentvolumeclaims', 'requests.storage'];
const serviceNames: readonly string[] = ['services', 'services.nodeports', 'services.loadbalancers'];
const podNames: ReadonlySet<string> = new Set(['pods', ...computeNames.flatMap((name) => [name, `requests.${name}`, `limits.${name}`])]);

/** Is the quota entry about objects of this kind? upstream: MatchingResources */
export function countsFor({ group, plural }: Named, name: string): boolean {
  if (name === countName(group, plural)) return true;
  if (group !== '') return false;
  if (plural === 'pods') return podNames.has(name) || /^(requests\.)?hugepages-/.test(name) || isExtendedQuota(name);
  if (plural === 'services') return serviceNames.includes(name);
  if (plural === 'persistentvolumeclaims')
    return claimNames.includes(name) || claimNames.some((suffix) => name.endsWith(`${STORAGE_CLASS}${suffix}`));
  return aliases.has(plural) && name === plural;
}

/** Everything that the object uses, by quota entry. */
export function usageOf(kind: Named, object: ApiObject, unixMs: number): Amounts {
  const { group, plural } = kind;
  const counted = new Map<string, Quantity>([[countName(group, plural), ONE]]);
  if (group !== '') return counted;
  if (plural === 'pods') return isCharged(object as Pod, unixMs) ? podUsage((object as Pod).spec) : finishedPod;
  if (plural === 'services') return serviceUsage(object as Service);
  if (plural === 'persistentvolumeclaims') return claimUsage(object as PersistentVolumeClaim);
  return aliases.has(plural) ? counted.set(plural, ONE) : counted;
}

/** Finished pods, and pods that should be gone already, no longer count for more than their number. upstream: QuotaV1Pod */
export function isCharged({ metadata, status }: Pod, unixMs: number): boolean {
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') return false;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (deletionTimestamp === undefined || deletionGracePeriodSeconds === undefined) return true;
  return unixMs <= (parseTimestamp(deletionTimestamp) ?? 0) + deletionGracePeriodSeconds * 1000;
}

/** cpu, memory and such of one container's requests and limits, as quota entries. upstream: podComputeUsageHelper */
export function computeUsage(requests: Amounts, limits: Amounts): Map<string, Quantity> {
  const usage = new Map<string, Quantity>([['pods', ONE]]);
  for (const name of computeNames) {
    const [request, limit] = [requests.get(name), limits.get(name)];
    if (request !== undefined) usage.set(name, request).set(`requests.${name}`, request);
    if (limit !== undefined) usage.set(`limits.${name}`, limit);
  }
  for (const [name, request] of requests) {
    if (name.startsWith('hugepages-')) usage.set(name, request).set(`requests.${name}`, request);
    else if (isExtended(name)) usage.set(`requests.${name}`, request);
  }
  return usage;
}

const finishedPod: Amounts = new Map([['count/pods', ONE]]);

interface Remembered {
  readonly spec: Pick<PodSpec, 'initContainers' | 'overhead' | 'resources'>;
  readonly usage: Amounts;
}

// Pods of one template share their containers, also after they were bound.
const podUsages = new WeakMap<PodSpec['containers'], Remembered>();

function podUsage(spec: PodSpec): Amounts {
  const known = podUsages.get(spec.containers);
  const same = known?.spec.initContainers === spec.initContainers && known?.spec.overhead === spec.overhead;
  if (known !== undefined && same && known.spec.resources === spec.resources) return known.usage;
  const usage = computeUsage(podTotals(spec, 'requests'), podTotals(spec, 'limits')).set('count/pods', ONE);
  podUsages.set(spec.containers, { spec, usage });
  return usage;
}

function serviceUsage({ spec }: Service): Amounts {
  const { type, ports = [], allocateLoadBalancerNodePorts } = spec;
  const isBalanced = type === 'LoadBalancer';
  const chosen = isBalanced && allocateLoadBalancerNodePorts === false ? ports.filter(({ nodePort = 0 }) => nodePort !== 0) : ports;
  return new Map([
    ['count/services', ONE],
    ['services', ONE],
    ['services.loadbalancers', isBalanced ? ONE : NONE],
    ['services.nodeports', isBalanced || type === 'NodePort' ? whole(chosen.length) : NONE],
  ]);
}

function claimUsage(claim: PersistentVolumeClaim): Amounts {
  const usage = new Map([
    ['persistentvolumeclaims', ONE],
    ['count/persistentvolumeclaims', ONE],
  ]);
  const className = claimClass(claim);
  if (className !== '') usage.set(`${className}${STORAGE_CLASS}persistentvolumeclaims`, ONE);
  const storage = storageOf(claim);
  if (storage === undefined) return usage;
  usage.set('requests.storage', storage);
  return className === '' ? usage : usage.set(`${className}${STORAGE_CLASS}requests.storage`, storage);
}

/** What was asked for, or what is allocated when that is more. upstream: getStorageUsage */
function storageOf({ spec, status }: PersistentVolumeClaim): Quantity | undefined {
  const of = (text: string | undefined) => (text === undefined ? undefined : parseQuantity(text).value);
  const [asked, allocated] = [of(spec.resources?.requests?.['storage']), of(status?.allocatedResources?.['storage'])];
  if (asked === undefined) return undefined;
  return roundQuantityUp(allocated !== undefined && compareQuantities(allocated, asked) > 0 ? allocated : asked, 0);
}

function countName(group: string, plural: string): string {
  return group === '' ? `count/${plural}` : `count/${plural}.${group}`;
}

/** upstream: isExtendedResourceNameForQuota */
function isExtendedQuota(name: string): boolean {
  return name.startsWith('requests.') && name.includes('/') && !name.includes('kubernetes.io/');
}

function whole(count: number): Quantity {
  return { nanos: BigInt(count) * 1_000_000_000n, format: 'DecimalSI' };
}
