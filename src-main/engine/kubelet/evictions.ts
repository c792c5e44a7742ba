// A kubelet's look at what its node has left, every ten seconds: it says so in conditions and evicts pods one by one; and the kernel, when it is too late for that.
// The looks that would find nothing are not made: when one will, is known from what the containers take.
// upstream: pkg/kubelet/eviction/eviction_manager.go
import type { Pod } from '../kinds/core/pod.ts';
import { qosClass } from '../kinds/core/qos.ts';
import { quantityValue } from '../meta/quantity.ts';
import { type Toleration, toleratesTaint } from '../meta/tolerations.ts';
import { parseImage } from '../runtime/image-catalogue.ts';
import { evictionMessage, inEvictionOrder, isCritical, killScore, type PodUse } from './eviction-order.ts';
import {
  judgePressure,
  noPressure,
  type Observation,
  type Observations,
  type PressureCondition,
  type PressureMemory,
  resourceOf,
  type Threshold,
  thresholdBytes,
} from './eviction-thresholds.ts';
import { type KubeletSettings, kubeletSettings } from './kubelet-settings.ts';
import type { PodState } from './kubelet-state.ts';
import { containerOf, type KubeletWorld } from './kubelet-world.ts';
import { bytesOf, capacityOf, podUses, sumOf, untilBelowMs, usesOn } from './node-use.ts';
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
  /** The pod that was evicted, until it is cleaned up. */
  waiting: { readonly uid: string; readonly sinceMs: number } | null;
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

  /** A container that takes something has started or ended, or the node's settings are others. */
  usesChanged(node: string): void {
    this.#plan(node);
  }

  onTimer(node: string): void {
    const state = this.#states()[node];
    if (state === undefined) return;
    const { nowMs } = this.#world;
    state.timer = 0;
    state.anchorMs = nowMs;
    if (state.waiting !== null && !this.#isCleanedUp(state.waiting.uid) && nowMs - state.waiting.sinceMs < CLEANUP_MS) {
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
      score: killScore(use.object, use.name, bytesOf(use, nowMs), capacity),
    }));
    const [victim] = scored.sort((a, b) => b.score - a.score);
    if (victim === undefined) return;
    const { pod, name } = victim.use;
    const object = this.#world.nodes.get(node);
    const pid = this.#world.between([2000, 30_000]);
    if (object !== undefined && this.#world.node(node).running)
      this.#world.context
        .eventsFrom(node)
        .record(object, 'Warning', 'SystemOOM', `System OOM encountered, victim process: ${name}, pid: ${pid}`);
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

  /** upstream: containerEphemeralStorageLimitEviction */
  #evictOverLimit(node: string, state: PressureState): boolean {
    for (const use of usesOn(this.#world, node, 'disk')) {
      const limit = diskLimit(use.object, use.name);
      if (limit === undefined || bytesOf(use, this.#world.nowMs) <= quantityValue(limit) || isCritical(use.object)) continue;
      this.#evict(state, use.pod, `Container ${use.name} exceeded its local ephemeral storage limit "${limit}". `, HARD_GRACE_MS);
      return true;
    }
    return false;
  }

  #reclaim(node: string, state: PressureState, threshold: Threshold, { availableBytes, capacityBytes }: Observation): void {
    const resource = resourceOf(threshold.signal);
    const object = this.#world.nodes.get(node);
    if (object !== undefined)
      this.#world.context.eventsFrom(node).record(object, 'Warning', 'EvictionThresholdMet', `Attempting to reclaim ${resource}`);
    if (resource === 'ephemeral-storage' && this.#deleteImages(node) && !this.#isShort(node, threshold)) return;
    const uses = podUses(this.#world, node, resource === 'memory' ? 'memory' : 'disk', this.#world.nowMs);
    const victim = inEvictionOrder(uses, resource).find(({ pod }) => !isCritical(pod));
    const pod = victim === undefined ? undefined : this.#world.pod(victim.pod.metadata.uid);
    if (victim === undefined || pod === undefined) return;
    const message = evictionMessage(victim as PodUse, resource, thresholdBytes(threshold, capacityBytes), availableBytes);
    const graceMs = threshold.graceMs === 0 ? HARD_GRACE_MS : 0;
    this.#evict(state, pod, message, graceMs);
  }

  #evict(state: PressureState, pod: PodState, message: string, graceMs: number): void {
    this.#world.event(pod, 'Warning', 'Evicted', message);
    this.#deeds.evict(pod, message, graceMs);
    state.waiting = { uid: pod.uid, sinceMs: this.#world.nowMs };
  }

  /** Images that no container uses. upstream: pkg/kubelet/images/image_gc_manager.go DeleteUnusedImages */
  #deleteImages(node: string): boolean {
    const { images } = this.#world.node(node);
    const used = new Set(
      this.#world.podsOn(node).flatMap((pod) => {
        const object = this.#world.object(pod);
        const names = Object.keys(pod.containers).filter((name) => pod.containers[name]?.id !== '');
        return names.map((name) => parseImage(object === undefined ? '' : (containerOf(object, name)?.image ?? '')).full);
      }),
    );
    const unused = Object.keys(images).filter((image) => !used.has(image));
    for (const image of unused) delete images[image];
    if (unused.length > 0) this.#deeds.imagesChanged(node);
    return unused.length > 0;
  }

  #isShort(node: string, threshold: Threshold): boolean {
    const { availableBytes, capacityBytes } = this.#observe(node)[threshold.signal];
    return availableBytes < thresholdBytes(threshold, capacityBytes);
  }

  #isCleanedUp(uid: string): boolean {
    const pod = this.#world.pod(uid);
    return pod === undefined || stageOf(pod) === 'terminated';
  }

  /** When the next look is due that may find something. */
  #plan(node: string): void {
    const memory = usesOn(this.#world, node, 'memory');
    const disk = usesOn(this.#world, node, 'disk');
    const known = this.#states()[node];
    if (known === undefined && memory.length + disk.length === 0) return;
    const { context, nowMs } = this.#world;
    const state = known ?? this.#newState(node);
    context.time.cancel(state.exhaustion);
    const capacity = capacityOf(this.#world, node, 'memory');
    const { usedBytes, bytesPerSecond } = sumOf(memory, nowMs);
    const exhaustedMs = untilBelowMs(capacity - usedBytes, 1, bytesPerSecond);
    state.exhaustion = exhaustedMs === null || memory.length === 0 ? 0 : this.#world.after(exhaustedMs, EXHAUSTION_TIMER, node);
    if (state.waiting !== null && state.timer !== 0) return;
    context.time.cancel(state.timer);
    state.timer = 0;
    if (!this.#world.node(node).running) return;
    const wakeMs =
      state.waiting === null ? this.#wakeMs(node, state, { memory: bytesPerSecond, disk: sumOf(disk, nowMs).bytesPerSecond }) : POLL_MS;
    if (wakeMs === null) return;
    const beats = state.waiting === null ? Math.max(1, Math.ceil((nowMs + wakeMs - state.anchorMs) / LOOK_MS)) : 0;
    const dueMs = beats === 0 ? nowMs + POLL_MS : state.anchorMs + beats * LOOK_MS;
    state.timer = this.#world.after(dueMs > nowMs ? dueMs - nowMs : LOOK_MS, EVICTION_TIMER, node);
  }

  #wakeMs(node: string, state: PressureState, slope: { readonly memory: number; readonly disk: number }): number | null {
    const { nowMs } = this.#world;
    const settings = this.#settings(node);
    const observations = this.#observe(node);
    const waits: number[] = [];
    const add = (wait: number | null): void => {
      if (wait !== null) waits.push(Math.max(0, wait));
    };
    for (const threshold of settings.thresholds) {
      const { availableBytes, capacityBytes } = observations[threshold.signal];
      const growth = threshold.signal === 'memory.available' ? slope.memory : slope.disk;
      add(untilBelowMs(availableBytes, thresholdBytes(threshold, capacityBytes), growth));
    }
    for (const use of usesOn(this.#world, node, 'disk')) {
      const limit = diskLimit(use.object, use.name);
      if (limit !== undefined) add(untilBelowMs(quantityValue(limit) - bytesOf(use, nowMs), 0, use.growth.bytesPerSecond));
    }
    if (Object.keys(state.memory.firstSeenMs).length > 0) add(0);
    for (const seenMs of Object.values(state.memory.lastSeenMs)) add(seenMs + settings.transitionMs - nowMs);
    return waits.length === 0 ? null : Math.min(...waits);
  }

  #observe(node: string): Observations {
    const { nowMs } = this.#world;
    const left = (used: 'memory' | 'disk', besides: number): Observation => {
      const capacityBytes = capacityOf(this.#world, node, used);
      return {
        capacityBytes,
        availableBytes: Math.max(0, capacityBytes - besides - sumOf(usesOn(this.#world, node, used), nowMs).usedBytes),
      };
    };
    const images = Object.values(this.#world.node(node).images).reduce((sum, bytes) => sum + bytes, 0);
    const disk = left('disk', images);
    return { 'memory.available': left('memory', 0), 'nodefs.available': disk, 'imagefs.available': disk };
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

function diskLimit(object: Pod, name: string): string | undefined {
  return containerOf(object, name)?.resources?.limits?.['ephemeral-storage'];
}
