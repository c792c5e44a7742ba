// Recommends what the containers of a workload should ask for, each minute, and evicts pods that ask for too little or too much. It acts only where somebody made a VerticalPodAutoscaler.
// upstream: kubernetes/autoscaler vertical-pod-autoscaler/pkg/recommender, pkg/updater
import { equal } from '../base/equal.ts';
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { modeOf, policyOf, type VerticalPodAutoscaler, verticalPodAutoscalerKind } from '../kinds/autoscaling/vertical-pod-autoscaler.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { type PodDisruptionBudget, podDisruptionBudgetKind } from '../kinds/policy/pod-disruption-budget.ts';
import { setStatusCondition } from '../meta/conditions.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { keyOf } from '../meta/object.ts';
import { ScaleRefused } from './horizontal-pod-autoscaler/autoscale.ts';
import { SelectedPods } from './horizontal-pod-autoscaler/selected-pods.ts';
import { readScale, targetKind } from './horizontal-pod-autoscaler/target-scale.ts';
import { isPodActive, isPodReady } from './pod-state.ts';
import { type ContainerHistory, isOutside, recommend } from './vertical-pod-autoscaler/recommendation.ts';
import { addSample, CPU_CORES, emptyHistogram, MEMORY_BYTES } from './vertical-pod-autoscaler/usage-histogram.ts';

/** upstream: recommender --recommender-interval, updater --updater-interval, --min-replicas, --eviction-tolerance */
const INTERVAL_MS = 60_000;
const REPLICAS_MIN = 2;
const EVICTION_TOLERANCE = 0.5;

export interface VerticalMemory {
  /** By autoscaler, then by container. */
  histories: Record<string, Record<string, ContainerHistory>>;
  timers: Record<string, number>;
  selectors: Record<string, string>;
}

export const verticalPodAutoscalerController = defineController<VerticalMemory>({
  name: 'vpa-recommender',
  workers: 1,
  initialState: () => ({ histories: {}, timers: {}, selectors: {} }),
  start: (context) => new VerticalAutoscalers(context),
});

class VerticalAutoscalers {
  readonly #context: ControllerContext<VerticalMemory>;
  readonly #autoscalers: Cache<VerticalPodAutoscaler>;
  readonly #budgets: Cache<PodDisruptionBudget>;
  readonly #selected: SelectedPods;

  constructor(context: ControllerContext<VerticalMemory>) {
    this.#context = context;
    this.#autoscalers = context.cache(verticalPodAutoscalerKind);
    this.#budgets = context.cache(podDisruptionBudgetKind);
    this.#selected = new SelectedPods(context.cache(podKind), context.state.selectors, () => {});
    context.prepare(this.#selected.resume());
    this.#autoscalers.onChange((next, previous) => {
      const key = keyOf((next ?? previous) as VerticalPodAutoscaler);
      if (next === undefined) this.#forget(key);
      else if (previous === undefined) this.#tickLater(key);
    });
    if (!context.restored) for (const autoscaler of this.#autoscalers.values()) this.#tickLater(keyOf(autoscaler));
  }

  onTimer(_name: string, key: string): void {
    const { state, queue } = this.#context;
    if (state.timers[key] === undefined) return;
    this.#tickLater(key);
    queue.add(key);
  }

  reconcile(key: string): void {
    const autoscaler = this.#autoscalers.get(key);
    // Stopped, it neither looks nor acts; what it has seen is kept for it in checkpoints.
    if (autoscaler === undefined || this.#context.physics.get('component', 'vertical-pod-autoscaler')?.running === false) return;
    const pods = this.#podsOf(key, autoscaler).filter(isPodActive);
    this.#sample(key, pods);
    const status = this.#statusOf(key, autoscaler, pods);
    if (!equal(status, autoscaler.status)) this.#context.client.updateStatus(verticalPodAutoscalerKind, { ...autoscaler, status });
    if (['Recreate', 'Auto'].includes(modeOf(autoscaler.spec))) this.#evict({ ...autoscaler, status }, pods);
  }

  #podsOf(key: string, { metadata, spec }: VerticalPodAutoscaler): readonly Pod[] {
    const { client, kindOf } = this.#context;
    try {
      const kind = targetKind(spec.targetRef, (one) => kindOf(one));
      const { selector } = readScale(client, kind, `${metadata.namespace}/${spec.targetRef.name}`);
      return selector === '' ? [] : this.#selected.of(key, selector);
    } catch (error) {
      if (error instanceof ScaleRefused) return [];
      throw error;
    }
  }

