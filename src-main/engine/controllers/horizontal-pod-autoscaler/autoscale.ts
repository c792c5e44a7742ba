// One look at an autoscaler: reads its target's size and metrics, decides the new size, and says in conditions and events why.
// upstream: pkg/controller/podautoscaler/horizontal.go reconcileAutoscaler
import type { HorizontalPodAutoscaler, MetricStatus } from '../../kinds/autoscaling/autoscaler.ts';
import { wholeBehavior } from '../../kinds/autoscaling/horizontal-pod-autoscaler.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { setStatusCondition } from '../../meta/conditions.ts';
import { parseLabelSelector } from '../../meta/label-selector-text.ts';
import { type AutoscalerMemory, withNewest } from './autoscaler-memory.ts';
import { type MetricProposal, type MetricsTarget, MetricUnusable, proposalOf } from './metric-proposal.ts';
import type { MetricsSource } from './metric-samples.ts';
import type { CountRules } from './replica-count.ts';
import { type Limited, limitByBehavior, limitPlain } from './scaling-limits.ts';
import { type Stabilized, stabilizeBoth, stabilizeDown } from './stabilization.ts';

/** The Scale of the target. */
export interface TargetScale {
  readonly specReplicas: number;
  readonly statusReplicas: number;
  readonly selector: string;
}

/** A refusal of the API server; anything else that is thrown goes on. */
export class ScaleRefused extends Error {
  override readonly name = 'ScaleRefused';
}

/** What an autoscaler can see and do. */
export interface AutoscalerWorld {
  readonly rules: CountRules;
  readonly source: MetricsSource;
  readonly timestamp: string;
  /** --horizontal-pod-autoscaler-downscale-stabilization */
  readonly scaleDownWindowMs: number;
  /** Throws ScaleRefused. */
  scale(): TargetScale;
  /** Throws ScaleRefused. */
  rescale(replicas: number): void;
  pods(selector: string): readonly Pod[];
  /** Names of the autoscalers, this one among them, whose targets have some of these pods. */
  autoscalersOf(pods: readonly Pod[]): readonly string[];
  tell(type: 'Normal' | 'Warning', reason: string, message: string): void;
}

type Status = HorizontalPodAutoscaler['status'];
type Conditions = NonNullable<Status['conditions']>;

/** The new status. The memory is changed. */
export function autoscale(autoscaler: HorizontalPodAutoscaler, memory: AutoscalerMemory, world: AutoscalerWorld): Status {
  return new Autoscaling(autoscaler, memory, world).run();
}

class Autoscaling {
  readonly #autoscaler: HorizontalPodAutoscaler;
  readonly #memory: AutoscalerMemory;
  readonly #world: AutoscalerWorld;
  #conditions: Conditions;
  #statuses: readonly MetricStatus[] = [];

  constructor(autoscaler: HorizontalPodAutoscaler, memory: AutoscalerMemory, world: AutoscalerWorld) {
    this.#autoscaler = autoscaler;
    this.#memory = memory;
    this.#world = world;
    this.#conditions = autoscaler.status.conditions ?? [];
  }

