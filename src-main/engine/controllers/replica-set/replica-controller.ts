// Keeps the wanted number of pods: the one reconciler behind ReplicaSet and ReplicationController.
// upstream: pkg/controller/replicaset/replica_set.go, which pkg/controller/replication wraps
import { equal } from '../../base/equal.ts';
import type { Steps } from '../../base/in-one-go.ts';
import { type AnyController, type Cache, type ControllerContext, defineController } from '../../client/component.ts';
import { Expectations, type ExpectationsState } from '../../client/expectations.ts';
import { type Pod, podKind } from '../../kinds/core/pod.ts';
import type { Kind } from '../../kinds/kind.ts';
import type { LabelMatcher } from '../../meta/labels.ts';
import { type ApiObject, keyOf } from '../../meta/object.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { isConflict, isNotFound, type StatusError } from '../../meta/status-error.ts';
import { claimObjects } from '../claim-objects.ts';
import { isPodActive, isPodReady } from '../pod-state.ts';
import { inDeleteOrder } from './delete-order.ts';
import { createPods, deletePod, type PodControl, type PodTemplate } from './pod-control.ts';
import { PodTally } from './pod-tally.ts';
import { countReplicas, type ReplicaCounts, type ReplicaSpec, type ReplicaStatus, replicaStatus, talliedReplicas } from './status.ts';

const BURST = 500;

export type ReplicaOwner = ApiObject & {
  readonly metadata: { readonly namespace: string };
  readonly spec: ReplicaSpec & { readonly template?: PodTemplate };
  readonly status: ReplicaStatus;
};

export interface ReplicaControllerOptions<Owner extends ReplicaOwner> {
  readonly name: string;
  readonly kind: Kind<Owner>;
  readonly matcher: (owner: Owner) => LabelMatcher;
}

interface Memory {
  readonly expectations: ExpectationsState;
}

/** Indexes of the shared pod cache: a pod's controller by uid, and pods without one by namespace. */
export function indexPodsByController(pods: Cache<Pod>): void {
  pods.index('controller', (pod) => {
    const uid = controllerOf(pod)?.uid;
    return uid === undefined ? [] : [uid];
  });
  pods.index('orphan', (pod) => (controllerOf(pod) === undefined ? [pod.metadata.namespace] : []));
}

export function replicaController<Owner extends ReplicaOwner>(options: ReplicaControllerOptions<Owner>): AnyController {
  return defineController<Memory>({
    name: options.name,
    workers: 5,
    initialState: () => ({ expectations: {} }),
    start: (context) => {
      const controller = new ReplicaController(context, options);
      return { reconcile: (key) => controller.reconcile(key) };
    },
  });
}

class ReplicaController<Owner extends ReplicaOwner> {
  readonly #context: ControllerContext<Memory>;
  readonly #options: ReplicaControllerOptions<Owner>;
  readonly #owners: Cache<Owner>;
  readonly #pods: Cache<Pod>;
  readonly #tally = new PodTally();
  readonly #expectations: Expectations;
  readonly #control: PodControl;

