// The steps of a node that its API object shows: readiness, taints, cordon and pressure.
import type { Delta } from '../../engine/api/store.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';
import { NO_STEPS, type StepDraft } from './step-draft.ts';

type Taint = NonNullable<Node['spec']['taints']>[number];
const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;
/** Set by the node lifecycle controller after the Ready condition. upstream: node_lifecycle_controller.go nodeConditionToTaintKeyStatusMap */
const OF_CONDITION = /^node\.kubernetes\.io\/(memory-pressure|disk-pressure|pid-pressure|network-unavailable|unschedulable)$/;
const LOST = /^node\.kubernetes\.io\/(unreachable|not-ready)$/;

export function nodeSteps({ type, object, previous }: Delta): readonly StepDraft[] {
  const node = object as Node;
  if (type === 'DELETED') return [{ lane: 'nodes', tone: 'bad', what: 'node.gone' }];
  if (previous === null) return [{ lane: 'nodes', tone: 'plain', what: 'node.registered' }];
  const before = previous as Node;
  const steps: StepDraft[] = [];
  if (node.status.conditions !== before.status.conditions) conditions(node, before, steps);
  if (node.spec !== before.spec) {
    const cordoned = node.spec.unschedulable === true;
    if (cordoned !== (before.spec.unschedulable === true))
      steps.push({ lane: 'nodes', tone: 'plain', what: cordoned ? 'node.cordoned' : 'node.uncordoned' });
    taints(node, before.spec.taints ?? [], steps);
  }
  return steps.length === 0 ? NO_STEPS : steps;
}

function conditions(node: Node, before: Node, steps: StepDraft[]): void {
  const ready = findCondition(node.status.conditions, 'Ready');
  if (ready !== undefined && ready.status !== findCondition(before.status.conditions, 'Ready')?.status) {
    if (ready.status === 'True') steps.push({ lane: 'nodes', tone: 'good', what: 'node.ready' });
    else if (ready.status === 'Unknown') steps.push({ lane: 'nodes', tone: 'bad', what: 'node.unknown' });
    else steps.push({ lane: 'nodes', tone: 'bad', what: 'node.notReady', values: { message: ready.message ?? '' } });
  }
  for (const pressure of PRESSURES) {
    const now = isConditionTrue(node.status.conditions, pressure);
    if (now === isConditionTrue(before.status.conditions, pressure)) continue;
    steps.push({ lane: 'nodes', tone: now ? 'bad' : 'good', what: now ? 'node.pressure' : 'node.relieved', values: { pressure } });
  }
}

function taints(node: Node, before: readonly Taint[], steps: StepDraft[]): void {
  const now = node.spec.taints ?? [];
  const has = (list: readonly Taint[], { key, effect }: Taint): boolean =>
    list.some((taint) => taint.key === key && taint.effect === effect);
  for (const taint of now) {
    if (has(before, taint)) continue;
    const what = LOST.test(taint.key) ? `node.lost${taint.effect}` : 'node.tainted';
    steps.push({ lane: 'nodes', tone: taint.effect === 'NoExecute' ? 'bad' : 'plain', what, values: { taint: text(taint) } });
  }
  for (const taint of before)
    if (!has(now, taint)) steps.push({ lane: 'nodes', tone: 'good', what: withoutTaint(node, taint), values: { taint: text(taint) } });
}

/** A controller that begins anew, or hears of no node at all, takes away what is still true; other taints are whose they are. */
function withoutTaint({ status }: Node, { key }: Taint): string {
  if (LOST.test(key)) return isConditionTrue(status.conditions, 'Ready') ? 'node.untainted' : 'node.untaintedAnew';
  return OF_CONDITION.test(key) ? 'node.untainted' : 'node.taintTaken';
}

function text({ key, value = '', effect }: Taint): string {
  return `${key}${value === '' ? '' : `=${value}`}:${effect}`;
}