  run(): Status {
    const { spec, status } = this.#autoscaler;
    const scale = this.#readScale();
    if (scale === null) return { ...status, conditions: this.#conditions };
    this.#set('AbleToScale', 'True', 'SucceededGetScale', "the HPA controller was able to get the target's current scale");
    const { specReplicas: current } = scale;
    if (this.#memory.recommendations === null) this.#recommend(current);
    const { minReplicas = 1, maxReplicas } = spec;
    if (current === 0 && minReplicas !== 0) {
      const message = 'scaling is disabled since the replica count of the target is zero';
      this.#set('ScalingActive', 'False', 'ScalingDisabled', message);
      return this.#status(0, 0, false);
    }
    if (current > maxReplicas) return this.#rescale(current, maxReplicas, 'Current number of replicas above Spec.MaxReplicas');
    if (current < minReplicas) return this.#rescale(current, minReplicas, 'Current number of replicas below Spec.MinReplicas');
    const best = this.#bestProposal(scale);
    if (best === null) return this.#status(current, status.desiredReplicas, false);
    const desired = this.#normalized(current, best.replicas);
    if (desired === current) return this.#status(current, current, false);
    const reason = best.replicas > current ? `${best.name} above target` : best.replicas < current ? 'All metrics below target' : '';
    return this.#rescale(current, desired, reason);
  }

  #readScale(): TargetScale | null {
    try {
      return this.#world.scale();
    } catch (error) {
      if (!(error instanceof ScaleRefused)) throw error;
      const { message } = error;
      this.#world.tell('Warning', 'FailedGetScale', message);
      const text = `the HPA controller was unable to get the target's current scale: ${message}`;
      this.#set('AbleToScale', 'False', 'FailedGetScale', text);
      return null;
    }
  }

  /** The largest that a metric proposes; null: none may be acted on. upstream: computeReplicasForMetrics */
  #bestProposal(scale: TargetScale): MetricProposal | null {
    const pods = this.#targetPods(scale.selector);
    if (pods === null) return null;
    const { namespace } = this.#autoscaler.metadata;
    const { specReplicas, statusReplicas } = scale;
    const target: MetricsTarget = { namespace, specReplicas, statusReplicas, pods };
    const { metrics = [] } = this.#autoscaler.spec;
    let best: MetricProposal | null = null;
    const failed: MetricUnusable[] = [];
    const statuses: MetricStatus[] = [];
    for (const spec of metrics) {
      const proposal = this.#proposal(() => proposalOf(spec, target, this.#world.source, this.#world.rules), failed);
      statuses.push(proposal?.status ?? { type: '' });
      if (proposal !== null && (best === null || best.replicas === 0 || proposal.replicas > best.replicas)) best = proposal;
    }
    this.#statuses = statuses;
    const [first] = failed;
    if (first !== undefined && (best === null || best.replicas < specReplicas)) {
      this.#set('ScalingActive', 'False', first.reason, `the HPA was unable to compute the replica count: ${first.message}`);
      this.#uncomputed(`invalid metrics (${failed.length} invalid out of ${metrics.length}), first error is: ${first.whole}`);
      return null;
    }
    this.#set('ScalingActive', 'True', 'ValidMetricFound', `the HPA was able to successfully calculate a replica count from ${best?.name}`);
    return best;
  }

