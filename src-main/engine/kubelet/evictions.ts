// A kubelet's look at what its node has left, every ten seconds: it says so in conditions and evicts pods, for what the node lacks one by one; and the kernel, when it is too late for that.
// The looks that would find nothing are not made: when one will, is known from what the containers take.
// upstream: pkg/kubelet/eviction/eviction_manager.go
import type { Pod } from '../kinds/core/pod.ts';
import { qosClass } from '../kinds/core/qos.ts';
import { type Toleration, toleratesTaint } from '../meta/tolerations.ts';
import { evictionMessage, inEvictionOrder, isCritical, killScore, type PodUse } from './eviction-order.ts';
import {
  type EvictedResource,
  judgePressure,
  noPressure,
  type Observation,
  type Observations,
  type PressureCondition,
  type PressureMemory,
  resourceOf,
  type Threshold,
  thresholdAmount,
} from './eviction-thresholds.ts';
import { imageBytes, removeImage, unusedImages } from './image-garbage.ts';
import { type KubeletSettings, kubeletSettings } from './kubelet-settings.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { excessOf, isBounded, untilExcessMs } from './local-storage.ts';
import {
  amountOf,
  type ContainerUse,
  capacityOf,
  diskUse,
  type NodeUse,
  podUses,
  sumOf,
  type Used,
  untilBelowMs,
  usesOn,
} from './node-use.ts';
import type { Refusal } from './pod-admission.ts';
import { stageOf } from './pod-life.ts';

export const EVICTION_TIMER = 'eviction';
export const EXHAUSTION_TIMER = 'memory-exhausted';

/** upstream: evictionMonitoringPeriod, podCleanupTimeout, podCleanupPollFreq, immediateEvictionGracePeriodSeconds */
const LOOK_MS = 10_000;
const CLEANUP_MS = 30_000;
const POLL_MS = 1000;
const HARD_GRACE_MS = 1000;

/** JSON; only of nodes on which something was ever short or may become so. */
export interface PressureState {
  /** The last look, on whose rhythm the next ones are. */
  anchorMs: number;
  timer: number;
  exhaustion: number;
  memory: PressureMemory;
  conditions: readonly PressureCondition[];
  /** The pods that were evicted, until they are cleaned up. */
  waiting: { readonly uid: string; readonly others?: readonly string[]; readonly sinceMs: number } | null;
}

interface Deeds {
  readonly evict: (pod: PodState, message: string, graceMs: number) => void;
  readonly kill: (pod: PodState, container: string) => void;
  /** The node's conditions are others than before. */
  readonly conditionsChanged: (node: string) => void;
  readonly imagesChanged: (node: string) => void;
}

export class Evictions {
  readonly #world: KubeletWorld;
  readonly #deeds: Deeds;
  /** Memory that is left above every threshold, of nodes on which nothing grows: as long as some is, there is nothing to plan. */
  readonly #headroom = new Map<string, number>();

  constructor(world: KubeletWorld, deeds: Deeds) {
    this.#world = world;
    this.#deeds = deeds;
  }

  /** The kubelet's process works. */
  started(node: string): void {
    this.#plan(node);
  }

  /** What it knew is lost with it; the kernel stays. */
  stopped(node: string): void {
    const state = this.#states()[node];
    if (state === undefined) return;
    this.#world.context.time.cancel(state.timer);
    this.#world.context.time.cancel(state.exhaustion);
    delete this.#states()[node];
    this.#plan(node);
  }

  /** A container has started or ended, or the node's settings are others. `bytes`: of memory that it takes or leaves, if that is all and steady. */
  usesChanged(node: string, bytes?: number): void {
    const left = this.#headroom.get(node);
    if (bytes !== undefined && left !== undefined && this.#states()[node] === undefined && left > bytes) {
      this.#headroom.set(node, left - bytes);
      return;
    }
    this.#plan(node);
  }

  onTimer(node: string): void {
    const state = this.#states()[node];
    if (state === undefined) return;
    const { nowMs } = this.#world;
    state.timer = 0;
    state.anchorMs = nowMs;
    if (state.waiting !== null && !this.#areCleanedUp(state.waiting) && nowMs - state.waiting.sinceMs < CLEANUP_MS) {
      state.timer = this.#world.after(POLL_MS, EVICTION_TIMER, node);
      return;
    }
    state.waiting = null;
    this.#look(node, state);
    this.#plan(node);
  }

  /** The memory is used up: the kernel kills the process that has most of it, by class. upstream: pkg/kubelet/oom/oom_watcher_linux.go */
  onExhausted(node: string): void {
    const state = this.#states()[node];
    if (state === undefined) return;
    state.exhaustion = 0;
    const { nowMs } = this.#world;
    const capacity = capacityOf(this.#world, node, 'memory');
    const scored = usesOn(this.#world, node, 'memory').map((use) => ({
      use,
      score: killScore(use.object, use.name, amountOf(use, nowMs), capacity),
    }));
    const [victim] = scored.sort((a, b) => b.score - a.score);
    if (victim === undefined) return;
    const { pod, name } = victim.use;
    const pid = this.#world.between([2000, 30_000]);
    if (this.#world.node(node).running)
      this.#world.nodeEvent(node, 'Warning', 'SystemOOM', `System OOM encountered, victim process: ${name}, pid: ${pid}`);
    this.#deeds.kill(pod, name);
  }

