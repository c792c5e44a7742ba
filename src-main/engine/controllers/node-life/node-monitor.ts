// The node controller's passes: who is silent, which zones are down, whose pods are marked, who waits for a taint.
// upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go monitorNodeHealth
import type { Handled, Steps } from '../../base/in-one-go.ts';
import type { Cache, ControllerContext } from '../../client/component.ts';
import { type Lease, leaseKind } from '../../kinds/coordination/lease.ts';
import { type Node, nodeKind } from '../../kinds/core/node.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import { findCondition } from '../../meta/conditions.ts';
import { isConflict, isNotFound, StatusError } from '../../meta/status-error.ts';
import type { Taint } from '../../meta/tolerations.ts';
import { type HealthVerdict, healthDefaults, type NodeHealth } from './node-health.ts';
import { firstSilentPass, lookAt, type NodeSight, PASS_MS, passAtOrAfter } from './node-look.ts';
import { evictionState, stepReport, stepRetry, stepTurn } from './node-states.ts';
import { evictionTaint, hasTaint, withEviction } from './node-taints.ts';
import { markPodsNotReady } from './pods-not-ready.ts';
import * as queues from './taint-queue.ts';
import { countsForDisruption, judgeZones, type ZoneState, zoneDefaults, zoneOf } from './zone-state.ts';

/** upstream: scheduler.NodeEvictionPeriod */
const TAINT_PASS_MS = 100;
export const PASS_TIMER = 'pass';
export const SILENT_TIMER = 'silent';
export const TAINT_TIMER = 'taint';
export const MARK_TIMER = 'mark-pods';

export interface NodeLifeMemory {
  /** Run every pass instead of only those that can find something: the same history, slower. */
  readonly ticking: boolean;
  /** Before the controller's process began nobody looked; -1 where it always ran. */
  sinceMs: number;
  health: Record<string, NodeHealth & { readonly passMs: number }>;
  /** Zone of each node that has been seen. */
  known: Record<string, { readonly zone: string; readonly uid: string }>;
  zones: Record<string, ZoneState>;
  queues: Record<string, queues.TaintQueueState>;
  /** Nodes whose pods could not all be marked. */
  retry: Record<string, true>;
  pass: { timer: number; dueMs: number; lastMs: number };
  /** Timer of the pass that will find a silent node. */
  silent: Record<string, number>;
  taintTimers: Record<string, number>;
}

export function newNodeLifeMemory(ticking: boolean): NodeLifeMemory {
  const pass = { timer: 0, dueMs: -1, lastMs: -1 };
  return { ticking, sinceMs: -1, health: {}, known: {}, zones: {}, queues: {}, retry: {}, pass, silent: {}, taintTimers: {} };
}

export class NodeMonitor {
  readonly #context: ControllerContext<NodeLifeMemory>;
  readonly #memory: NodeLifeMemory;
  readonly #nodes: Cache<Node>;
  readonly #leases: Cache<Lease>;
  readonly #pods: Cache<Pod>;

  constructor(context: ControllerContext<NodeLifeMemory>) {
    this.#context = context;
    this.#memory = context.state;
    this.#nodes = context.cache(nodeKind);
    this.#leases = context.cache(leaseKind);
    this.#pods = context.cache(podKind);
    if (!context.restored) this.#memory.sinceMs = context.time.nowMs - 1;
  }

  /** Something changed that the next pass may notice. */
  wake(): void {
    this.#passBy(this.#context.time.nowMs + 1);
  }

