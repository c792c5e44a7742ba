// Budgets and quotas at rest: a budget counts the pods that are healthy now, a quota what there is now.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import { countsFor, usageOf } from '../../src-main/engine/kinds/core/quota-usage.ts';
import type { ResourceQuota } from '../../src-main/engine/kinds/core/resource-quota.ts';
import type { PodDisruptionBudget } from '../../src-main/engine/kinds/policy/pod-disruption-budget.ts';
import { selectorFor } from '../../src-main/engine/meta/label-selector.ts';
import { addQuantities, printQuantity, type Quantity } from '../../src-main/engine/meta/quantity.ts';
import { isReady, tableOf } from './convergence.ts';

export function policyFaults(cluster: Cluster): readonly string[] {
  return [
    ...tableOf<PodDisruptionBudget>(cluster, 'PodDisruptionBudget.policy').flatMap((budget) => budgetFaults(cluster, budget)),
    ...tableOf<ResourceQuota>(cluster, 'ResourceQuota').flatMap((quota) => quotaFaults(cluster, quota)),
  ];
}

function budgetFaults(cluster: Cluster, { metadata, spec, status }: PodDisruptionBudget): readonly string[] {
  const [condition] = status.conditions ?? [];
  if (condition === undefined) return [`budget ${metadata.name} has not been looked at`];
  if (condition.reason === 'SyncFailed') return [];
  const matches = selectorFor(spec.selector);
  const healthy = tableOf<Pod>(cluster, 'Pod').filter(
    (pod) =>
      pod.metadata.namespace === metadata.namespace &&
      matches(pod.metadata.labels) &&
      isReady(pod) &&
      pod.metadata.deletionTimestamp === undefined,
  );
  const { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed, disruptedPods = {} } = status;
  const faults: string[] = [];
  if (Object.keys(disruptedPods).length > 0) faults.push(`budget ${metadata.name} still waits for ${Object.keys(disruptedPods)}`);
  if (currentHealthy !== healthy.length) faults.push(`budget ${metadata.name} counts ${currentHealthy} of ${healthy.length} healthy pods`);
  const allowed = expectedPods === 0 ? 0 : Math.max(currentHealthy - desiredHealthy, 0);
  if (disruptionsAllowed !== allowed) faults.push(`budget ${metadata.name} allows ${disruptionsAllowed} in place of ${allowed}`);
  return faults;
}

/**
 * A quota is measured by what its controller has heard of: what is made while it measures is left out until all quotas are measured again.
 * upstream: resource_quota_controller.go syncResourceQuota and --resource-quota-sync-period
 */
const RESYNC_MS = 300_000;

function quotaFaults(cluster: Cluster, { metadata, spec, status }: ResourceQuota): readonly string[] {
  const { nowMs, unixMs } = cluster.timeline;
  const measuredMs = unixMs - (nowMs % RESYNC_MS);
  return Object.keys(spec.hard ?? {}).flatMap((name) => {
    let sum: Quantity = { nanos: 0n, format: 'DecimalSI' };
    let isYoung = false;
    for (const kind of cluster.kinds.all()) {
      if (!kind.namespaced || !countsFor(kind, name)) continue;
      for (const object of cluster.server.list(kind, metadata.namespace)) {
        const used = usageOf(kind, object, unixMs).get(name);
        if (used === undefined) continue;
        sum = addQuantities(sum, used);
        isYoung ||= Date.parse(object.metadata.creationTimestamp ?? '') >= measuredMs;
      }
    }
    const [told, real] = [status.used?.[name], printQuantity(sum)];
    return told === real || isYoung ? [] : [`quota ${metadata.namespace}/${metadata.name} says ${name}: ${told} in place of ${real}`];
  });
}
