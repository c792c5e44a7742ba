/**
 * Why the scheduler put a pod on no node: nodes with the same reasons stand together.
 * Of a hundred nodes nearly all refuse alike, and the odd one is what a person looks for: it comes first.
 */
import type { ObjectDetail } from '../../../src-main/contract/bridge.ts';

/** `nodes`: their names in the order a person counts, with their number when they are many. */
export function whyNot(unschedulable: ObjectDetail['unschedulable']): readonly { readonly reasons: string; readonly nodes: string }[] {
  const byReasons = new Map<string, string[]>();
  for (const { node, reasons } of unschedulable) {
    const key = reasons.join('; ');
    const nodes = byReasons.get(key);
    if (nodes) nodes.push(node);
    else byReasons.set(key, [node]);
  }
  return [...byReasons]
    .sort(([, one], [, other]) => one.length - other.length)
    .map(([reasons, nodes]) => {
      const names = nodes.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).join(', ');
      return { reasons, nodes: nodes.length > MANY ? `${nodes.length}: ${names}` : names };
    });
}

const MANY = 3;
