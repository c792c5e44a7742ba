// StatefulSets keep pods that are not interchangeable: each has a name, claims of its own and a place in the order, and never runs twice.
// upstream: pkg/controller/statefulset/stateful_set.go
import { equal } from '../base/equal.ts';
import type { Steps } from '../base/in-one-go.ts';
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { type ControllerRevision, controllerRevisionKind } from '../kinds/apps/controller-revision.ts';
import { type StatefulSet, statefulSetKind } from '../kinds/apps/stateful-set.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { keyOf } from '../meta/object.ts';
import { controllerOf } from '../meta/owner-references.ts';
import { claimObjects } from './claim-objects.ts';
import { indexRevisionsByController } from './controller-revision/revisions.ts';
import { isPodReady } from './pod-state.ts';
import { indexPodsByController } from './replica-set/replica-controller.ts';
import { sortedRevisions } from './stateful-set/history.ts';
import { isMemberOf, wantedReplicas } from './stateful-set/identity.ts';
import { updateStatefulSet } from './stateful-set/update-stateful-set.ts';

export const statefulSetController = defineController<Record<string, never>>({
  name: 'statefulset-controller',
  workers: 5,
  initialState: () => ({}),
  start: (context) => {
    const controller = new StatefulSetController(context);
    return { reconcile: (key) => controller.reconcile(key) };
  },
});

class StatefulSetController {
  readonly #context: ControllerContext<Record<string, never>>;
  readonly #sets: Cache<StatefulSet>;
  readonly #pods: Cache<Pod>;
  readonly #claims: Cache<PersistentVolumeClaim>;
  readonly #revisions: Cache<ControllerRevision>;

  constructor(context: ControllerContext<Record<string, never>>) {
    this.#context = context;
    this.#sets = context.cache(statefulSetKind);
    this.#pods = context.cache(podKind);
    this.#claims = context.cache(persistentVolumeClaimKind);
    this.#revisions = context.cache(controllerRevisionKind);
    indexPodsByController(this.#pods);
    indexRevisionsByController(this.#revisions);
    this.#sets.onChange((next, previous) => this.#add(next ?? previous));
    this.#pods.onChange((next, previous) => this.#podChanged(next, previous));
    if (!context.restored) for (const set of this.#sets.values()) this.#add(set);
  }

  *reconcile(key: string): Steps {
    const set = this.#sets.get(key);
    if (set === undefined) return;
    const { client, events, time, queue } = this.#context;
    const revisions = sortedRevisions(this.#claimedRevisions(set));
    const world = { client, events, claim: (claimKey: string) => this.#claims.get(claimKey), unixMs: time.unixMs };
    const { availableReplicas } = yield* updateStatefulSet(world, set, this.#claimedPods(set), revisions);
    const minReadyMs = (set.spec.minReadySeconds ?? 0) * 1000;
    if (minReadyMs > 0 && availableReplicas !== wantedReplicas(set)) queue.addAfter(key, minReadyMs);
  }

  /** Pods that match the selector and bear the set's name. upstream: getPodsForStatefulSet */
  #claimedPods(set: StatefulSet): readonly Pod[] {
    const selects = selectorFor(set.spec.selector);
    const { name, namespace, uid } = set.metadata;
    const orphans = [...this.#pods.by('orphan', namespace)].filter((pod) => isMemberOf(name, pod.metadata.name));
    const claim = { client: this.#context.client, ownerKind: statefulSetKind, ownedKind: podKind, owner: set, matches: selects };
    return claimObjects(claim, this.#pods.by('controller', uid), orphans).filter((pod) => isMemberOf(name, pod.metadata.name));
  }

  /** Revisions are never let go. upstream: ListRevisions, adoptOrphanRevisions */
  #claimedRevisions(set: StatefulSet): readonly ControllerRevision[] {
    const selects = selectorFor(set.spec.selector);
    const owned = [...this.#revisions.by('controller', set.metadata.uid)].filter(({ metadata }) => selects(metadata.labels));
    const orphans = this.#revisions.by('orphan', set.metadata.namespace);
    const { client } = this.#context;
    const claim = { client, ownerKind: statefulSetKind, ownedKind: controllerRevisionKind, owner: set, matches: selects };
    return claimObjects(claim, owned, orphans);
  }

  #podChanged(next: Pod | undefined, previous: Pod | undefined): void {
    const pod = next ?? previous;
    if (pod === undefined) return;
    const owner = this.#ownerOf(pod);
    if (next === undefined || previous === undefined) {
      if (owner !== undefined) this.#add(owner);
      else if (next !== undefined) this.#addMatching(next);
      return;
    }
    const controllerChanged = controllerOf(next)?.uid !== controllerOf(previous)?.uid;
    if (controllerChanged) this.#add(this.#ownerOf(previous));
    if (owner !== undefined) {
      this.#add(owner);
      const minReadySeconds = owner.spec.minReadySeconds ?? 0;
      if (minReadySeconds > 0 && !isPodReady(previous) && isPodReady(next))
        this.#context.queue.addAfter(keyOf(owner), (minReadySeconds + 1) * 1000);
    } else if (controllerChanged || !equal(next.metadata.labels, previous.metadata.labels)) this.#addMatching(next);
  }

  /** Somebody may want to adopt it. */
  #addMatching(pod: Pod): void {
    if (controllerOf(pod) !== undefined) return;
    for (const set of this.#sets.inNamespace(pod.metadata.namespace))
      if (selectorFor(set.spec.selector)(pod.metadata.labels)) this.#add(set);
  }

  #add(set: StatefulSet | undefined): void {
    if (set !== undefined) this.#context.queue.add(keyOf(set));
  }

  #ownerOf(pod: Pod): StatefulSet | undefined {
    const reference = controllerOf(pod);
    if (reference?.kind !== 'StatefulSet') return undefined;
    const set = this.#sets.get(`${pod.metadata.namespace}/${reference.name}`);
    return set?.metadata.uid === reference.uid ? set : undefined;
  }
}