  conditionsOf(node: string): readonly PressureCondition[] {
    return this.#states()[node]?.conditions ?? [];
  }

  /** Pods that ask for nothing are not let in while memory is short, and none while the disk is. upstream: Admit */
  refusal(node: string, pod: Pod): Refusal | null {
    const conditions = this.conditionsOf(node);
    if (conditions.length === 0 || isCritical(pod)) return null;
    if (conditions.every((condition) => condition === 'MemoryPressure')) {
      const taint = { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' };
      const tolerated = (pod.spec.tolerations ?? []).some((toleration) => toleratesTaint(toleration as Toleration, taint));
      if (qosClass(pod.spec) !== 'BestEffort' || tolerated) return null;
    }
    return { reason: 'Evicted', message: `The node had condition: [${conditions.join(' ')}]. ` };
  }

  #look(node: string, state: PressureState): void {
    const { nowMs } = this.#world;
    const settings = this.#settings(node);
    const observations = this.#observe(node);
    const { memory, conditions, due } = judgePressure(settings.thresholds, state.memory, observations, nowMs, settings.transitionMs);
    const changed = conditions.join() !== state.conditions.join();
    state.memory = memory;
    state.conditions = conditions;
    if (changed) this.#deeds.conditionsChanged(node);
    if (this.#evictOverLimit(node, state)) return;
    const [threshold] = due;
    if (threshold !== undefined) this.#reclaim(node, state, threshold, observations[threshold.signal]);
  }

  /** All that are over a limit of their own, at one look. upstream: localStorageEviction */
  #evictOverLimit(node: string, state: PressureState): boolean {
    const uses = usesOn(this.#world, node, 'disk');
    for (const { pod, object } of this.#boundedOn(node)) {
      const message = isCritical(object) ? null : excessOf(pod, object, usesOf(uses, pod), this.#world.nowMs);
      if (message === null) continue;
      this.#evict(state, pod, message, HARD_GRACE_MS);
    }
    return state.waiting !== null;
  }

  /** Pods that may be evicted for limits of their own. */
  #boundedOn(node: string): readonly { readonly pod: PodState; readonly object: Pod }[] {
    return this.#world.podsOn(node).flatMap((pod) => {
      const object = this.#world.object(pod);
      const runs = Object.values(pod.containers).some(({ process }) => process !== null);
      return runs && object !== undefined && isBounded(object) ? [{ pod, object }] : [];
    });
  }

  #reclaim(node: string, state: PressureState, threshold: Threshold, { available, capacity }: Observation): void {
    const resource = resourceOf(threshold.signal);
    this.#world.nodeEvent(node, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${resource}`);
    const isOfDisk = resource === 'ephemeral-storage' || resource === 'inodes';
    if (isOfDisk && this.#deleteImages(node) && !this.#isShort(node, threshold)) return;
    const uses = podUses(this.#world, node, USED[resource], this.#world.nowMs);
    const victim = inEvictionOrder(uses, resource).find(({ pod }) => !isCritical(pod));
    const pod = victim === undefined ? undefined : this.#world.pod(victim.pod.metadata.uid);
    if (victim === undefined || pod === undefined) return;
    const least = thresholdAmount(threshold, capacity);
    const message = evictionMessage(victim as PodUse, { resource, least, isShare: threshold.amount === null, available });
    const graceMs = threshold.graceMs === 0 ? HARD_GRACE_MS : 0;
    this.#evict(state, pod, message, graceMs);
  }

  #evict(state: PressureState, pod: PodState, message: string, graceMs: number): void {
    this.#world.event(pod, 'Warning', 'Evicted', message);
    this.#deeds.evict(pod, message, graceMs);
    const { waiting } = state;
    state.waiting =
      waiting === null ? { uid: pod.uid, sinceMs: this.#world.nowMs } : { ...waiting, others: [...(waiting.others ?? []), pod.uid] };
  }

  /** Images that no container uses. upstream: pkg/kubelet/images/image_gc_manager.go DeleteUnusedImages */
  #deleteImages(node: string): boolean {
    const unused = unusedImages(this.#world, node);
    for (const image of unused) removeImage(this.#world.node(node), image);
    if (unused.length > 0) this.#deeds.imagesChanged(node);
    return unused.length > 0;
  }

  #isShort(node: string, threshold: Threshold): boolean {
    const { available, capacity } = this.#observe(node)[threshold.signal];
    return available < thresholdAmount(threshold, capacity);
  }

  #areCleanedUp({ uid, others = [] }: NonNullable<PressureState['waiting']>): boolean {
    return [uid, ...others].every((one) => {
      const pod = this.#world.pod(one);
      return pod === undefined || stageOf(pod) === 'terminated';
    });
  }

  /** When the next look is due that may find something. */
  #plan(node: string): void {
    const { context, nowMs } = this.#world;
    const known = this.#states()[node];
    const memory = sumOf(usesOn(this.#world, node, 'memory'), nowMs);
    const left = capacityOf(this.#world, node, 'memory') - memory.amount;
    const exhaustedMs = memory.amount === 0 ? null : untilBelowMs(left, 1, memory.perSecond);
    this.#headroom.delete(node);
    if (known === undefined && exhaustedMs === null && this.#wakeMs(node, noPressure) === null) {
      const headroom = this.#headroomOf(node, left);
      if (headroom !== null) this.#headroom.set(node, headroom);
      return;
    }
    const state = known ?? this.#newState(node);
    context.time.cancel(state.exhaustion);
    state.exhaustion = exhaustedMs === null ? 0 : this.#world.after(exhaustedMs, EXHAUSTION_TIMER, node);
    if (state.waiting !== null && state.timer !== 0) return;
    context.time.cancel(state.timer);
    state.timer = 0;
    if (!this.#world.node(node).running) return;
    const wakeMs = state.waiting === null ? this.#wakeMs(node, state.memory) : POLL_MS;
    if (wakeMs === null) return;
    const beats = state.waiting === null ? Math.max(1, Math.ceil((nowMs + wakeMs - state.anchorMs) / LOOK_MS)) : 0;
    const dueMs = beats === 0 ? nowMs + POLL_MS : state.anchorMs + beats * LOOK_MS;
    state.timer = this.#world.after(dueMs > nowMs ? dueMs - nowMs : LOOK_MS, EVICTION_TIMER, node);
  }

  /** null: other things than memory count on this node. */
  #headroomOf(node: string, left: number): number | null {
    const capacity = capacityOf(this.#world, node, 'memory');
    const { thresholds } = this.#settings(node);
    if (thresholds.some(({ signal }) => signal === 'pid.available')) return null;
    const kept = thresholds.filter(({ signal }) => signal === 'memory.available').map((one) => thresholdAmount(one, capacity));
    return left - Math.max(0, ...kept);
  }

  #wakeMs(node: string, memory: PressureMemory): number | null {
    const { nowMs } = this.#world;
    const settings = this.#settings(node);
    const observations = this.#observe(node);
    const waits: number[] = [];
    const add = (wait: number | null): void => {
      if (wait !== null) waits.push(Math.max(0, wait));
    };
    for (const threshold of settings.thresholds) {
      const { available, capacity, perSecond } = observations[threshold.signal];
      add(untilBelowMs(available, thresholdAmount(threshold, capacity), perSecond));
    }
    const uses = usesOn(this.#world, node, 'disk');
    for (const { pod, object } of this.#boundedOn(node)) if (!isCritical(object)) add(untilExcessMs(pod, object, usesOf(uses, pod), nowMs));
    if (Object.keys(memory.firstSeenMs).length > 0) add(0);
    for (const seenMs of Object.values(memory.lastSeenMs)) add(seenMs + settings.transitionMs - nowMs);
    return waits.length === 0 ? null : Math.min(...waits);
  }

  #observe(node: string): Readonly<Record<keyof Observations, Observation & Pick<NodeUse, 'perSecond'>>> {
    const { nowMs } = this.#world;
    const left = (used: Used, besides = 0): Observation & Pick<NodeUse, 'perSecond'> => {
      const capacity = capacityOf(this.#world, node, used);
      const { amount, perSecond } = used === 'disk' ? diskUse(this.#world, node) : sumOf(usesOn(this.#world, node, used), nowMs);
      return { capacity, available: Math.max(0, capacity - besides - amount), perSecond };
    };
    const [disk, inodes] = [left('disk', imageBytes(this.#world.node(node))), left('inodes')];
    return {
      'memory.available': left('memory'),
      'nodefs.available': disk,
      'nodefs.inodesFree': inodes,
      'imagefs.available': disk,
      'imagefs.inodesFree': inodes,
      'pid.available': left('processes'),
    };
  }

  #settings(node: string): KubeletSettings {
    return kubeletSettings(this.#world.nodes.get(node));
  }

  #newState(node: string): PressureState {
    const anchorMs = this.#world.state.beats?.[node]?.firstMs ?? this.#world.nowMs;
    const state = { anchorMs, timer: 0, exhaustion: 0, memory: noPressure, conditions: [], waiting: null };
    this.#states()[node] = state;
    return state;
  }

  #states(): Record<string, PressureState> {
    this.#world.state.pressures ??= {};
    return this.#world.state.pressures;
  }
}

const USED: Readonly<Record<EvictedResource, Used>> = {
  memory: 'memory',
  'ephemeral-storage': 'disk',
  inodes: 'inodes',
  pids: 'processes',
};

function usesOf(uses: readonly ContainerUse[], pod: PodState): readonly ContainerUse[] {
  return uses.filter((use) => use.pod === pod);
}