  /** A kubelet's heartbeat began or stopped. */
  heartbeatChanged(name: string): void {
    const node = this.#nodes.get(name);
    if (node === undefined) return;
    if (this.#context.physics.get('heartbeat', name)?.lease.stoppedMs === null) this.wake();
    this.#foresee(node, readyOf(node));
  }

  onTimer(name: string, key: string): Handled {
    if (name === TAINT_TIMER) {
      delete this.#memory.taintTimers[key];
      this.#taintPass(key);
      return;
    }
    if (name === MARK_TIMER) return this.#markPods(key);
    if (name === SILENT_TIMER) delete this.#memory.silent[key];
    else this.#memory.pass.timer = 0;
    if (this.#memory.pass.lastMs !== this.#context.time.nowMs) return this.#pass();
  }

  *#pass(): Steps {
    const { time } = this.#context;
    this.#memory.pass.lastMs = time.nowMs;
    this.#classify();
    const statuses = new Map<string, (string | undefined)[]>();
    /** As this pass leaves them: the caches have not heard of it yet. */
    const left = new Map<string, string | undefined>();
    for (const node of [...this.#nodes.values()]) {
      yield;
      const current = this.#monitor(node);
      left.set(node.metadata.name, current);
      const zone = zoneOf(node);
      const known = statuses.get(zone) ?? [];
      statuses.set(zone, known);
      if (countsForDisruption(node)) known.push(current);
    }
    for (const [zone, known] of statuses) if (known.length === 0) statuses.delete(zone);
    this.#handleDisruption(statuses);
    for (const node of this.#nodes.values()) yield this.#foresee(node, left.get(node.metadata.name));
    for (const zone of Object.keys(this.#memory.queues)) this.#scheduleTaintPass(zone);
    if (this.#memory.ticking || Object.keys(this.#memory.retry).length > 0) this.#passBy(time.nowMs + 1);
  }

  /** upstream: classifyNodes */
  #classify(): void {
    const { known, queues: zones } = this.#memory;
    for (const node of [...this.#nodes.values()]) {
      const { name, uid } = node.metadata;
      const zone = zoneOf(node);
      const isNew = known[name]?.uid !== uid;
      zones[zone] ??= queues.newTaintQueue(zoneDefaults.perSecond, this.#context.time.nowMs);
      known[name] = { zone, uid };
      if (!isNew) continue;
      delete this.#memory.health[name];
      this.#recordNodeEvent(node, 'RegisteredNode', `Registered Node ${name} in Controller`);
      this.#markReachable(node);
    }
    for (const [name, { zone, uid }] of Object.entries(known)) {
      if (this.#nodes.get(name)?.metadata.uid === uid) continue;
      const gone = { apiVersion: 'v1', kind: 'Node', metadata: { name, uid, resourceVersion: '', creationTimestamp: '' } } as Node;
      this.#recordNodeEvent(gone, 'RemovingNode', `Removing Node ${name} from Controller`);
      const queue = zones[zone];
      if (queue !== undefined) queues.removeFromQueue(queue, name);
      delete known[name];
      delete this.#memory.health[name];
      delete this.#memory.retry[name];
      this.#forgetSilence(name);
    }
  }

  #recordNodeEvent(node: Node, reason: string, text: string): void {
    this.#context.events.record(node, 'Normal', reason, `Node ${node.metadata.name} event: ${text}`);
  }

  /** One node in one pass; returns the status of its Ready condition afterwards. */
  #monitor(node: Node): string | undefined {
    const { name } = node.metadata;
    const verdict = this.#tryUpdate(node);
    if (verdict === null) return readyOf(node);
    const { observed, current } = verdict;
    if (current === undefined) return undefined;
    this.#attempt(() => this.#report(node, observed.status));
    const done = new Set(verdict.actions);
    if (this.#memory.retry[name] === true)
      stepRetry(observed.status, { whose: node.metadata.uid, action: (action) => void done.add(action) });
    if (done.has('recordNotReady')) this.#context.events.record(node, 'Normal', 'NodeNotReady', `Node ${name} status is now: NodeNotReady`);
    delete this.#memory.retry[name];
    // Each node in an entry of its own, as each is one piece of work for upstream's workers: a zone has thousands of pods.
    if (done.has('markPodsNotReady')) this.#context.time.after(0, MARK_TIMER, name);
    return current.status;
  }

  *#markPods(node: string): Steps {
    try {
      yield* markPodsNotReady(this.#context, yield* this.#pods.byInSteps('node', node));
    } catch (error) {
      if (!this.#isSettled(error)) this.#memory.retry[node] = true;
    }
  }

  /** Writes what the verdict asks for; on a conflict looks once more at the newest node. Null: it could not be written. */
  #tryUpdate(node: Node): HealthVerdict | null {
    const { client, time } = this.#context;
    let newest = node;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const verdict = lookAt(this.#sight(newest), time.nowMs);
      try {
        if (verdict.conditions !== null)
          client.updateStatus(nodeKind, { ...newest, status: { ...newest.status, conditions: verdict.conditions as never } });
        this.#memory.health[node.metadata.name] = { ...verdict.health, passMs: time.nowMs };
        return verdict;
      } catch (error) {
        if (isConflict(error)) newest = client.get(nodeKind, node.metadata.name);
        else if (!(error instanceof StatusError)) throw error;
        else return null;
      }
    }
    this.wake();
    return null;
  }

  /** upstream: processTaintBaseEviction: by the status that was observed before this pass changed it. */
  #report(node: Node, status: string): void {
    const isQueued = this.#queueOf(node).waiting.includes(node.metadata.name);
    const host = { whose: node.metadata.uid, action: (action: string) => this.#evict(action, node, evictionTaint(status)) };
    stepReport(evictionState(node, isQueued, status), status, host);
  }

  /** upstream: markNodeAsReachable */
  #markReachable(node: Node): void {
    this.#attempt(() => this.#report(node, 'True'));
  }

  #evict(action: string, node: Node, taint: Taint | null): void {
    const { client, time } = this.#context;
    const { name } = node.metadata;
    const queue = this.#queueOf(node);
    if (action === 'leaveQueue') queues.removeFromQueue(queue, name);
    else if (action !== 'queueTaint') client.patch(nodeKind, name, (current) => withEviction(current, action, time.unixMs));
    else {
      // upstream: markNodeForTainting: a taint that somebody took away is put on again.
      if (taint !== null && !hasTaint(node, taint)) queues.unmark(queue, name);
      if (!queue.waiting.includes(name)) queues.addToQueue(queue, name);
    }
  }

  #queueOf(node: Node): queues.TaintQueueState {
    const zone = zoneOf(node);
    const queue = this.#memory.queues[zone] ?? queues.newTaintQueue(zoneDefaults.perSecond, this.#context.time.nowMs);
    this.#memory.queues[zone] = queue;
    return queue;
  }

  /** upstream: handleDisruption */
  #handleDisruption(statuses: ReadonlyMap<string, readonly (string | undefined)[]>): void {
    const { nowMs, unixMs } = this.#context.time;
    const { states, rates, entersFullDisruption, leavesFullDisruption } = judgeZones(statuses, this.#memory.zones);
    if (entersFullDisruption) for (const node of [...this.#nodes.values()]) this.#markReachable(node);
    if (leavesFullDisruption)
      for (const [name, health] of Object.entries(this.#memory.health))
        this.#memory.health[name] = { ...health, probeMs: unixMs, readyTransitionMs: unixMs };
    for (const [zone, rate] of Object.entries(rates)) {
      const queue = this.#memory.queues[zone];
      if (queue !== undefined) queues.setRate(queue, rate, nowMs);
    }
    this.#memory.zones = { ...states };
  }

  /** upstream: doNoExecuteTaintingPass */
  #taintPass(zone: string): void {
    const queue = this.#memory.queues[zone];
    if (queue === undefined) return;
    for (;;) {
      const name = queues.takeFromQueue(queue, this.#context.time.nowMs);
      if (name === undefined) break;
      const node = this.#nodes.get(name);
      if (node !== undefined && !this.#attempt(() => this.#letThrough(node))) queue.waiting.push(name);
    }
    this.#scheduleTaintPass(zone);
  }

  #letThrough(node: Node): void {
    const status = readyOf(node);
    const host = { whose: node.metadata.uid, action: (action: string) => this.#evict(action, node, null) };
    stepTurn(evictionState(node, true, status), status, host);
  }

  #scheduleTaintPass(zone: string): void {
    const { time } = this.#context;
    const queue = this.#memory.queues[zone];
    const timer = this.#memory.taintTimers[zone];
    if (timer !== undefined) time.cancel(timer);
    delete this.#memory.taintTimers[zone];
    const nextMs = queue === undefined ? null : queues.nextTakeMs(queue, time.nowMs + 1);
    if (nextMs === null) return;
    const dueMs = Math.ceil(nextMs / TAINT_PASS_MS) * TAINT_PASS_MS;
    this.#memory.taintTimers[zone] = time.after(dueMs - time.nowMs, TAINT_TIMER, zone);
  }

  /** Schedules the pass that will find this node silent, with the countdown a person sees. */
  #foresee(node: Node, ready: string | undefined): void {
    const { time, physics } = this.#context;
    const { name } = node.metadata;
    this.#forgetSilence(name);
    const heartbeat = physics.get('heartbeat', name);
    if (ready === 'Unknown' || heartbeat?.lease.stoppedMs === null) return;
    const sight = this.#sight(node);
    const dueMs = firstSilentPass(sight, time.nowMs);
    if (dueMs === null) return;
    // The health the passes until then will have seen: the countdown runs from the last sign of life.
    const lastMs = this.#lastSignMs(sight);
    const countdown = { kind: 'Node', key: name, name: 'node-monitor-grace', fromMs: lastMs };
    this.#memory.silent[name] = time.after(dueMs - time.nowMs, SILENT_TIMER, name, null, countdown);
  }

  #lastSignMs({ heartbeat, saved, epochMs }: NodeSight): number {
    const stopped = heartbeat?.lease.stoppedMs;
    if (heartbeat !== undefined && stopped !== undefined && stopped !== null) {
      const { firstMs, periodMs } = heartbeat.lease;
      return Math.max(firstMs, firstMs + Math.floor((stopped - 1 - firstMs) / periodMs) * periodMs);
    }
    return saved === null ? this.#context.time.nowMs : Math.max(0, saved.probeMs - epochMs);
  }

  #forgetSilence(name: string): void {
    const timer = this.#memory.silent[name];
    if (timer === undefined) return;
    this.#context.time.cancel(timer);
    delete this.#memory.silent[name];
  }

  #sight(node: Node): NodeSight {
    const { physics, time } = this.#context;
    const { name } = node.metadata;
    return {
      node,
      renewTime: this.#leases.get(`kube-node-lease/${name}`)?.spec.renewTime ?? null,
      heartbeat: physics.get('heartbeat', name),
      saved: this.#memory.health[name] ?? null,
      savedMs: this.#memory.health[name]?.passMs ?? this.#memory.sinceMs,
      settings: healthDefaults,
      epochMs: time.unixMs - time.nowMs,
    };
  }

  #passBy(fromMs: number): void {
    const { time } = this.#context;
    const { pass } = this.#memory;
    const dueMs = passAtOrAfter(fromMs);
    if (pass.timer !== 0 && pass.dueMs <= dueMs) return;
    if (pass.timer !== 0) time.cancel(pass.timer);
    pass.timer = time.after(dueMs - time.nowMs, PASS_TIMER, '');
    pass.dueMs = dueMs;
  }

  /** False when the API server refused: the next pass tries again. */
  #attempt(write: () => void): boolean {
    try {
      write();
      return true;
    } catch (error) {
      return this.#isSettled(error);
    }
  }

  /** False when the next pass must try again. Throws what is no refusal. */
  #isSettled(error: unknown): boolean {
    if (!(error instanceof StatusError)) throw error;
    if (!isNotFound(error)) this.#passBy(this.#context.time.nowMs + PASS_MS);
    return isNotFound(error);
  }
}

function readyOf(node: Node): string | undefined {
  return findCondition(node.status.conditions, 'Ready')?.status;
}
