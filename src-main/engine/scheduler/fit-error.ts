// The one sentence a person reads when no node will do: reasons with the number of nodes, ordered as upstream orders them.
// upstream: pkg/scheduler/framework/types.go FitError.Error, framework/preemption/preemption.go
import type { Rejection } from './plugins/plugin.ts';

/** Why not, for each reason the nodes it holds for. */
export interface Diagnosis {
  readonly nodesTotal: number;
  /** A plugin turned the pod away before looking at nodes. */
  readonly beforehand: Rejection | null;
  readonly byNode: ReadonlyMap<string, Rejection>;
  /** For the nodes that are not in `byNode`. */
  readonly absent: Rejection | null;
  /** Every plugin that rejected: only what they wait for can help. */
  readonly plugins: readonly string[];
}

/** upstream: ErrNoNodesAvailable */
export const NO_NODES = 'no nodes available to schedule pods';

export function fitErrorText(diagnosis: Diagnosis, preemptionMessage: string): string {
  const { nodesTotal, beforehand } = diagnosis;
  let text = `0/${nodesTotal} nodes are available:`;
  if (beforehand !== null) text += ` ${beforehand.reasons.join(', ')}.`;
  else {
    const histogram = histogramText(reasonCounts(diagnosis));
    if (histogram !== '') text += ` ${histogram}.`;
  }
  return preemptionMessage === '' ? text : `${text} ${preemptionMessage}`;
}

/** The same sentence about preemption. */
export function preemptionText(nodesTotal: number, counts: ReadonlyMap<string, number>): string {
  return `preemption: 0/${nodesTotal} nodes are available: ${histogramText(counts)}.`;
}

export function addCount(counts: Map<string, number>, reason: string, nodes: number): void {
  counts.set(reason, (counts.get(reason) ?? 0) + nodes);
}

function reasonCounts({ byNode, absent, nodesTotal }: Diagnosis): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { reasons } of byNode.values()) for (const reason of reasons) addCount(counts, reason, 1);
  const others = nodesTotal - byNode.size;
  if (absent !== null && others > 0) for (const reason of absent.reasons) addCount(counts, reason, others);
  return counts;
}

// Sorted as texts, so 10 comes before 9.
function histogramText(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .map(([reason, nodes]) => `${nodes} ${reason}`)
    .sort()
    .join(', ');
}
