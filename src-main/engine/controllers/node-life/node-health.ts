// Missed heartbeats: what the node controller remembers of a node and when it declares its state unknown.
// upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go tryUpdateNodeHealth
import { equal } from '../../base/equal.ts';
import { formatTimestamp, parseTimestamp } from '../../base/timestamp.ts';
import type { Node } from '../../kinds/core/node.ts';
import { findCondition } from '../../meta/conditions.ts';
import { type LeaseState, stepLook } from './node-states.ts';

export type NodeCondition = NonNullable<Node['status']['conditions']>[number];

/** Times are Unix milliseconds of the controller's own clock: it never trusts the kubelet's. */
export interface NodeHealth {
  /** The Ready condition as last saved; null when the node had none. */
  readonly ready: NodeCondition | null;
  readonly probeMs: number;
  readonly readyTransitionMs: number;
  /** renewTime of the lease seen last; null when none was. */
  readonly renewTime: string | null;
  /** As the last look left it. */
  readonly lease: LeaseState;
}

export interface HealthSettings {
  readonly gracePeriodMs: number;
  readonly startupGracePeriodMs: number;
}

export interface HealthVerdict {
  readonly health: NodeHealth;
  /** Ready before this look, with a stand-in for a node that never reported. */
  readonly observed: NodeCondition;
  /** Ready after it; undefined when there is none. */
  readonly current: NodeCondition | undefined;
  /** What to write; null: nothing. */
  readonly conditions: readonly NodeCondition[] | null;
  /** What the node's chart wants done beside that, in order. */
  readonly actions: readonly string[];
}

/** upstream: --node-monitor-grace-period, --node-startup-grace-period */
export const healthDefaults: HealthSettings = { gracePeriodMs: 50_000, startupGracePeriodMs: 60_000 };

const judged = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'] as const;

/** One look at one node. `renewTime` is that of its Lease, null without one. */
export function judgeNode(
  node: Node,
  renewTime: string | null,
  saved: NodeHealth | null,
  settings: HealthSettings,
  unixMs: number,
): HealthVerdict {
  const ready = findCondition(node.status.conditions, 'Ready');
  const observed = ready ?? neverReported(node);
  const gracePeriodMs = ready === undefined ? settings.startupGracePeriodMs : settings.gracePeriodMs;
  let health = remember(node, ready, saved, unixMs);
  const savedRenewTime = saved?.renewTime ?? null;
  if (renewTime !== null && (savedRenewTime === null || isBefore(savedRenewTime, renewTime)))
    health = { ...health, renewTime, probeMs: unixMs };
  const actions: string[] = [];
  const lease = stepLook(health.lease, ready?.status, {
    whose: node.metadata.uid,
    guard: () => unixMs <= health.probeMs + gracePeriodMs,
    action: (name) => void actions.push(name),
  });
  health = health.lease === lease ? health : { ...health, lease };
  if (!actions.includes('declareUnknown')) return { health, observed, current: ready, conditions: null, actions };
  const conditions = unknownConditions(node, unixMs);
  const current = findCondition(conditions, 'Ready');
  if (equal(current, observed)) return { health, observed, current, conditions: null, actions };
  return {
    health: { ready: current ?? null, probeMs: health.probeMs, readyTransitionMs: unixMs, renewTime, lease },
    observed,
    current,
    conditions,
    actions,
  };
}

function remember(node: Node, ready: NodeCondition | undefined, saved: NodeHealth | null, unixMs: number): NodeHealth {
  const fresh: NodeHealth = {
    ready: ready ?? null,
    probeMs: unixMs,
    readyTransitionMs: unixMs,
    renewTime: null,
    lease: saved?.lease ?? 'fresh',
  };
  if (ready === undefined) {
    if (saved !== null) return saved.ready === null ? saved : { ...saved, ready: null };
    const createdMs = parseTimestamp(node.metadata.creationTimestamp) ?? unixMs;
    return { ...fresh, probeMs: createdMs, readyTransitionMs: createdMs };
  }
  if (saved === null || saved.ready === null) return fresh;
  if (saved.ready.lastHeartbeatTime === ready.lastHeartbeatTime) return saved;
  const sameSince = saved.ready.lastTransitionTime === ready.lastTransitionTime;
  return { ...fresh, readyTransitionMs: sameSince ? saved.readyTransitionMs : unixMs };
}

function unknownConditions(node: Node, unixMs: number): readonly NodeCondition[] {
  const now = formatTimestamp(unixMs);
  let conditions: readonly NodeCondition[] = node.status.conditions ?? [];
  for (const type of judged) {
    const index = conditions.findIndex((condition) => condition.type === type);
    const condition = conditions[index];
    if (condition === undefined) {
      const never = { reason: 'NodeStatusNeverUpdated', message: 'Kubelet never posted node status.' };
      const lastHeartbeatTime = node.metadata.creationTimestamp;
      conditions = [...conditions, { type, status: 'Unknown', lastHeartbeatTime, lastTransitionTime: now, ...never }];
    } else if (condition.status !== 'Unknown') {
      const stopped = { reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.' };
      conditions = conditions.with(index, { ...condition, status: 'Unknown', lastTransitionTime: now, ...stopped });
    }
  }
  return conditions;
}

function neverReported(node: Node): NodeCondition {
  const created = node.metadata.creationTimestamp;
  return { type: 'Ready', status: 'Unknown', lastHeartbeatTime: created, lastTransitionTime: created };
}

function isBefore(a: string, b: string): boolean {
  return (parseTimestamp(a) ?? 0) < (parseTimestamp(b) ?? 0);
}