  #proposal(propose: () => MetricProposal, failed: MetricUnusable[]): MetricProposal | null {
    try {
      return propose();
    } catch (error) {
      if (!(error instanceof MetricUnusable)) throw error;
      this.#world.tell('Warning', error.reason, error.message);
      failed.push(error);
      return null;
    }
  }

  /** upstream: validateAndParseSelector */
  #targetPods(selector: string): readonly Pod[] | null {
    const { error } = parseLabelSelector(selector);
    if (selector === '') {
      this.#world.tell('Warning', 'SelectorRequired', 'selector is required');
      this.#set('ScalingActive', 'False', 'InvalidSelector', "the HPA target's scale is missing a selector");
      return this.#uncomputed('selector is required');
    }
    if (error !== undefined) {
      const message = `couldn't convert selector into a corresponding internal selector object: ${error}`;
      return this.#unselected('InvalidSelector', message);
    }
    const pods = this.#world.pods(selector);
    const names = this.#world.autoscalersOf(pods);
    if (names.length <= 1) return pods;
    const { namespace } = this.#autoscaler.metadata;
    const list = names.map((name) => `{${name} ${namespace}}`).join(' ');
    return this.#unselected('AmbiguousSelector', `pods by selector ${selector} are controlled by multiple HPAs: [${list}]`);
  }

  #unselected(reason: string, message: string): null {
    this.#world.tell('Warning', reason, message);
    this.#set('ScalingActive', 'False', reason, message);
    return this.#uncomputed(message);
  }

  #uncomputed(message: string): null {
    this.#world.tell('Warning', 'FailedComputeMetricsReplicas', message);
    return null;
  }

  /** What is left of a proposal when the recent past and the limits have had their say. upstream: normalizeDesiredReplicas, normalizeDesiredReplicasWithBehaviors */
  #normalized(current: number, proposed: number): number {
    const { minReplicas = 1, maxReplicas, behavior: given } = this.#autoscaler.spec;
    const { rules, scaleDownWindowMs } = this.#world;
    const { nowMs } = rules;
    const { ups, downs } = this.#memory;
    const recommendations = this.#memory.recommendations ?? [];
    const range = { minReplicas, maxReplicas };
    let stabilized: Stabilized;
    let limited: Limited;
    let keepMs = scaleDownWindowMs;
    if (given === undefined) {
      stabilized = stabilizeDown(proposed, recommendations, nowMs, scaleDownWindowMs);
      limited = limitPlain(current, stabilized.replicas, range);
    } else {
      const behavior = wholeBehavior(given);
      const { scaleUp, scaleDown } = behavior;
      const ownWindow = scaleDown.stabilizationWindowSeconds;
      const windows = {
        scaleUpMs: (scaleUp.stabilizationWindowSeconds ?? 0) * 1000,
        scaleDownMs: ownWindow === undefined ? scaleDownWindowMs : ownWindow * 1000,
      };
      keepMs = Math.max(windows.scaleUpMs, windows.scaleDownMs);
      stabilized = stabilizeBoth(current, proposed, recommendations, nowMs, windows);
      limited = limitByBehavior(current, stabilized.replicas, range, behavior, { ups, downs, nowMs });
    }
    this.#recommend(proposed, keepMs);
    this.#set('AbleToScale', 'True', stabilized.reason, stabilized.message);
    this.#set('ScalingLimited', limited.replicas === stabilized.replicas ? 'False' : 'True', limited.reason, limited.message);
    return limited.replicas;
  }

  #rescale(current: number, desired: number, reason: string): Status {
    try {
      this.#world.rescale(desired);
    } catch (error) {
      if (!(error instanceof ScaleRefused)) throw error;
      const { message } = error;
      this.#world.tell('Warning', 'FailedRescale', `New size: ${desired}; reason: ${reason}; error: ${message}`);
      this.#set('AbleToScale', 'False', 'FailedUpdateScale', `the HPA controller was unable to update the target scale: ${message}`);
      return this.#status(current, this.#autoscaler.status.desiredReplicas, false);
    }
    this.#set('AbleToScale', 'True', 'SucceededRescale', `the HPA controller was able to update the target scale to ${desired}`);
    this.#world.tell('Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`);
    this.#remember(current, desired);
    return this.#status(current, desired, true);
  }

  #recommend(replicas: number, keepMs = Number.POSITIVE_INFINITY): void {
    const { nowMs } = this.#world.rules;
    this.#memory.recommendations = withNewest(this.#memory.recommendations ?? [], { replicas, atMs: nowMs }, keepMs);
  }

  /** upstream: storeScaleEvent */
  #remember(current: number, desired: number): void {
    const { behavior } = this.#autoscaler.spec;
    if (behavior === undefined) return;
    const { nowMs } = this.#world.rules;
    const { scaleUp, scaleDown } = wholeBehavior(behavior);
    const step = { change: Math.abs(desired - current), atMs: nowMs };
    const periodMs = (rules: typeof scaleUp): number => Math.max(0, ...(rules.policies ?? []).map((one) => one.periodSeconds)) * 1000;
    if (desired > current) this.#memory.ups = withNewest(this.#memory.ups, step, periodMs(scaleUp));
    else this.#memory.downs = withNewest(this.#memory.downs, step, periodMs(scaleDown));
  }

  #status(current: number, desired: number, rescaled: boolean): Status {
    const { lastScaleTime } = this.#autoscaler.status;
    const scaledAt = rescaled ? this.#world.timestamp : lastScaleTime;
    return {
      currentReplicas: current,
      desiredReplicas: desired,
      ...(scaledAt === undefined ? {} : { lastScaleTime: scaledAt }),
      ...(this.#statuses.length === 0 ? {} : { currentMetrics: this.#statuses }),
      conditions: this.#conditions,
    };
  }

  #set(type: string, status: 'True' | 'False', reason: string, message: string): void {
    this.#conditions = setStatusCondition(this.#conditions, { type, status, reason, message }, this.#world.timestamp);
  }
}