  #sample(key: string, pods: readonly Pod[]): void {
    const { state, metrics, time } = this.#context;
    state.histories[key] ??= {};
    const histories = state.histories[key];
    for (const pod of pods)
      for (const { name, cpuNanos, memoryBytes } of metrics.ofPod(pod)?.containers ?? []) {
        histories[name] ??= { firstMs: time.nowMs, cpu: emptyHistogram(), memory: emptyHistogram() };
        addSample(histories[name].cpu, CPU_CORES, cpuNanos / 1e9);
        addSample(histories[name].memory, MEMORY_BYTES, memoryBytes);
      }
  }

  #statusOf(key: string, { spec, status }: VerticalPodAutoscaler, pods: readonly Pod[]): VerticalPodAutoscaler['status'] {
    const { state, time } = this.#context;
    const known = Object.entries(state.histories[key] ?? {}).filter(([name]) => policyOf(spec, name)?.mode !== 'Off');
    const recommendations = known.map(([name, history]) => recommend(name, history, time.nowMs, known.length, policyOf(spec, name)));
    let conditions = status.conditions ?? [];
    const now = time.timestamp();
    if (pods.length === 0) {
      const message = 'No pods match this VPA object';
      conditions = setStatusCondition(conditions, { type: 'NoPodsMatched', status: 'True', reason: 'NoPodsMatched', message }, now);
    } else conditions = conditions.filter(({ type }) => type !== 'NoPodsMatched');
    const isProvided = recommendations.length > 0;
    conditions = setStatusCondition(conditions, { type: 'RecommendationProvided', status: isProvided ? 'True' : 'False' }, now);
    return { ...(isProvided ? { recommendation: { containerRecommendations: recommendations } } : {}), conditions };
  }

  /** Half of the replicas at most, never the only one. upstream: pkg/updater/restriction/pods_eviction_restriction.go */
  #evict({ spec, status }: VerticalPodAutoscaler, pods: readonly Pod[]): void {
    const { client, events } = this.#context;
    const recommendations = status.recommendation?.containerRecommendations ?? [];
    if (recommendations.length === 0 || pods.length < (spec.updatePolicy?.minReplicas ?? REPLICAS_MIN)) return;
    let left = Math.floor(pods.length * EVICTION_TOLERANCE) - pods.filter((pod) => !isPodReady(pod)).length;
    for (const pod of pods) {
      if (left < 1) return;
      const isOff = recommendations.some((one) => {
        const container = pod.spec.containers.find(({ name }) => name === one.containerName);
        return container !== undefined && isOutside((container.resources?.requests ?? {}) as Record<string, string>, one);
      });
      if (!isOff || !isPodReady(pod) || this.#isProtected(pod)) continue;
      left -= 1;
      client.delete(podKind, keyOf(pod), { preconditions: { uid: pod.metadata.uid } });
      events.record(pod, 'Normal', 'EvictedByVPA', 'Pod was evicted by VPA Updater to apply resource recommendation.');
    }
  }

  #isProtected({ metadata }: Pod): boolean {
    for (const { spec, status } of this.#budgets.inNamespace(metadata.namespace))
      if (status.disruptionsAllowed < 1 && selectorFor(spec.selector)(metadata.labels)) return true;
    return false;
  }

  #tickLater(key: string): void {
    const { state, time } = this.#context;
    state.timers[key] = time.after(INTERVAL_MS, 'minute', key);
  }

  #forget(key: string): void {
    const { state, time } = this.#context;
    time.cancel(state.timers[key] ?? 0);
    delete state.timers[key];
    delete state.histories[key];
    this.#selected.forget(key);
  }
}
