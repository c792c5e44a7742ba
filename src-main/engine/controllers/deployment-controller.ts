// Rolls Deployments out: from the old ReplicaSets to the new one, step by step, within what may surge and be missing.
// upstream: pkg/controller/deployment/deployment_controller.go syncDeployment
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { type Deployment, deploymentKind } from '../kinds/apps/deployment.ts';
import { type ReplicaSet, replicaSetKind } from '../kinds/apps/replica-set.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { findCondition } from '../meta/conditions.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import { controllerOf } from '../meta/owner-references.ts';
import { isNotFound } from '../meta/status-error.ts';
import { claimObjects } from './claim-objects.ts';
import { desiredReplicasAnnotation } from './deployment/annotations.ts';
import { DeploymentSync } from './deployment/deployment-sync.ts';
import { desiredReplicas } from './deployment/fenceposts.ts';
import { setsBeyondHistory } from './deployment/history.ts';
import { syncNewSet } from './deployment/new-set.ts';
import { oldPodsRunning } from './deployment/old-pods-running.ts';
import { proportionalSizes } from './deployment/proportional-scale.ts';
import { type Sizes, scaleNew, scaleOld } from './deployment/rolling.ts';
import { activeSets, type Sets } from './deployment/sets.ts';
import * as progress from './deployment/status.ts';
import { indexPodsByController } from './replica-set/replica-controller.ts';

export const deploymentController = defineController<Record<never, never>>({
  name: 'deployment-controller',
  workers: 5,
  initialState: () => ({}),
  start: (context) => {
    const controller = new DeploymentController(context);
    return { reconcile: (key) => controller.reconcile(key) };
  },
});

interface Found {
  readonly newSet: ReplicaSet | null;
  readonly oldSets: Sets;
}

class DeploymentController {
  readonly #context: ControllerContext<Record<never, never>>;
  readonly #deployments: Cache<Deployment>;
  readonly #sets: Cache<ReplicaSet>;
  readonly #pods: Cache<Pod>;

  constructor(context: ControllerContext<Record<never, never>>) {
    this.#context = context;
    this.#deployments = context.cache(deploymentKind);
    this.#sets = context.cache(replicaSetKind);
    this.#pods = context.cache(podKind);
    indexPodsByController(this.#pods);
    this.#deployments.onChange((next, previous) => this.#add(next ?? previous));
    this.#sets.onChange((next, previous) => this.#setChanged(next, previous));
    this.#pods.onChange((next, previous) => {
      if (next === undefined && previous !== undefined) this.#podGone(previous);
    });
    if (!context.restored) for (const deployment of this.#deployments.values()) this.#add(deployment);
  }

  reconcile(key: string): void {
    const deployment = this.#deployments.get(key);
    if (deployment === undefined) return;
    const { client, events, time } = this.#context;
    const sync = new DeploymentSync(deployment, { client, events, sets: this.#sets, unixMs: time.unixMs });
    const sets = this.#claimedSets(deployment);
    if (deployment.metadata.deletionTimestamp !== undefined) {
      this.#syncStatus(sync, this.#find(sync, sets, false));
      return;
    }
    this.#checkPaused(sync);
    if (deployment.spec.paused === true) {
      const found = this.#find(sync, sets, false);
      const scaled = this.#scale(sync, found);
      this.#cleanUp(sync, scaled);
      this.#syncStatus(sync, scaled);
    } else if (this.#wasScaled(deployment, sets)) this.#syncStatus(sync, this.#scale(sync, this.#find(sync, sets, false)));
    else if (deployment.spec.strategy?.type === 'Recreate') this.#recreate(sync, sets);
    else this.#roll(sync, sets);
  }

  /** upstream: getReplicaSetsForDeployment */
  #claimedSets(deployment: Deployment): Sets {
    const owned: ReplicaSet[] = [];
    const orphans: ReplicaSet[] = [];
    for (const set of this.#sets.inNamespace(deployment.metadata.namespace)) {
      const uid = controllerOf(set)?.uid;
      if (uid === undefined) orphans.push(set);
      else if (uid === deployment.metadata.uid) owned.push(set);
    }
    const matches = selectorFor(deployment.spec.selector);
    const { client } = this.#context;
    return claimObjects({ client, ownerKind: deploymentKind, ownedKind: replicaSetKind, owner: deployment, matches }, owned, orphans);
  }

  #find(sync: DeploymentSync, sets: Sets, create: boolean): Found {
    const newSet = syncNewSet(sync, sets, create);
    return { newSet, oldSets: sets.filter((set) => set.metadata.uid !== newSet?.metadata.uid) };
  }

  /** upstream: rolloutRolling */
  #roll(sync: DeploymentSync, sets: Sets): void {
    const found = this.#find(sync, sets, true);
    const { newSet, oldSets } = found;
    if (newSet === null) return;
    const size = scaleNew(sync.deployment, [...oldSets, newSet], newSet);
    if (size !== desiredReplicas(newSet)) {
      this.#syncRollout(sync, { oldSets, newSet: sync.scale(newSet, size) });
      return;
    }
    const sizes = scaleOld(sync.deployment, activeSets(oldSets), newSet);
    if (sizes.size > 0) {
      this.#syncRollout(sync, resize(sync, found, sizes));
      return;
    }
    if (progress.isComplete(sync.deployment, sync.deployment.status)) this.#cleanUp(sync, found);
    this.#syncRollout(sync, found);
  }

