// One look at one StatefulSet: pods are made from the lowest ordinal up, taken away from the highest down, and updated one after the other.
// upstream: pkg/controller/statefulset/stateful_set_control.go UpdateStatefulSet (release 1.33, MaxUnavailableStatefulSet off)
import { equal } from '../../base/equal.ts';
import type { ControllerRevision } from '../../kinds/apps/controller-revision.ts';
import { type StatefulSet, statefulSetKind } from '../../kinds/apps/stateful-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { keyOf } from '../../meta/object.ts';
import { isConflict, isNotFound, StatusError } from '../../meta/status-error.ts';
import { isPodAvailable } from '../pod-state.ts';
import { storageMatches } from './claims.ts';
import { type RevisionsOfSet, revisionsOf, truncateHistory } from './history.ts';
import { identityMatches, isInRange, ordinalOf, revisionOfPod, startOrdinal, wantedReplicas } from './identity.ts';
import { newPod } from './new-pod.ts';
import { StatefulPodControl, type StatefulSetWorld } from './pod-control.ts';
import {
  type Counts,
  countPods,
  isCreated,
  isHealthy,
  isRunningAndReady,
  isTerminating,
  type StatefulSetStatus,
  statusOf,
} from './status.ts';

/** Returns the status as it then is; throws what a write threw, after the status was written. `known`: oldest first. */
export function* updateStatefulSet(
  world: StatefulSetWorld,
  set: StatefulSet,
  pods: readonly Pod[],
  known: readonly ControllerRevision[],
): Generator<void, StatefulSetStatus> {
  const revisions = revisionsOf(world.client, set, known);
  const look = new StatefulSetLook(world, set, revisions, pods);
  const fault = yield* look.advance();
  const status = statusOf(set, look.counts, revisions, revisions.collisionCount);
  writeStatus(world, set, status);
  truncateHistory(world.client, set, pods, known, revisions);
  if (fault !== null) throw fault;
  return status;
}

class StatefulSetLook {
  counts: Counts;
  readonly #world: StatefulSetWorld;
  readonly #set: StatefulSet;
  readonly #revisions: RevisionsOfSet;
  readonly #control: StatefulPodControl;
  /** By ordinal, from the first wanted one; those that do not exist are planned. */
  readonly #replicas: readonly Pod[];
  /** Not wanted any more, highest ordinal first. */
  readonly #condemned: readonly Pod[];
  readonly #ordered: boolean;