  constructor(context: ControllerContext<Memory>, options: ReplicaControllerOptions<Owner>) {
    this.#context = context;
    this.#options = options;
    this.#owners = context.cache(options.kind);
    this.#pods = context.cache(podKind);
    this.#expectations = new Expectations(context.state.expectations);
    this.#control = { client: context.client, events: context.events };
    indexPodsByController(this.#pods);
    this.#owners.onChange((next, previous) => {
      if (next === undefined && previous !== undefined) this.#expectations.forget(keyOf(previous));
      const owner = next ?? previous;
      if (owner !== undefined) context.queue.add(keyOf(owner));
    });
    context.prepare(this.#countAll());
    this.#pods.onChange((next, previous) => {
      this.#tally.changed(next, previous);
      this.#podChanged(next, previous);
    });
    if (!context.restored) for (const owner of this.#owners.values()) context.queue.add(keyOf(owner));
  }

  *#countAll(): Steps {
    for (const pod of this.#pods.values()) yield this.#tally.changed(pod, undefined);
  }

  /** upstream: syncReplicaSet */
  *reconcile(key: string): Steps {
    const owner = this.#owners.get(key);
    if (owner === undefined) {
      this.#expectations.forget(key);
      return;
    }
    const { time, queue, client } = this.#context;
    const due = this.#expectations.satisfied(key, time.nowMs) && owner.metadata.deletionTimestamp === undefined;
    const matches = this.#options.matcher(owner);
    const orphans = [...active(this.#pods.by('orphan', owner.metadata.namespace))].filter(({ metadata }) => matches(metadata.labels));
    const tallied = orphans.length === 0 ? talliedReplicas(owner.spec, this.#tally.of(owner.metadata.uid), matches) : null;
    const claim = { client, ownerKind: this.#options.kind, ownedKind: podKind, owner, matches };
    const owned = () => active(this.#pods.by('controller', owner.metadata.uid));
    const claimed = tallied === null ? claimObjects(claim, owned(), orphans) : null;
    const count = tallied?.replicas ?? claimed?.length ?? 0;
    const error = due ? yield* this.#manage(key, owner, count, () => claimed ?? [...owned()]) : null;
    const counts = tallied ?? countReplicas(owner.spec, claimed ?? [], time.unixMs);
    const status = this.#updateStatus(owner, counts, error);
    const wanted = owner.spec.replicas ?? 1;
    const minReadyMs = (owner.spec.minReadySeconds ?? 0) * 1000;
    if (error !== null) throw error;
    if (minReadyMs > 0 && status.readyReplicas === wanted && status.availableReplicas !== wanted) queue.addAfter(key, minReadyMs);
  }

  /** upstream: manageReplicas */
  *#manage(key: string, owner: Owner, count: number, listPods: () => readonly Pod[]): Generator<void, StatusError | null> {
    const { nowMs, unixMs } = this.#context.time;
    const missing = (owner.spec.replicas ?? 1) - count;
    if (missing > 0) {
      const wanted = Math.min(missing, BURST);
      this.#expectations.expectCreations(key, wanted, nowMs);
      const { created, error } = yield* createPods(this.#control, owner, owner.spec.template ?? {}, wanted);
      for (let skipped = created; skipped < wanted; skipped += 1) this.#expectations.creationObserved(key);
      return error;
    }
    if (missing === 0) return null;
    const surplus = Math.min(-missing, BURST);
    const pods = listPods();
    const ordered = surplus < pods.length ? inDeleteOrder(pods, this.#related(owner), unixMs) : pods;
    const doomed = ordered.slice(0, surplus);
    this.#expectations.expectDeletions(
      key,
      doomed.map((pod) => pod.metadata.uid),
      nowMs,
    );
    let failure: StatusError | null = null;
    for (const pod of doomed) {
      yield;
      const error = deletePod(this.#control, owner, pod);
      if (error === null) continue;
      this.#expectations.deletionObserved(key, pod.metadata.uid);
      if (!isNotFound(error)) failure ??= error;
    }
    return failure;
  }

  /** Pods of all sets that the same Deployment controls; a set that nobody controls has none, not even its own. upstream: getIndirectlyRelatedPods */
  *#related(owner: Owner): Iterable<Pod> {
    const family = controllerOf(owner)?.uid;
    if (family === undefined) return;
    for (const other of this.#owners.inNamespace(owner.metadata.namespace))
      if (controllerOf(other)?.uid === family) yield* this.#pods.by('controller', other.metadata.uid);
  }

  /** One more try with the newest object after a conflict. upstream: updateReplicaSetStatus */
  #updateStatus(owner: Owner, counts: ReplicaCounts, error: StatusError | null): ReplicaStatus {
    const { time, client } = this.#context;
    const counted = replicaStatus(owner.spec, owner.status, counts, error?.message ?? null, time.timestamp());
    const status = { ...counted, observedGeneration: owner.metadata.generation ?? 0 };
    if (equal(status, owner.status)) return status;
    try {
      client.updateStatus(this.#options.kind, { ...owner, status });
    } catch (refusal) {
      if (!isConflict(refusal)) throw refusal;
      const newest = client.get(this.#options.kind, keyOf(owner));
      client.updateStatus(this.#options.kind, { ...newest, status });
    }
    return status;
  }

  #podChanged(next: Pod | undefined, previous: Pod | undefined): void {
    if (next === undefined) {
      if (previous !== undefined) this.#podGone(previous);
      return;
    }
    const labelsChanged = previous !== undefined && !equal(previous.metadata.labels, next.metadata.labels);
    if (next.metadata.deletionTimestamp !== undefined) {
      this.#podGone(next);
      if (labelsChanged) this.#podGone(previous);
      return;
    }
    const owner = this.#ownerOf(next);
    const before = previous === undefined ? undefined : controllerOf(previous)?.uid;
    const controllerChanged = previous !== undefined && before !== controllerOf(next)?.uid;
    if (controllerChanged) this.#enqueueOwner(previous);
    if (owner !== undefined) {
      const key = keyOf(owner);
      if (previous === undefined) this.#expectations.creationObserved(key);
      this.#context.queue.add(key);
      const minReadySeconds = owner.spec.minReadySeconds ?? 0;
      if (minReadySeconds > 0 && isPodReady(next) && (previous === undefined || !isPodReady(previous)))
        this.#context.queue.addAfter(key, (minReadySeconds + 1) * 1000);
    } else if (controllerOf(next) === undefined && (previous === undefined || labelsChanged || controllerChanged)) {
      for (const candidate of this.#owners.inNamespace(next.metadata.namespace))
        if (this.#options.matcher(candidate)(next.metadata.labels)) this.#context.queue.add(keyOf(candidate));
    }
  }

  #podGone(pod: Pod): void {
    const owner = this.#ownerOf(pod);
    if (owner === undefined) return;
    this.#expectations.deletionObserved(keyOf(owner), pod.metadata.uid);
    this.#context.queue.add(keyOf(owner));
  }

  #enqueueOwner(pod: Pod): void {
    const owner = this.#ownerOf(pod);
    if (owner !== undefined) this.#context.queue.add(keyOf(owner));
  }

  #ownerOf(pod: Pod): Owner | undefined {
    const reference = controllerOf(pod);
    if (reference === undefined || reference.kind !== this.#options.kind.kind) return undefined;
    const owner = this.#owners.get(`${pod.metadata.namespace}/${reference.name}`);
    return owner?.metadata.uid === reference.uid ? owner : undefined;
  }
}

function* active(pods: Iterable<Pod>): Iterable<Pod> {
  for (const pod of pods) if (isPodActive(pod)) yield pod;
}
