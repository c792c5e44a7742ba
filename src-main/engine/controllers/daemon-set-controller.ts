// DaemonSets keep one pod on every node that fits, and replace it node by node when the template changes.
// upstream: pkg/controller/daemon/daemon_controller.go syncDaemonSet
import { equal } from '../base/equal.ts';
import type { Steps } from '../base/in-one-go.ts';
import { type Cache, type ControllerContext, defineController } from '../client/component.ts';
import { Expectations, type ExpectationsState } from '../client/expectations.ts';
import { type ControllerRevision, controllerRevisionKind } from '../kinds/apps/controller-revision.ts';
import { type DaemonSet, daemonSetKind } from '../kinds/apps/daemon-set.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { selectorFor } from '../meta/label-selector.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import { controllerOf } from '../meta/owner-references.ts';
import { claimObjects } from './claim-objects.ts';
import { indexRevisionsByController } from './controller-revision/revisions.ts';
import { DaemonSetLook } from './daemon-set/daemon-set-look.ts';
import { type FailedPodsState, forgetFailedPods } from './daemon-set/failed-pods.ts';
import { placementOn } from './daemon-set/placement.ts';
import { isPodReady } from './pod-state.ts';
import { indexPodsByController } from './replica-set/replica-controller.ts';

interface Memory {
  readonly expectations: ExpectationsState;
  readonly failedPods: FailedPodsState;
}

export const daemonSetController = defineController<Memory>({
  name: 'daemonset-controller',
  workers: 2,
  initialState: () => ({ expectations: {}, failedPods: {} }),
  start: (context) => {
    const controller = new DaemonSetController(context);
    return { reconcile: (key) => controller.reconcile(key) };
  },
});

class DaemonSetController {
  readonly #context: ControllerContext<Memory>;
  readonly #sets: Cache<DaemonSet>;
  readonly #pods: Cache<Pod>;
  readonly #nodes: Cache<Node>;
  readonly #revisions: Cache<ControllerRevision>;
  readonly #expectations: Expectations;

  constructor(context: ControllerContext<Memory>) {
    this.#context = context;
    this.#sets = context.cache(daemonSetKind);
    this.#pods = context.cache(podKind);
    this.#nodes = context.cache(nodeKind);
    this.#revisions = context.cache(controllerRevisionKind);
    this.#expectations = new Expectations(context.state.expectations);
    indexPodsByController(this.#pods);
    indexRevisionsByController(this.#revisions);
    this.#sets.onChange((next, previous) => this.#setChanged(next, previous));
    this.#pods.onChange((next, previous) => this.#podChanged(next, previous));
    this.#nodes.onChange((next, previous) => this.#nodeChanged(next, previous));
    this.#revisions.onChange((next) => {
      if (next !== undefined && controllerOf(next) === undefined) this.#addMatching(next);
    });
    if (!context.restored) for (const set of this.#sets.values()) this.#add(set);
  }

  *reconcile(key: string): Steps {
    const set = this.#sets.get(key);
    if (set === undefined) {
      this.#expectations.forget(key);
      return;
    }
    const { client, events, time, queue, state } = this.#context;
    if (equal(set.spec.selector, {})) {
      events.record(set, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.');
      return;
    }
    if (set.metadata.deletionTimestamp !== undefined) return;
    const look = new DaemonSetLook(
      {
        client,
        events,
        nodes: this.#nodes,
        unixMs: time.unixMs,
        nowMs: time.nowMs,
        expectations: this.#expectations,
        failedPods: state.failedPods,
        again: (delayMs) => queue.addAfter(key, delayMs),
        pods: () => this.#claimed(set, this.#pods, podKind),
      },
      set,
      this.#claimed(set, this.#revisions, controllerRevisionKind),
    );
    yield* look.advance();
  }

  #claimed<Owned extends ApiObject>(
    set: DaemonSet,
    cache: Cache<Owned>,
    ownedKind: Parameters<typeof claimObjects<DaemonSet, Owned>>[0]['ownedKind'],
  ) {
    const matches = selectorFor(set.spec.selector);
    const claim = { client: this.#context.client, ownerKind: daemonSetKind, ownedKind, owner: set, matches };
    return claimObjects(claim, cache.by('controller', set.metadata.uid), cache.by('orphan', set.metadata.namespace));
  }

  #setChanged(next: DaemonSet | undefined, previous: DaemonSet | undefined): void {
    if (previous !== undefined && next?.metadata.uid !== previous.metadata.uid) {
      this.#expectations.forget(keyOf(previous));
      forgetFailedPods(this.#context.state.failedPods, previous.metadata.uid);
    }
    this.#add(next ?? previous);
  }

  /** upstream: addNode, updateNode */
  #nodeChanged(next: Node | undefined, previous: Node | undefined): void {
    if (next === undefined) return;
    if (previous !== undefined && previous.metadata.labels === next.metadata.labels && previous.spec.taints === next.spec.taints) return;
    for (const set of this.#sets.values()) {
      const before = previous === undefined ? null : placementOn(previous, set);
      const now = placementOn(next, set);
      if (before === null ? now.run : before.run !== now.run || before.stay !== now.stay) this.#add(set);
    }
  }

  #podChanged(next: Pod | undefined, previous: Pod | undefined): void {
    if (next === undefined || next.metadata.deletionTimestamp !== undefined) {
      const gone = next ?? previous;
      if (gone !== undefined) this.#podGone(gone);
      return;
    }
    const controllerChanged = previous !== undefined && controllerOf(previous)?.uid !== controllerOf(next)?.uid;
    if (controllerChanged) this.#add(this.#ownerOf(previous));
    const owner = this.#ownerOf(next);
    if (owner !== undefined) {
      const key = keyOf(owner);
      if (previous === undefined) this.#expectations.creationObserved(key);
      this.#context.queue.add(key);
      const minReadySeconds = owner.spec.minReadySeconds ?? 0;
      if (minReadySeconds > 0 && previous !== undefined && !isPodReady(previous) && isPodReady(next))
        this.#context.queue.addAfter(key, (minReadySeconds + 1) * 1000);
    } else if (previous === undefined || controllerChanged || !equal(previous.metadata.labels, next.metadata.labels))
      this.#addMatching(next);
  }

  #podGone(pod: Pod): void {
    const owner = this.#ownerOf(pod);
    if (owner === undefined) return;
    this.#expectations.deletionObserved(keyOf(owner), pod.metadata.uid);
    this.#add(owner);
  }

  /** Somebody may want to adopt it. */
  #addMatching(orphan: Pod | ControllerRevision): void {
    if (controllerOf(orphan) !== undefined) return;
    for (const set of this.#sets.inNamespace(orphan.metadata.namespace))
      if (selectorFor(set.spec.selector)(orphan.metadata.labels)) this.#add(set);
  }

  #add(set: DaemonSet | undefined): void {
    if (set !== undefined) this.#context.queue.add(keyOf(set));
  }

  #ownerOf(pod: Pod): DaemonSet | undefined {
    const reference = controllerOf(pod);
    if (reference?.kind !== 'DaemonSet') return undefined;
    const set = this.#sets.get(`${pod.metadata.namespace}/${reference.name}`);
    return set?.metadata.uid === reference.uid ? set : undefined;
  }
}
