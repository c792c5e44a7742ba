// A kubelet's heartbeat: it renews the node's Lease and repeats the node's status. Nobody ticks: the rhythm is a physical fact, written when it starts and stops.
// upstream: component-helpers/apimachinery/lease/controller.go, pkg/kubelet/kubelet_node_status.go (nodeStatusUpdateFrequency, nodeStatusReportFrequency)
import { formatMicroTimestamp, formatTimestamp } from '../base/timestamp.ts';
import { Unreachable } from '../client/component.ts';
import { type Lease, leaseKind } from '../kinds/coordination/lease.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import type { ApiObject } from '../meta/object.ts';
import { isNotFound, StatusError } from '../meta/status-error.ts';
import type { Heartbeat, Physics } from '../physics/physics.ts';
import { lastBeatMs, startPulse, stopPulse } from '../time/pulse.ts';
import type { BeatState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { registerNode } from './node-registration.ts';

export const HEARTBEAT_TIMER = 'heartbeat';
export const LEASE_NAMESPACE = 'kube-node-lease';
const LEASE_SECONDS = 40;
/** Upstream draws up to 4 % anew for each wait; here each node keeps its own share, so that the rhythm has a closed form. */
const BEAT_MS = 10_000;
const JITTER_MS = 400;
/** nodeStatusReportFrequency, in beats. */
const STATUS_BEATS = 30;

export class Heartbeats {
  readonly #world: KubeletWorld;
  readonly #ticking: boolean;

  /** `ticking`: really renew every time, to compare. */
  constructor(world: KubeletWorld, ticking: boolean) {
    this.#world = world;
    this.#ticking = ticking;
  }

  /** The kubelet's process works, and has posted its status if it could. */
  started(node: string): void {
    const { nowMs } = this.#world;
    this.#beats()[node] = { firstMs: nowMs, periodMs: BEAT_MS + jitterOf(node), timer: 0, sinceStatus: 0 };
    if (!this.#connected(node)) this.#awaitBeat(node, -1);
    else this.#beat(node, false);
  }

  stopped(node: string): void {
    const beat = this.#beats()[node];
    if (beat !== undefined) this.#world.context.time.cancel(beat.timer);
    delete this.#beats()[node];
    this.#silence(node);
  }

  /** The node's link was cut or joined. */
  linkChanged(node: string): void {
    const beat = this.#beats()[node];
    if (beat === undefined) return;
    if (!this.#connected(node)) {
      this.#silence(node);
      beat.sinceStatus = -1;
    } else if (beat.timer === 0 && !isBeating(this.#world.context.physics.get('heartbeat', node))) this.#awaitBeat(node, -1);
  }

  /** The node has something new to say: at the next beat. upstream: pkg/kubelet/kubelet_node_status.go updateNodeStatus */
  statusChanged(node: string): void {
    const beat = this.#beats()[node];
    if (beat === undefined) return;
    if (beat.timer === 0) this.#awaitBeat(node, -1);
    else beat.sinceStatus = -1;
  }

  onTimer(node: string): void {
    const beat = this.#beats()[node];
    if (beat === undefined) return;
    beat.timer = 0;
    if (this.#connected(node)) this.#beat(node, beat.sinceStatus < 0 || beat.sinceStatus >= STATUS_BEATS);
    else if (this.#ticking) this.#awaitBeat(node, -1);
  }

  #beat(node: string, withStatus: boolean): void {
    const beat = this.#beats()[node];
    const { context, nowMs } = this.#world;
    if (beat === undefined) return;
    try {
      const machine = context.physics.get('machine', node);
      if (withStatus && machine !== undefined) registerNode(this.#world, node, machine);
      this.#renew(node);
    } catch (error) {
      if (!(error instanceof StatusError || error instanceof Unreachable)) throw error;
      this.#awaitBeat(node, -1);
      return;
    }
    if (this.#ticking) {
      this.#awaitBeat(node, withStatus ? 1 : beat.sinceStatus + 1);
      return;
    }
    beat.sinceStatus = 0;
    const pulses = { lease: startPulse(nowMs, beat.periodMs), status: startPulse(nowMs, beat.periodMs * STATUS_BEATS) };
    context.physics.set('heartbeat', node, pulses);
  }

  #renew(node: string): void {
    const { client, renewTime } = { client: this.#world.context.clientFrom(node), renewTime: this.#world.context.time.microTimestamp() };
    try {
      client.patch(leaseKind, `${LEASE_NAMESPACE}/${node}`, (lease) => ({ ...lease, spec: { ...lease.spec, renewTime } }));
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const { uid } = client.get(nodeKind, node).metadata;
      client.create(leaseKind, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name: node, namespace: LEASE_NAMESPACE, ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid }] },
        spec: { holderIdentity: node, leaseDurationSeconds: LEASE_SECONDS, renewTime },
      });
    }
  }

  /** The next beat of the node's own rhythm. */
  #awaitBeat(node: string, sinceStatus: number): void {
    const beat = this.#beats()[node];
    if (beat === undefined) return;
    beat.sinceStatus = sinceStatus;
    const passed = this.#world.nowMs - beat.firstMs;
    beat.timer = this.#world.after(beat.periodMs - (passed % beat.periodMs), HEARTBEAT_TIMER, node);
  }

  #silence(node: string): void {
    const { physics } = this.#world.context;
    const heartbeat = physics.get('heartbeat', node);
    if (heartbeat === undefined || !isBeating(heartbeat)) return;
    const { nowMs } = this.#world;
    physics.set('heartbeat', node, { lease: stopPulse(heartbeat.lease, nowMs), status: stopPulse(heartbeat.status, nowMs) });
  }

  #connected(node: string): boolean {
    return this.#world.context.physics.connected(node);
  }

  #beats(): Record<string, BeatState> {
    this.#world.state.beats ??= {};
    return this.#world.state.beats;
  }
}

