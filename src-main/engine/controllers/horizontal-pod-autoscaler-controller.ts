// Resizes workloads by what their pods use: looks at each autoscaler every 15 seconds, as long as a look can find anything new.
// upstream: pkg/controller/podautoscaler/horizontal.go
import { equal } from '../base/equal.ts';
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { deploymentKind } from '../kinds/apps/deployment.ts';
import { replicaSetKind } from '../kinds/apps/replica-set.ts';
import { statefulSetKind } from '../kinds/apps/stateful-set.ts';
import type { HorizontalPodAutoscaler } from '../kinds/autoscaling/autoscaler.ts';
import { horizontalPodAutoscalerKind } from '../kinds/autoscaling/horizontal-pod-autoscaler.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { replicationControllerKind } from '../kinds/core/replication-controller.ts';
import type { Kind } from '../kinds/kind.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import { type AutoscalerWorld, autoscale } from './horizontal-pod-autoscaler/autoscale.ts';
import type { AutoscalerMemory } from './horizontal-pod-autoscaler/autoscaler-memory.ts';
import { ClusterMetrics } from './horizontal-pod-autoscaler/cluster-metrics.ts';
import { SelectedPods } from './horizontal-pod-autoscaler/selected-pods.ts';
import { readScale, targetKind, writeScale } from './horizontal-pod-autoscaler/target-scale.ts';
import { isPodReady } from './pod-state.ts';

/** upstream: pkg/controller/podautoscaler/config/v1alpha1/defaults.go */
const SYNC_MS = 15_000;
const RULES = { cpuInitializationMs: 300_000, initialReadinessMs: 30_000, tolerance: { scaleUp: 0.1, scaleDown: 0.1 } };
const SCALE_DOWN_WINDOW_MS = 300_000;

const TICK = 'tick';

export interface WatchedAutoscaler extends AutoscalerMemory {
  /** When it was last due to be looked at, or came. */
  tickedMs: number;
  /** The next look; 0: there is none until something changes. */
  timer: number;
}

export interface AutoscalersMemory {
  /** Look every time, to compare: the same history, slower. */
  readonly ticking?: boolean;
  autoscalers: Record<string, WatchedAutoscaler>;
  selectors: Record<string, string>;
}

export const horizontalPodAutoscalerController = defineController<AutoscalersMemory>({
  name: 'horizontal-pod-autoscaler',
  workers: 5,
  initialState: () => ({ autoscalers: {}, selectors: {} }),
  start: (context) => new Autoscalers(context),
});

/** The same with every look taken, to compare. */
export const tickingHorizontalPodAutoscalerController = defineController<AutoscalersMemory>({
  name: 'horizontal-pod-autoscaler',
  workers: 5,
  initialState: () => ({ ticking: true, autoscalers: {}, selectors: {} }),
  start: (context) => new Autoscalers(context),
});

class Autoscalers {
  readonly #context: ControllerContext<AutoscalersMemory>;
  readonly #autoscalers: Cache<HorizontalPodAutoscaler>;
  readonly #selected: SelectedPods;
  readonly #metrics: ClusterMetrics;
  /** Kinds of targets that are watched. */
  readonly #watched = new Set<string>();