  constructor(world: StatefulSetWorld, set: StatefulSet, revisions: RevisionsOfSet, pods: readonly Pod[]) {
    this.#world = world;
    this.#set = set;
    this.#revisions = revisions;
    this.#control = new StatefulPodControl(world, set);
    this.#ordered = set.spec.podManagementPolicy !== 'Parallel';
    this.counts = countPods(set, pods, revisions, world.unixMs);
    const byOrdinal = new Map(pods.map((pod) => [ordinalOf(pod), pod]));
    const start = startOrdinal(set);
    this.#replicas = Array.from(
      { length: wantedReplicas(set) },
      (_, index) => byOrdinal.get(start + index) ?? newPod(set, revisions, start + index),
    );
    this.#condemned = pods
      .filter((pod) => ordinalOf(pod) >= 0 && !isInRange(set, ordinalOf(pod)))
      .sort((a, b) => ordinalOf(b) - ordinalOf(a));
  }

  /** What went wrong, if anything did. */
  *advance(): Generator<void, StatusError | null> {
    if (this.#set.metadata.deletionTimestamp !== undefined) return null;
    const firstUnhealthy = [...this.#replicas, ...this.#condemned.toReversed()].find((pod) => !isHealthy(pod));
    const steps: readonly (() => Generator<void, Outcome>)[] = [
      () => this.#forAll(this.#replicas, (pod) => this.#processReplica(pod)),
      () => this.#forAll(this.#condemned, (pod) => this.#processClaims(pod)),
      () => this.#forAll(this.#condemned, (pod) => this.#processCondemned(pod, firstUnhealthy)),
    ];
    for (const step of steps) {
      const { wait, error } = yield* step();
      if (!wait && error === null) continue;
      this.#count();
      return error;
    }
    this.#count();
    return this.#set.spec.updateStrategy?.type === 'OnDelete' ? null : this.#updateOne();
  }

  /** Ordered: up to the first that has to be waited for. Parallel: in batches of 1, 2, 4..., which end with the first failure. upstream: runForAll */
  *#forAll(pods: readonly Pod[], process: (pod: Pod) => boolean): Generator<void, Outcome> {
    if (this.#ordered) {
      for (const pod of pods) {
        yield;
        const { wait, error } = outcomeOf(() => process(pod));
        if (wait || error !== null) return { wait, error };
      }
      return GO_ON;
    }
    for (let at = 0, batch = 1; at < pods.length; at += batch, batch = Math.min(2 * batch, BATCH_MAX)) {
      let failure: StatusError | null = null;
      for (const pod of pods.slice(at, at + batch)) {
        yield;
        failure ??= outcomeOf(() => process(pod)).error;
      }
      if (failure !== null) return { wait: true, error: failure };
    }
    return GO_ON;
  }

  /** True: the others have to wait. upstream: processReplica */
  #processReplica(pod: Pod): boolean {
    const { phase } = pod.status;
    if (phase === 'Failed' || phase === 'Succeeded') {
      if (!isTerminating(pod)) this.#control.delete(pod);
      return true;
    }
    if (!isCreated(pod)) {
      if (this.#control.claimIsStale(pod)) return true;
      this.#control.create(pod);
      if (this.#ordered) return true;
    }
    if (phase === 'Pending') this.#control.createMissingClaims(pod);
    if (this.#ordered && (!isHealthy(pod) || !this.#isAvailable(pod))) return true;
    if (identityMatches(this.#set, pod) && storageMatches(this.#set, pod) && this.#control.claimsMatch(pod)) return false;
    this.#control.correct(pod);
    return false;
  }

  #processClaims(pod: Pod): boolean {
    if (!this.#control.claimsMatch(pod)) this.#control.ownClaims(pod);
    return false;
  }

  /** upstream: processCondemned */
  #processCondemned(pod: Pod, firstUnhealthy: Pod | undefined): boolean {
    if (isTerminating(pod)) return this.#ordered;
    if (this.#ordered && pod !== firstUnhealthy && !(isRunningAndReady(pod) && this.#isAvailable(pod))) return true;
    this.#control.delete(pod);
    return true;
  }

  /** Takes the highest pod that is not of the update revision, once all above it are healthy again. */
  #updateOne(): StatusError | null {
    const lowest = this.#set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    for (let index = this.#replicas.length - 1; index >= lowest; index -= 1) {
      const pod = this.#replicas[index] as Pod;
      if (revisionOfPod(pod) !== this.#revisions.update.metadata.name && !isTerminating(pod)) {
        const { error } = outcomeOf(() => {
          this.#control.delete(pod);
          return true;
        });
        if (error === null || isNotFound(error)) this.counts.currentReplicas -= 1;
        return error !== null && isNotFound(error) ? null : error;
      }
      if (!isHealthy(pod)) return null;
    }
    return null;
  }

  #isAvailable(pod: Pod): boolean {
    return isPodAvailable(pod, this.#set.spec.minReadySeconds ?? 0, this.#world.unixMs);
  }

  #count(): void {
    this.counts = countPods(this.#set, [...this.#replicas, ...this.#condemned], this.#revisions, this.#world.unixMs);
  }
}

const BATCH_MAX = 500;

interface Outcome {
  readonly wait: boolean;
  readonly error: StatusError | null;
}

const GO_ON: Outcome = { wait: false, error: null };

function outcomeOf(process: () => boolean): Outcome {
  try {
    return { wait: process(), error: null };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { wait: true, error };
  }
}

/** One more try with the newest object after a conflict. upstream: UpdateStatefulSetStatus */
function writeStatus({ client }: StatefulSetWorld, set: StatefulSet, status: StatefulSetStatus): void {
  if (equal(status, set.status)) return;
  try {
    client.updateStatus(statefulSetKind, { ...set, status });
  } catch (refusal) {
    if (!isConflict(refusal)) throw refusal;
    client.updateStatus(statefulSetKind, { ...client.get(statefulSetKind, keyOf(set)), status });
  }
}