/** The object as a reader must see it at this moment: with the renewTime or the heartbeat times that the beats so far have left. The same value when none did. */
export function liveFields<T extends ApiObject>(physics: Physics, object: T, nowMs: number, epochMs: number): T {
  if (object.kind === 'Lease' && object.metadata.namespace === LEASE_NAMESPACE) {
    const beatMs = beatOf(physics.get('heartbeat', object.metadata.name)?.lease, nowMs);
    return beatMs === null ? object : (withRenewTime(object as unknown as Lease, epochMs + beatMs) as unknown as T);
  }
  if (object.kind !== 'Node') return object;
  const beatMs = beatOf(physics.get('heartbeat', object.metadata.name)?.status, nowMs);
  return beatMs === null ? object : (withHeartbeatTime(object as unknown as Node, formatTimestamp(epochMs + beatMs)) as unknown as T);
}

function withRenewTime(lease: Lease, unixMs: number): Lease {
  const renewTime = formatMicroTimestamp(unixMs);
  if ((lease.spec.renewTime ?? '') >= renewTime) return lease;
  return { ...lease, metadata: writtenAt(lease.metadata, '', formatTimestamp(unixMs)), spec: { ...lease.spec, renewTime } };
}

/** The kubelet has written, and managedFields says when. */
function writtenAt<T extends ApiObject['metadata']>(metadata: T, part: string, time: string): T {
  const { managedFields } = metadata;
  if (managedFields === undefined) return metadata;
  const isOwn = (entry: (typeof managedFields)[number]): boolean => entry.manager === 'kubelet' && (entry.subresource ?? '') === part;
  return { ...metadata, managedFields: managedFields.map((entry) => (isOwn(entry) ? { ...entry, time } : entry)) };
}

function withHeartbeatTime(node: Node, lastHeartbeatTime: string): Node {
  const conditions = node.status.conditions ?? [];
  const isOld = (condition: (typeof conditions)[number]): boolean =>
    condition.status !== 'Unknown' && (condition.lastHeartbeatTime ?? '') < lastHeartbeatTime;
  if (!conditions.some(isOld)) return node;
  const next = conditions.map((condition) => (isOld(condition) ? { ...condition, lastHeartbeatTime } : condition));
  return { ...node, metadata: writtenAt(node.metadata, 'status', lastHeartbeatTime), status: { ...node.status, conditions: next } };
}

function beatOf(pulse: Heartbeat['lease'] | undefined, nowMs: number): number | null {
  return pulse === undefined ? null : lastBeatMs(pulse, nowMs);
}

function isBeating(heartbeat: Heartbeat | undefined): boolean {
  return heartbeat !== undefined && heartbeat.lease.stoppedMs === null;
}

function jitterOf(node: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < node.length; index += 1) hash = Math.imul(hash ^ node.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % (JITTER_MS + 1);
}