  constructor(context: ControllerContext<AutoscalersMemory>) {
    this.#context = context;
    const { time, physics, metrics, state } = context;
    this.#autoscalers = context.cache(horizontalPodAutoscalerKind);
    this.#autoscalers.index('target', ({ metadata, spec: { scaleTargetRef: target } }) => [
      `${target.kind} ${metadata.namespace}/${target.name}`,
    ]);
    this.#selected = new SelectedPods(context.cache(podKind), state.selectors, (key) => this.#wake(key));
    context.prepare(this.#selected.resume());
    this.#metrics = new ClusterMetrics(metrics, physics, time.unixMs - time.nowMs, () => time.nowMs);
    this.#autoscalers.onChange((next, previous) => {
      const key = keyOf((next ?? previous) as HorizontalPodAutoscaler);
      if (next === undefined) this.#forget(key);
      else if (previous === undefined) this.#add(key);
      else this.#wake(key);
    });
    this.#watchTargets(deploymentKind, replicaSetKind, statefulSetKind, replicationControllerKind);
    physics.listen(context.name, 'traffic', 'load', 'measurement', 'machine', 'kubelet', 'link');
    if (!context.restored) for (const autoscaler of this.#autoscalers.values()) this.#add(keyOf(autoscaler));
  }

  onTimer(name: string, key: string): void {
    if (name === TICK) {
      const watched = this.#context.state.autoscalers[key];
      if (watched === undefined) return;
      watched.timer = 0;
      watched.tickedMs = this.#context.time.nowMs;
      this.#context.queue.add(key);
    } else if (name === 'physics/traffic') for (const one of this.#selected.havingPod(key.slice(0, key.indexOf('/')))) this.#wake(one);
    else for (const one of Object.keys(this.#context.state.autoscalers)) this.#wake(one);
  }

  reconcile(key: string): void {
    const autoscaler = this.#autoscalers.get(key);
    const watched = this.#context.state.autoscalers[key];
    if (autoscaler === undefined || watched === undefined) return;
    const look = new Look(this.#context, autoscaler, this.#selected, this.#metrics);
    const status = autoscale(autoscaler, watched, look);
    const isSame = equal(status, autoscaler.status);
    if (!isSame) this.#context.client.updateStatus(horizontalPodAutoscalerKind, { ...autoscaler, status });
    const ticks = this.#context.state.ticking === true;
    if (ticks || !isSame || look.told || !this.#isStill(autoscaler, watched, look.found)) this.#tickAt(key, watched.tickedMs + SYNC_MS);
  }

  /** Will every later look find what this one found, until something changes? */
  #isStill({ spec }: HorizontalPodAutoscaler, { recommendations }: AutoscalerMemory, pods: readonly Pod[]): boolean {
    if (!this.#watched.has(spec.scaleTargetRef.kind)) return false;
    const [first] = recommendations ?? [];
    if (first === undefined || recommendations?.some(({ replicas }) => replicas !== first.replicas)) return false;
    return pods.every((pod) => {
      if (pod.metadata.deletionTimestamp !== undefined || pod.status.phase !== 'Running' || !isPodReady(pod)) return false;
      const use = this.#context.metrics.ofPod(pod);
      return use !== null && use.windowMs === SYNC_MS && use.atMs - use.windowMs >= use.steadyFromMs;
    });
  }

  #add(key: string): void {
    const { state, time } = this.#context;
    state.autoscalers[key] ??= { recommendations: null, ups: [], downs: [], tickedMs: time.nowMs, timer: 0 };
    this.#tickAt(key, time.nowMs + SYNC_MS);
  }

  #forget(key: string): void {
    const { state, time } = this.#context;
    time.cancel(state.autoscalers[key]?.timer ?? 0);
    delete state.autoscalers[key];
    this.#selected.forget(key);
  }

  #tickAt(key: string, atMs: number): void {
    const { state, time } = this.#context;
    const watched = state.autoscalers[key];
    if (watched !== undefined && watched.timer === 0) watched.timer = time.after(Math.max(0, atMs - time.nowMs), TICK, key);
  }

  /** One that slept is looked at again in its own rhythm; what it would have recommended meanwhile is what it did before. */
  #wake(key: string): void {
    const { state, time } = this.#context;
    const watched = state.autoscalers[key];
    if (watched === undefined || watched.timer !== 0) return;
    const passed = Math.ceil((time.nowMs - watched.tickedMs) / SYNC_MS);
    const nextMs = watched.tickedMs + Math.max(1, passed) * SYNC_MS;
    const last = watched.recommendations?.at(-1);
    if (passed > 1 && last !== undefined) {
      const lastMs = nextMs - SYNC_MS + (time.unixMs - time.nowMs);
      watched.recommendations = [{ replicas: last.replicas, atMs: lastMs }];
    }
    this.#tickAt(key, nextMs);
  }

  #watchTargets(...kinds: readonly { readonly group: string; readonly kind: string }[]): void {
    for (const kind of kinds) {
      this.#watched.add(kind.kind);
      this.#context.cache(kind as Kind<ApiObject>).onChange((next, previous) => {
        for (const autoscaler of this.#autoscalers.by('target', `${kind.kind} ${keyOf((next ?? previous) as ApiObject)}`))
          this.#wake(keyOf(autoscaler));
      });
    }
  }
}

/** One look at one autoscaler. */
class Look implements AutoscalerWorld {
  readonly rules;
  readonly source: ClusterMetrics;
  readonly timestamp: string;
  readonly scaleDownWindowMs = SCALE_DOWN_WINDOW_MS;
  /** Was there anything to tell? */
  told = false;
  found: readonly Pod[] = [];
  readonly #context: ControllerContext<AutoscalersMemory>;
  readonly #autoscaler: HorizontalPodAutoscaler;
  readonly #selected: SelectedPods;

  constructor(
    context: ControllerContext<AutoscalersMemory>,
    autoscaler: HorizontalPodAutoscaler,
    selected: SelectedPods,
    source: ClusterMetrics,
  ) {
    this.#context = context;
    this.#autoscaler = autoscaler;
    this.#selected = selected;
    this.source = source;
    this.rules = { ...RULES, nowMs: context.time.unixMs };
    this.timestamp = context.time.timestamp();
  }

  scale() {
    return readScale(this.#context.client, this.#target(), this.#targetKey());
  }

  rescale(replicas: number): void {
    writeScale(this.#context.client, this.#target(), this.#targetKey(), replicas);
  }

  pods(selector: string): readonly Pod[] {
    this.found = this.#selected.of(keyOf(this.#autoscaler), selector);
    return this.found;
  }

  autoscalersOf(pods: readonly Pod[]): readonly string[] {
    return this.#selected.autoscalersOf(this.#autoscaler.metadata.namespace, pods);
  }

  tell(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.told = true;
    this.#context.events.record(this.#autoscaler, type, reason, message);
  }

  #target(): Kind {
    return targetKind(this.#autoscaler.spec.scaleTargetRef, (key) => this.#context.kindOf(key));
  }

  #targetKey(): string {
    const { metadata, spec } = this.#autoscaler;
    return `${metadata.namespace}/${spec.scaleTargetRef.name}`;
  }
}
