// What a monitor pass would have seen of a node whose kubelet beats in closed form: passes that find nothing new are computed, not run.
import { formatMicroTimestamp, formatTimestamp } from '../../base/timestamp.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Heartbeat } from '../../physics/physics.ts';
import { aside } from '../../statecharts/interpreter.ts';
import { lastBeatMs } from '../../time/pulse.ts';
import { type HealthSettings, type HealthVerdict, judgeNode, type NodeHealth } from './node-health.ts';

/**
 * Milliseconds between two passes: 5 s from the end of one to the start of the next, and 1 ms for the pass itself,
 * which is why a node is found silent for "more than 50 s" ten passes after its last renewal was seen.
 * upstream: wait.UntilWithContext(monitorNodeHealth, nodeMonitorPeriod)
 */
export const PASS_MS = 5001;
/** News of a renewal reaches the controller within this time. */
const NEWS_MS = 8;
/** Passes before the present one that can matter: two renewals. */
const MEMORY_MS = 25_000;
const PASSES_MAX = 40;

/** A node as the controller's caches have it, times in virtual milliseconds. */
export interface NodeSight {
  readonly node: Node;
  /** Of the stored Lease; null without one. */
  readonly renewTime: string | null;
  /** Undefined: every renewal is written (or there is no kubelet). */
  readonly heartbeat: Heartbeat | undefined;
  readonly saved: NodeHealth | null;
  /** The pass that left `saved`, or the moment before which nobody looked. */
  readonly savedMs: number;
  readonly settings: HealthSettings;
  /** Unix milliseconds of virtual time zero. */
  readonly epochMs: number;
}

export function passAtOrAfter(ms: number): number {
  return Math.ceil(ms / PASS_MS) * PASS_MS;
}

/** The verdict of the pass at `nowMs`, after those before it that could have noticed something. */
export function lookAt(sight: NodeSight, nowMs: number): HealthVerdict {
  let health = sight.saved;
  for (let passMs = firstPass(sight, nowMs); passMs < nowMs; passMs += PASS_MS) health = judgeAt(sight, health, passMs).health;
  return judgeAt(sight, health, nowMs);
}

/** The first pass after `nowMs` that would write something if nothing is heard until then; null: none. */
export function firstSilentPass(sight: NodeSight, nowMs: number): number | null {
  let health = sight.saved;
  let passMs = firstPass(sight, nowMs);
  for (let passes = 0; passes < PASSES_MAX; passes += 1, passMs += PASS_MS) {
    // Thought ahead, not lived: nobody hears of it.
    const verdict = aside(() => judgeAt(sight, health, passMs));
    if (verdict.conditions !== null && passMs > nowMs) return passMs;
    health = verdict.health;
  }
  return null;
}

/** The node with the heartbeat times that its kubelet has posted by then. */
export function withPostedTimes(node: Node, heartbeat: Heartbeat | undefined, nowMs: number, epochMs: number): Node {
  const beat = heartbeat === undefined ? null : lastBeatMs(heartbeat.status, nowMs);
  if (beat === null) return node;
  const lastHeartbeatTime = formatTimestamp(epochMs + beat);
  const conditions = (node.status.conditions ?? []).map((condition) =>
    condition.status === 'Unknown' || (condition.lastHeartbeatTime ?? '') >= lastHeartbeatTime
      ? condition
      : { ...condition, lastHeartbeatTime },
  );
  return { ...node, status: { ...node.status, conditions } };
}

function firstPass({ heartbeat, savedMs }: NodeSight, nowMs: number): number {
  const next = passAtOrAfter(savedMs + 1);
  if (heartbeat === undefined) return Math.max(next, passAtOrAfter(nowMs));
  const { firstMs, stoppedMs } = heartbeat.lease;
  return Math.max(next, passAtOrAfter(Math.max(firstMs + NEWS_MS, Math.min(nowMs, stoppedMs ?? nowMs) - MEMORY_MS, 0)));
}

function judgeAt({ node, renewTime, heartbeat, settings, epochMs }: NodeSight, health: NodeHealth | null, passMs: number): HealthVerdict {
  const beat = heartbeat === undefined ? null : lastBeatMs(heartbeat.lease, passMs - NEWS_MS);
  const renewed = beat === null ? renewTime : formatMicroTimestamp(epochMs + beat);
  return judgeNode(withPostedTimes(node, heartbeat, passMs - NEWS_MS, epochMs), renewed, health, settings, epochMs + passMs);
}
