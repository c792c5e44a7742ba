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
import { claimObjects } from './claim-objects.ts';
import { DeploymentSync } from './deployment/deployment-sync.ts';
import { Rollout } from './deployment/rollout.ts';
import type { Sets } from './deployment/sets.ts';
import { type DeploymentStatus, NEW_SET_AVAILABLE, stuckCheckMs } from './deployment/status.ts';
import { indexPodsByController } from './replica-set/replica-controller.ts';

export const deploymentController = defineController<DeploymentMemory>({
  name: 'deployment-controller',
  workers: 5,
  initialState: () => ({ rollouts: {} }),
  start: (context) => {
    const controller = new DeploymentController(context);
    return { reconcile: (key) => controller.reconcile(key) };
  },
});

/** Where each rollout's work is on its chart, by key; its progress is what the Deployment's condition says. */
export interface DeploymentMemory {
  readonly rollouts: Record<string, { readonly work: string; readonly sinceMs: number }>;
}

class DeploymentController {
  readonly #context: ControllerContext<DeploymentMemory>;
  readonly #deployments: Cache<Deployment>;
  readonly #sets: Cache<ReplicaSet>;
  readonly #pods: Cache<Pod>;

  constructor(context: ControllerContext<DeploymentMemory>) {
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
    const { client, events, time, state } = this.#context;
    const deployment = this.#deployments.get(key);
    if (deployment === undefined) {
      delete state.rollouts[key];
      return;
    }
    const sync = new DeploymentSync(deployment, { client, events, sets: this.#sets, unixMs: time.unixMs });
    const rollout = new Rollout(sync, this.#claimedSets(deployment), {
      podsOf: (sets) => this.#podsOf(sets),
      unchanged: (status) => this.#lookAgain(deployment, status),
    });
    const before = state.rollouts[key];
    const work = rollout.advance(before?.work ?? 'unseen');
    if (before?.work !== work) state.rollouts[key] = { work, sinceMs: time.nowMs };
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

  /** Progress may have to be given up. */
  #lookAgain(deployment: Deployment, status: DeploymentStatus): void {
    const { queue, time } = this.#context;
    const ms = stuckCheckMs(deployment, status, time.unixMs);
    // A finished rollout that has lost pods can neither complete anew nor time out: upstream looks again and again and finds nothing.
    if (findCondition(deployment.status.conditions, 'Progressing')?.reason === NEW_SET_AVAILABLE) return;
    if (ms === 0) queue.addRateLimited(keyOf(deployment));
    else if (ms !== null) queue.addAfter(keyOf(deployment), ms + 1000);
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
