// One look at one rollout: answers what the chart asks and does what it decides.
// upstream: pkg/controller/deployment/deployment_controller.go syncDeployment, rolling.go, recreate.go, sync.go
import { equal } from '../../base/equal.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { isNotFound } from '../../meta/status-error.ts';
import { rolloutChart } from '../../statecharts/rollout.chart.ts';
import { type StepHost, step } from '../../statecharts/step.ts';
import { desiredReplicasAnnotation } from './annotations.ts';
import type { DeploymentSync } from './deployment-sync.ts';
import { desiredReplicas } from './fenceposts.ts';
import { setsBeyondHistory } from './history.ts';
import { syncNewSet } from './new-set.ts';
import { oldPodsRunning } from './old-pods-running.ts';
import { progressState, stepProgress } from './progress.ts';
import { proportionalSizes } from './proportional-scale.ts';
import { type Sizes, scaleNew, scaleOld } from './rolling.ts';
import { rolloutStatus } from './rollout-status.ts';
import { activeSets, type Sets } from './sets.ts';
import { deploymentStatus, isComplete } from './status.ts';

export interface RolloutHost {
  podsOf(sets: Sets): Iterable<Pod>;
  /** The rollout's status was counted again and there was nothing to write. */
  unchanged(status: ReturnType<typeof rolloutStatus>): void;
}

export class Rollout {
  readonly #sync: DeploymentSync;
  readonly #host: RolloutHost;
  /** All ReplicaSets of the Deployment. */
  readonly #sets: Sets;
  #newSet: ReplicaSet | null = null;
  #oldSets: Sets = [];

  constructor(sync: DeploymentSync, sets: Sets, host: RolloutHost) {
    this.#sync = sync;
    this.#sets = sets;
    this.#host = host;
  }

  /** From one state of the chart's region `work` to the next. */
  advance(work: string): string {
    if (this.#sync.deployment.metadata.deletionTimestamp === undefined) this.#checkPaused();
    const next = this.#step(work, 'look');
    return this.#step(next, 'advance');
  }

  #step(work: string, event: 'look' | 'advance'): string {
    const host: StepHost = {
      whose: this.#sync.deployment.metadata.uid,
      guard: (name) => this.#answer(name),
      action: (name) => this.#act(name),
    };
    return step(rolloutChart, { work, progress: progressState(this.#sync.deployment.status) }, 'work', event, host);
  }

  #answer(guard: string): boolean {
    const { deployment } = this.#sync;
    if (guard === 'isDeleted') return deployment.metadata.deletionTimestamp !== undefined;
    if (guard === 'isPaused') return deployment.spec.paused === true;
    if (guard === 'wasResized') return this.#wasResized();
    if (guard === 'replacesAtOnce') return deployment.spec.strategy?.type === 'Recreate';
    if (guard === 'oldSetsWantPods') return activeSets(this.#oldSets).length > 0;
    if (guard === 'oldPodsRun') return oldPodsRunning(this.#oldSets, this.#host.podsOf(this.#oldSets));
    if (guard === 'newSetResizes') return this.#newSet !== null && this.#newSize(this.#newSet) !== desiredReplicas(this.#newSet);
    if (guard === 'oldSetsShrink') return this.#oldSizes().size > 0;
    return guard === 'isComplete' && isComplete(deployment, deployment.status);
  }

  #act(action: string): void {
    const { deployment } = this.#sync;
    if (action === 'findSets') this.#find(false);
    else if (action === 'makeNewSet') this.#find(true);
    else if (action === 'resizeAll') this.#resize(proportionalSizes(deployment, this.#newSet, this.#oldSets));
    else if (action === 'resizeNewSet') this.#resizeNewSet();
    else if (action === 'shrinkOldSets') this.#resize(this.#oldSizes());
    else if (action === 'stopOldSets') this.#resize(new Map(activeSets(this.#oldSets).map((set) => [set.metadata.name, 0])));
    else if (action === 'startNewSet') this.#startNewSet();
    else if (action === 'cleanUp') this.#cleanUp();
    else if (action === 'publish') this.#publish();
    else if (action === 'publishRollout') this.#publishRollout();
  }

  /** upstream: checkPausedConditions */
  #checkPaused(): void {
    const { deployment, unixMs } = this.#sync;
    const event = deployment.spec.paused === true ? 'pause' : 'resume';
    const conditions = stepProgress(deployment, deployment.status, event, { unixMs });
    if (!equal(conditions, deployment.status.conditions ?? [])) this.#sync.updateStatus({ ...deployment.status, conditions });
  }

  /** upstream: isScalingEvent */
  #wasResized(): boolean {
    return activeSets(this.#sets).some((set) => {
      const desired = desiredReplicasAnnotation(set);
      return desired !== null && desired !== desiredReplicas(this.#sync.deployment);
    });
  }

  #find(create: boolean): void {
    this.#newSet = syncNewSet(this.#sync, this.#sets, create);
    this.#oldSets = this.#sets.filter((set) => set.metadata.uid !== this.#newSet?.metadata.uid);
  }

  #allSets(): Sets {
    return this.#newSet === null ? this.#oldSets : [...this.#oldSets, this.#newSet];
  }

  #newSize(newSet: ReplicaSet): number {
    return scaleNew(this.#sync.deployment, this.#allSets(), newSet);
  }

  #oldSizes(): Sizes {
    return this.#newSet === null ? new Map() : scaleOld(this.#sync.deployment, activeSets(this.#oldSets), this.#newSet);
  }

  #resize(sizes: Sizes): void {
    const scale = (set: ReplicaSet): ReplicaSet => {
      const size = sizes.get(set.metadata.name);
      return size === undefined ? set : this.#sync.scale(set, size);
    };
    if (this.#newSet !== null) this.#newSet = scale(this.#newSet);
    this.#oldSets = this.#oldSets.map(scale);
  }

  #resizeNewSet(): void {
    if (this.#newSet !== null) this.#newSet = this.#sync.scale(this.#newSet, this.#newSize(this.#newSet));
  }

  #startNewSet(): void {
    if (this.#newSet === null) this.#find(true);
    if (this.#newSet !== null) this.#newSet = this.#sync.scale(this.#newSet, desiredReplicas(this.#sync.deployment));
  }

  /** upstream: cleanupDeployment */
  #cleanUp(): void {
    for (const set of setsBeyondHistory(this.#oldSets, this.#sync.deployment.spec.revisionHistoryLimit)) {
      try {
        this.#sync.deleteSet(set);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  #publish(): void {
    const { deployment, unixMs } = this.#sync;
    this.#sync.updateStatus(deploymentStatus(deployment, this.#allSets(), this.#newSet, unixMs));
  }

  #publishRollout(): void {
    const before = this.#sync.deployment;
    const status = rolloutStatus(before, this.#allSets(), this.#newSet, this.#sync.unixMs);
    this.#sync.updateStatus(status);
    if (this.#sync.deployment === before) this.#host.unchanged(status);
  }
}
