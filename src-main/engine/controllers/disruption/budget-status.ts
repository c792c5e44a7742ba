// What a budget allows now: how many pods there should be, how many of them have to be healthy, and how many are.
// upstream: pkg/controller/disruption/disruption.go trySync, getExpectedPodCount, buildDisruptedPodMap
import { parseTimestamp } from '../../base/timestamp.ts';
import type { PodDisruptionBudget } from '../../kinds/policy/pod-disruption-budget.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { type IntOrString, scaledIntOrPercent } from '../../meta/int-or-string.ts';
import type { OwnerReference } from '../../meta/object.ts';
import type { BudgetPods } from './budget-pods.ts';
import { type ControllerScale, SyncFailure } from './controller-scale.ts';

/** How long an eviction may take until the budget stops counting on it. upstream: DeletionTimeout */
const DELETION_TIMEOUT_MS = 120_000;

export interface BudgetCount {
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly disruptionsAllowed: number;
  readonly disruptedPods: Readonly<Record<string, string>>;
  /** Covered pods without a controller were left out of the count. */
  readonly isGuess: boolean;
  /** Names of pods whose eviction was allowed long ago, and which are still there. */
  readonly notDeleted: readonly string[];
  /** When a pod's eviction will have taken too long; null: none is under way. */
  readonly recheckMs: number | null;
}

/** Throws SyncFailure when the pods' controllers do not tell how many there should be. */
export function budgetCount(
  { spec, status }: Pick<PodDisruptionBudget, 'spec' | 'status'>,
  pods: BudgetPods,
  scaleOf: (owner: OwnerReference) => ControllerScale | undefined,
  unixMs: number,
): BudgetCount {
  const { expectedPods, desiredHealthy, isGuess } = expected(spec, pods, scaleOf);
  const { disruptedPods, notDeleted, recheckMs } = evictionsUnderWay(status.disruptedPods ?? {}, pods, unixMs);
  const leaving = Object.keys(disruptedPods).filter((name) => pods.isCounted(name)).length;
  const currentHealthy = pods.ready - leaving;
  // No pods expected yet: the first that appear are safe until they are counted.
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(currentHealthy - desiredHealthy, 0);
  return { currentHealthy, desiredHealthy, expectedPods, disruptionsAllowed, disruptedPods, isGuess, notDeleted, recheckMs };
}

interface Expected {
  readonly expectedPods: number;
  readonly desiredHealthy: number;
  readonly isGuess: boolean;
}

function expected(
  { maxUnavailable, minAvailable }: PodDisruptionBudget['spec'],
  pods: BudgetPods,
  scaleOf: (owner: OwnerReference) => ControllerScale | undefined,
): Expected {
  if (maxUnavailable === undefined && typeof minAvailable === 'number')
    return { expectedPods: pods.total, desiredHealthy: minAvailable, isGuess: false };
  if (maxUnavailable === undefined && minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0, isGuess: false };
  const scales = new Map<string, number>();
  for (const owner of pods.owners()) {
    const scale = scaleOf(owner);
    if (scale === undefined) throw new SyncFailure(`found no controllers for pod ${goQuote(pods.podOf(owner))}`);
    scales.set(scale.uid, scale.replicas);
  }
  let expectedPods = 0;
  for (const replicas of scales.values()) expectedPods += replicas;
  const isGuess = pods.hasUnmanaged;
  if (maxUnavailable === undefined) return { expectedPods, desiredHealthy: share(minAvailable, expectedPods), isGuess };
  return { expectedPods, desiredHealthy: Math.max(expectedPods - share(maxUnavailable, expectedPods), 0), isGuess };
}

function share(amount: IntOrString | undefined, total: number): number {
  const { value, error } = scaledIntOrPercent(amount, total, true);
  if (value === undefined) throw new SyncFailure(error);
  return value;
}

type UnderWay = Pick<BudgetCount, 'disruptedPods' | 'notDeleted' | 'recheckMs'>;

function evictionsUnderWay(listed: Readonly<Record<string, string>>, pods: BudgetPods, unixMs: number): UnderWay {
  const disruptedPods: Record<string, string> = {};
  const notDeleted: string[] = [];
  let recheckMs: number | null = null;
  for (const [name, since] of Object.entries(listed)) {
    if (!pods.has(name) || pods.isTerminating(name)) continue;
    const dueMs = (parseTimestamp(since) ?? 0) + DELETION_TIMEOUT_MS;
    if (dueMs < unixMs) {
      notDeleted.push(name);
      continue;
    }
    disruptedPods[name] = since;
    recheckMs = Math.min(recheckMs ?? dueMs, dueMs);
  }
  return { disruptedPods, notDeleted, recheckMs };
}