  /** upstream: rolloutRecreate */
  #recreate(sync: DeploymentSync, sets: Sets): void {
    const found = this.#find(sync, sets, false);
    const active = activeSets(found.oldSets);
    if (active.length > 0) {
      this.#syncRollout(sync, resize(sync, found, new Map(active.map((set) => [set.metadata.name, 0]))));
      return;
    }
    if (oldPodsRunning(found.oldSets, this.#podsOf(found.oldSets))) {
      this.#syncRollout(sync, found);
      return;
    }
    const { newSet, oldSets } = found.newSet === null ? this.#find(sync, sets, true) : found;
    if (newSet === null) return;
    const scaled = { oldSets, newSet: sync.scale(newSet, desiredReplicas(sync.deployment)) };
    if (progress.isComplete(sync.deployment, sync.deployment.status)) this.#cleanUp(sync, scaled);
    this.#syncRollout(sync, scaled);
  }

  /** upstream: isScalingEvent */
  #wasScaled(deployment: Deployment, sets: Sets): boolean {
    return activeSets(sets).some((set) => {
      const desired = desiredReplicasAnnotation(set);
      return desired !== null && desired !== desiredReplicas(deployment);
    });
  }

  #scale(sync: DeploymentSync, found: Found): Found {
    return resize(sync, found, proportionalSizes(sync.deployment, found.newSet, found.oldSets));
  }

  /** upstream: checkPausedConditions */
  #checkPaused(sync: DeploymentSync): void {
    const { deployment } = sync;
    const condition = findCondition(deployment.status.conditions, 'Progressing');
    if (!progress.hasProgressDeadline(deployment) || condition?.reason === progress.TIMED_OUT) return;
    const wasPaused = condition?.reason === 'DeploymentPaused';
    const isPaused = deployment.spec.paused === true;
    if (wasPaused === isPaused) return;
    const next = isPaused
      ? progress.newCondition('Progressing', 'Unknown', 'DeploymentPaused', 'Deployment is paused', sync.unixMs)
      : progress.newCondition('Progressing', 'Unknown', 'DeploymentResumed', 'Deployment is resumed', sync.unixMs);
    const conditions = progress.withCondition(deployment.status.conditions ?? [], next);
    sync.updateStatus({ ...deployment.status, conditions });
  }

  #syncStatus(sync: DeploymentSync, { newSet, oldSets }: Found): void {
    const sets = newSet === null ? oldSets : [...oldSets, newSet];
    sync.updateStatus(progress.deploymentStatus(sync.deployment, sets, newSet, sync.unixMs));
  }

  #syncRollout(sync: DeploymentSync, { newSet, oldSets }: Found): void {
    const sets = newSet === null ? oldSets : [...oldSets, newSet];
    const before = sync.deployment;
    const status = progress.rolloutStatus(before, sets, newSet, sync.unixMs);
    sync.updateStatus(status);
    if (sync.deployment !== before) return;
    const ms = progress.stuckCheckMs(before, status, sync.unixMs);
    // A finished rollout that has lost pods can neither complete anew nor time out: upstream looks again and again and finds nothing.
    if (findCondition(before.status.conditions, 'Progressing')?.reason === progress.NEW_SET_AVAILABLE) return;
    if (ms === 0) this.#context.queue.addRateLimited(keyOf(before));
    else if (ms !== null) this.#context.queue.addAfter(keyOf(before), ms + 1000);
  }

  #cleanUp(sync: DeploymentSync, { oldSets }: Found): void {
    for (const set of setsBeyondHistory(oldSets, sync.deployment.spec.revisionHistoryLimit)) {
      try {
        sync.deleteSet(set);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  }

  *#podsOf(sets: Sets): Iterable<Pod> {
    for (const set of sets) yield* this.#pods.by('controller', set.metadata.uid);
  }

  #add(object: ApiObject | undefined): void {
    if (object !== undefined) this.#context.queue.add(keyOf(object));
  }

  #setChanged(next: ReplicaSet | undefined, previous: ReplicaSet | undefined): void {
    const set = next ?? previous;
    if (set === undefined) return;
    if (next !== undefined && previous !== undefined && controllerOf(next)?.uid !== controllerOf(previous)?.uid)
      this.#add(this.#ownerOf(previous));
    if (controllerOf(set) !== undefined) this.#add(this.#ownerOf(set));
    else if (next !== undefined)
      for (const deployment of this.#deployments.inNamespace(set.metadata.namespace))
        if (selectorFor(deployment.spec.selector)(set.metadata.labels)) this.#add(deployment);
  }

  /** A Recreate rollout waits for the last pod. upstream: deletePod */
  #podGone(pod: Pod): void {
    const reference = controllerOf(pod);
    const set = reference?.kind === 'ReplicaSet' ? this.#sets.get(`${pod.metadata.namespace}/${reference.name}`) : undefined;
    const deployment = set === undefined ? undefined : this.#ownerOf(set);
    if (deployment?.spec.strategy?.type === 'Recreate') this.#add(deployment);
  }

  #ownerOf(set: ReplicaSet): Deployment | undefined {
    const reference = controllerOf(set);
    if (reference?.kind !== 'Deployment') return undefined;
    const deployment = this.#deployments.get(`${set.metadata.namespace}/${reference.name}`);
    return deployment?.metadata.uid === reference.uid ? deployment : undefined;
  }
}

function resize(sync: DeploymentSync, { newSet, oldSets }: Found, sizes: Sizes): Found {
  const scale = (set: ReplicaSet): ReplicaSet => {
    const size = sizes.get(set.metadata.name);
    return size === undefined ? set : sync.scale(set, size);
  };
  return { newSet: newSet === null ? null : scale(newSet), oldSets: oldSets.map(scale) };
}
