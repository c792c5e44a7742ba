// Refuses what would exceed a ResourceQuota, and charges what does not, at once. upstream: apiserver pkg/admission/plugin/resourcequota/controller.go
import type { Container, PodSpec } from '../../kinds/core/pod-spec.ts';
import { type Amounts, amountsOf } from '../../kinds/core/pod-totals.ts';
import { quotaCovers } from '../../kinds/core/quota-scopes.ts';
import { computeUsage, countsFor, usageOf } from '../../kinds/core/quota-usage.ts';
import { type ResourceQuota, resourceQuotaKind } from '../../kinds/core/resource-quota.ts';
import { addQuantities, compareQuantities, printQuantity, type Quantity } from '../../meta/quantity.ts';
import { forbidden } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import type { AdmissionPlugin, AdmissionServer } from './admission-plugin.ts';

/** Once cpu or memory is limited, each container has to name it. upstream: validationSet */
const mandatory: ReadonlySet<string> = new Set(['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory']);
/** Their type or size may change, and their price with it. */
const pricedOnUpdate: ReadonlySet<string> = new Set(['services', 'persistentvolumeclaims']);
const USER = 'system:apiserver';

export const resourceQuota: AdmissionPlugin = { name: 'ResourceQuota', subresources: ['resize'], validate };

function validate(request: AdmissionRequest, server: AdmissionServer): void {
  const { kind, operation, object, namespace, subresource } = request;
  const isPriced =
    operation === 'CREATE' || subresource === 'resize' || (operation === 'UPDATE' && kind.group === '' && pricedOnUpdate.has(kind.plural));
  if (!kind.namespaced || !isPriced || kind.kind === 'Event') return;
  const quotas = server.list(resourceQuotaKind, namespace).filter((quota) => quotaCovers(kind, object, quota.spec, quota.status.hard));
  if (quotas.length === 0) return;
  const refuse = (why: string) => forbidden({ group: kind.group, resource: kind.plural }, object.metadata.name, why);
  for (const quota of quotas) {
    const names = Object.keys(quota.status.hard ?? {}).filter((name) => countsFor(kind, name));
    const missing = kind.plural === 'pods' && kind.group === '' ? missingResources(object as unknown as { spec: PodSpec }, names) : '';
    if (missing !== '') throw refuse(`failed quota: ${quota.metadata.name}: must specify ${missing}`);
    if (!names.every((name) => quota.status.used?.[name] !== undefined))
      throw refuse(`status unknown for quota: ${quota.metadata.name}, resources: ${names.sort().join(',')}`);
  }
  const charges = chargesOf(request, server.unixMs);
  if (charges.size === 0) return;
  const charged = quotas.map((quota) => charge(quota, charges, refuse));
  for (const [index, quota] of charged.entries()) if (quota !== quotas[index]) server.update(resourceQuotaKind, quota, USER, 'status');
}

/** What the request adds; nothing below zero. */
function chargesOf({ kind, object, previous, operation }: AdmissionRequest, unixMs: number): Amounts {
  const usage = usageOf(kind, object, unixMs);
  const before: Amounts = operation === 'UPDATE' && previous !== null ? usageOf(kind, previous, unixMs) : new Map();
  const added = new Map<string, Quantity>();
  for (const [name, quantity] of usage) {
    const nanos = quantity.nanos - (before.get(name)?.nanos ?? 0n);
    if (nanos > 0n) added.set(name, { ...quantity, nanos });
  }
  return added;
}

/** The quota with the charges in its usage; throws StatusError when they are too much. */
function charge(quota: ResourceQuota, charges: Amounts, refuse: (why: string) => Error): ResourceQuota {
  const { hard = {}, used = {} } = quota.status;
  const [limits, before] = [amountsOf(hard), amountsOf(used)];
  const relevant = [...charges].filter(([name]) => limits.has(name)).sort(([a], [b]) => (a < b ? -1 : 1));
  if (relevant.length === 0) return quota;
  const exceeded: string[] = [];
  const next: Record<string, string> = { ...used };
  for (const [name, quantity] of relevant) {
    const sum = addQuantities(before.get(name) ?? { nanos: 0n, format: quantity.format }, quantity);
    const limit = limits.get(name) as Quantity;
    if (compareQuantities(sum, limit) > 0) exceeded.push(name);
    next[name] = printQuantity(sum);
  }
  if (exceeded.length > 0) {
    const text = (of: (name: string) => string): string => exceeded.map((name) => `${name}=${of(name)}`).join(',');
    const requested = text((name) => printQuantity(charges.get(name) as Quantity));
    const had = text((name) => used[name] ?? '0');
    throw refuse(
      `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${had}, limited: ${text((name) => hard[name] ?? '')}`,
    );
  }
  return { ...quota, status: { ...quota.status, used: next } };
}

/** `cpu for: web; memory for: side,web`, or ''. upstream: podEvaluator.Constraints */
function missingResources({ spec }: { readonly spec: PodSpec }, names: readonly string[]): string {
  const wanted = names.filter((name) => mandatory.has(name)).sort();
  const containers: readonly Container[] = [...spec.containers, ...(spec.initContainers ?? [])];
  const faults = wanted.flatMap((name) => {
    const without = containers.filter(
      ({ resources }) => !computeUsage(amountsOf(resources?.requests), amountsOf(resources?.limits)).has(name),
    );
    return without.length === 0 ? [] : [`${name} for: ${[...new Set(without.map((container) => container.name))].sort().join(',')}`];
  });
  return faults.join('; ');
}
