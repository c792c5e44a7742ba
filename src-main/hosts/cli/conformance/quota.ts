// Suites of what a namespace limits: what pods cost against quotas, and what limit ranges fill in and refuse.
import { podFaults, withDefaults } from '../../../engine/api/admission/limit-ranger.ts';
import { equal } from '../../../engine/base/equal.ts';
import { parseTimestamp } from '../../../engine/base/timestamp.ts';
import type { LimitRange } from '../../../engine/kinds/core/limit-range.ts';
import { type Pod, podKind } from '../../../engine/kinds/core/pod.ts';
import type { Amounts } from '../../../engine/kinds/core/pod-totals.ts';
import { isInScopes, podMatchesScope } from '../../../engine/kinds/core/quota-scopes.ts';
import { usageOf } from '../../../engine/kinds/core/quota-usage.ts';
import type { ResourceQuota, ScopeRequirement } from '../../../engine/kinds/core/resource-quota.ts';
import { addQuantities, parseQuantity, type Quantity, quantityDecimal } from '../../../engine/meta/quantity.ts';
import { type Comparator, compareWherePresent } from './compare.ts';
import type { Suites } from './run-conformance.ts';
import { wholeCasePod } from './whole-object.ts';

interface QuotaCase {
  readonly kind: 'usage' | 'stats' | 'scopes';
  readonly now?: string;
  readonly pod: Pod;
  readonly pods: readonly Pod[];
  readonly scopes?: readonly string[];
  readonly scopeSelector: ResourceQuota['spec']['scopeSelector'] | null;
  readonly candidates: readonly ScopeRequirement[];
}

interface LimitCase {
  readonly limitRange: LimitRange;
  readonly pod: Pod;
}

export const quotaSuites: Suites = {
  'quota.pod-usage': { run: quotaAnswer, compare: compareUsage },
  'limitrange.pod': { run: limitAnswer, compare: compareWherePresent },
};

function quotaAnswer({ kind, now = '', pod, pods, scopes = [], scopeSelector, candidates }: QuotaCase): unknown {
  const unixMs = parseTimestamp(now) ?? 0;
  if (kind === 'usage') return { usage: decimals(usageOf(podKind, wholeCasePod(pod), unixMs)) };
  if (kind === 'scopes') return { matching: candidates.filter((candidate) => podMatchesScope(wholeCasePod(pod), candidate)) };
  const spec = { scopes, ...(scopeSelector === null || scopeSelector === undefined ? {} : { scopeSelector }) };
  const sum = new Map<string, Quantity>();
  for (const one of pods.map(wholeCasePod).filter((candidate) => isInScopes(podKind, candidate, spec)))
    for (const [name, quantity] of usageOf(podKind, one, unixMs)) {
      const known = sum.get(name);
      sum.set(name, known === undefined ? quantity : addQuantities(known, quantity));
    }
  return { usage: decimals(sum) };
}

function decimals(amounts: Amounts): Readonly<Record<string, string>> {
  return Object.fromEntries([...amounts].map(([name, quantity]) => [name, quantityDecimal(quantity)]));
}

/** Usage is compared as quantities, and what is missing counts as none. */
function compareUsage(...[actual, expected]: Parameters<Comparator>): readonly string[] {
  const { usage: wanted } = expected as { readonly usage?: Readonly<Record<string, string>> };
  if (wanted === undefined) return compareWherePresent(actual, expected);
  const { usage: found } = actual as { readonly usage: Readonly<Record<string, string>> };
  const decimal = (text: string): string => {
    const { value } = parseQuantity(text);
    return value === undefined ? text : quantityDecimal(value);
  };
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
    .filter((name) => decimal(wanted[name] ?? '0') !== (found[name] ?? '0'))
    .map((name) => `${name}: expected ${wanted[name]}, got ${found[name]}`);
}

function limitAnswer({ limitRange, pod }: LimitCase): unknown {
  const admitted = withDefaults(wholeCasePod(pod), limitRange);
  const all = [...admitted.spec.containers, ...(admitted.spec.initContainers ?? [])].map((container) => container.resources);
  const resources = all.every((one) => equal(one, all[0])) ? all[0] : all;
  return {
    allowed: podFaults(limitRange, admitted).length === 0 ? 1 : 0,
    resources,
    annotation: admitted.metadata.annotations?.['kubernetes.io/limit-ranger'] ?? null,
  };
}
