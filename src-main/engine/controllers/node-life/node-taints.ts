// The taints the node controller puts on nodes for their conditions.
// upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go, pkg/controller/util/node/controller_utils.go
import { formatTimestamp } from '../../base/timestamp.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Taint } from '../../meta/tolerations.ts';

export type Effect = 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';

const NOT_READY = 'node.kubernetes.io/not-ready';
const UNREACHABLE = 'node.kubernetes.io/unreachable';
const UNSCHEDULABLE = 'node.kubernetes.io/unschedulable';

export const notReadyTaint: Taint = { key: NOT_READY, effect: 'NoExecute' };
export const unreachableTaint: Taint = { key: UNREACHABLE, effect: 'NoExecute' };

/** upstream: nodeConditionToTaintKeyStatusMap */
const keyOfCondition: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Ready: { False: NOT_READY, Unknown: UNREACHABLE },
  MemoryPressure: { True: 'node.kubernetes.io/memory-pressure' },
  DiskPressure: { True: 'node.kubernetes.io/disk-pressure' },
  NetworkUnavailable: { True: 'node.kubernetes.io/network-unavailable' },
  PIDPressure: { True: 'node.kubernetes.io/pid-pressure' },
};
const managedKeys: ReadonlySet<string> = new Set([...Object.values(keyOfCondition).flatMap((keys) => Object.values(keys)), UNSCHEDULABLE]);

/** The node with its NoSchedule taints as its conditions want them; the same value when they are. upstream: doNoScheduleTaintingPass */
export function withScheduleTaints(node: Node, unixMs: number): Node {
  const keys = (node.status.conditions ?? []).flatMap(({ type, status }) => keyOfCondition[type]?.[status] ?? []);
  if (node.spec.unschedulable === true) keys.push(UNSCHEDULABLE);
  const have = (node.spec.taints ?? []).filter(({ key, effect }) => effect === 'NoSchedule' && managedKeys.has(key)).map(({ key }) => key);
  const add = keys.filter((key) => !have.includes(key)).map((key): Taint => ({ key, effect: 'NoSchedule' }));
  const remove = have.filter((key) => !keys.includes(key)).map((key): Taint => ({ key, effect: 'NoSchedule' }));
  return swapTaints(node, add, remove, unixMs);
}

/** The NoExecute taint that a node with this Ready status must have; null when it is ready. */
export function evictionTaint(status: string): Taint | null {
  if (status === 'False') return notReadyTaint;
  return status === 'Unknown' ? unreachableTaint : null;
}

export function hasTaint(node: Node, taint: Taint): boolean {
  return (node.spec.taints ?? []).some((candidate) => isSameTaint(candidate, taint));
}

/** The node with some taints added and others removed; the same value when nothing changes. upstream: SwapNodeControllerTaint */
function swapTaints(node: Node, add: readonly Taint[], remove: readonly Taint[], unixMs: number): Node {
  const taints = node.spec.taints ?? [];
  const kept = taints.filter((taint) => !remove.some((removed) => isSameTaint(taint, removed)));
  const timeAdded = formatTimestamp(unixMs);
  const added = add.filter((taint) => !kept.some((present) => isSameTaint(present, taint))).map((taint) => ({ ...taint, timeAdded }));
  if (added.length === 0 && kept.length === taints.length) return node;
  const next = [...kept, ...added];
  if (next.length > 0) return { ...node, spec: { ...node.spec, taints: next } };
  const { taints: _, ...spec } = node.spec;
  return { ...node, spec };
}

/** The node after an action of its chart; the same value for one that touches no taint. */
export function withEviction(node: Node, action: string, unixMs: number): Node {
  if (action === 'removeTaints') return swapTaints(node, [], [unreachableTaint, notReadyTaint], unixMs);
  if (action === 'taintNotReady') return swapTaints(node, [notReadyTaint], [unreachableTaint], unixMs);
  return action === 'taintUnreachable' ? swapTaints(node, [unreachableTaint], [notReadyTaint], unixMs) : node;
}

/** upstream: Taint.MatchTaint: key and effect, not value. */
function isSameTaint(a: Taint, b: Taint): boolean {
  return a.key === b.key && a.effect === b.effect;
}
