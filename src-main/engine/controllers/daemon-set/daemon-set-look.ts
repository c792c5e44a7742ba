// One look at one DaemonSet: its history, the pods it makes and deletes now, the next step of an update, and its status.
// upstream: pkg/controller/daemon/daemon_controller.go syncDaemonSet, syncNodes, updateDaemonSet
import { equal } from '../../base/equal.ts';
import type { Steps } from '../../base/in-one-go.ts';
import type { Cache, Client, EventRecorder } from '../../client/component.ts';
import type { Expectations } from '../../client/expectations.ts';
import type { ControllerRevision } from '../../kinds/apps/controller-revision.ts';
import { type DaemonSet, daemonSetKind, templateGenerationOf } from '../../kinds/apps/daemon-set.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { keyOf } from '../../meta/object.ts';
import { isConflict, isNotFound, StatusError } from '../../meta/status-error.ts';
import { createPod, deletePod, draftOf, slowStart } from '../replica-set/pod-control.ts';
import { labeledTemplate, pinnedTo } from './daemon-pod.ts';
import { type FailedPodsState, failedPodDelayMs } from './failed-pods.ts';
import { cleanUpHistory, type DaemonHistory, hashOf, historyOf } from './history.ts';
import { type DaemonPlan, type DaemonWorld, plannedPods } from './manage.ts';
import { type PodsOnNodes, podsOnNodes } from './pods-on-nodes.ts';
import { rollingUpdate } from './rolling-update.ts';
import { daemonSetStatus } from './status.ts';

const BURST = 250;

export interface DaemonSetWorld {
  readonly client: Client;
  readonly events: EventRecorder;
  readonly nodes: Pick<Cache<Node>, 'get' | 'values'>;
  readonly unixMs: number;
  readonly nowMs: number;
  readonly expectations: Expectations;
  readonly failedPods: FailedPodsState;
  /** Look at this set again after so long. */
  readonly again: (delayMs: number) => void;
  /** The set's pods, as heard of; adopts and lets go. */
  readonly pods: () => readonly Pod[];
}

export class DaemonSetLook {
  readonly #world: DaemonSetWorld;
  readonly #set: DaemonSet;
  readonly #key: string;
  #pods: readonly Pod[];
  #onNodes: PodsOnNodes;
  readonly #revisions: readonly ControllerRevision[];

  constructor(world: DaemonSetWorld, set: DaemonSet, revisions: readonly ControllerRevision[]) {
    this.#world = world;
    this.#set = set;
    this.#key = keyOf(set);
    this.#pods = world.pods();
    this.#onNodes = podsOnNodes(this.#pods);
    this.#revisions = revisions;
  }

  /** While news of own writes is still out, only the status is counted. */
  *advance(): Steps {
    const history = historyOf(this.#world.client, this.#set, this.#revisions, this.#pods);
    const hash = hashOf(history.current);
    const due = this.#satisfied();
    let fault: StatusError | null = null;
    try {
      if (due) yield* this.#work(history, hash);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      fault = error;
    }
    this.#updateStatus(hash, due);
    if (fault !== null) throw fault;
  }

  *#work({ old }: DaemonHistory, hash: string): Steps {
    const { client, nodes, unixMs } = this.#world;
    const world: DaemonWorld = {
      nodes: [...nodes.values()],
      node: (name) => nodes.get(name),
      unixMs,
      mayReplaceFailed: (node, pod) => this.#mayReplaceFailed(node, pod),
      foundSucceeded: (node, { metadata }) =>
        this.#event(
          'Normal',
          'SucceededDaemonPod',
          `Found succeeded daemon pod ${metadata.namespace}/${metadata.name} on node ${node}, will try to delete it`,
        ),
    };
    yield* this.#carryOut(plannedPods(world, this.#set, this.#onNodes, hash), hash);
    if (this.#set.spec.updateStrategy?.type === 'RollingUpdate' && this.#satisfied())
      yield* this.#carryOut(rollingUpdate(world, this.#set, this.#onNodes, hash), hash);
    cleanUpHistory(client, this.#set, old, this.#pods);
  }

  /** upstream: syncNodes */
  *#carryOut(plan: DaemonPlan, hash: string): Steps {
    const { client, events, expectations, nowMs } = this.#world;
    const create = plan.create.slice(0, BURST);
    const remove = plan.remove.slice(0, BURST);
    if (create.length + remove.length === 0) return;
    const uids = remove.map(({ metadata }) => metadata.uid);
    expectations.expect(this.#key, create.length, uids, nowMs);
    const control = { client, events };
    const draft = draftOf(this.#set, labeledTemplate(this.#set.spec.template, hash, templateGenerationOf(this.#set)));
    const { created, error } = yield* slowStart(create.length, (index) => {
      const affinity = pinnedTo(draft.spec.affinity, create[index] ?? '');
      return createPod(control, this.#set, { ...draft, spec: { ...draft.spec, affinity } });
    });
    for (let missing = created; missing < create.length; missing += 1) expectations.creationObserved(this.#key);
    let failure = error;
    for (const pod of remove) {
      yield;
      const refusal = deletePod(control, this.#set, pod);
      if (refusal === null) continue;
      expectations.deletionObserved(this.#key, pod.metadata.uid);
      if (!isNotFound(refusal)) failure ??= refusal;
    }
    // Where news is at once, the next step must know of this one.
    if (this.#satisfied()) {
      this.#pods = this.#world.pods();
      this.#onNodes = podsOnNodes(this.#pods);
    }
    if (failure !== null) throw failure;
  }

  #mayReplaceFailed(node: string, { metadata }: Pod): boolean {
    const { failedPods, nowMs, again } = this.#world;
    const key = `${this.#set.metadata.uid}/${this.#set.status.observedGeneration ?? 0}/${node}`;
    const delayMs = failedPodDelayMs(failedPods, key, nowMs);
    if (delayMs > 0) {
      again(delayMs);
      return false;
    }
    const text = `Found failed daemon pod ${metadata.namespace}/${metadata.name} on node ${node}, will try to kill it`;
    this.#event('Warning', 'FailedDaemonPod', text);
    return true;
  }

  /** One more try with the newest object after a conflict. upstream: storeDaemonSetStatus */
  #updateStatus(hash: string, observed: boolean): void {
    const { client, nodes, unixMs, again } = this.#world;
    const counted = { nodes: nodes.values(), unixMs };
    const status = daemonSetStatus(counted, this.#set, this.#onNodes, hash, observed);
    if (!equal(status, this.#set.status)) {
      const refusal = this.#attempt(() => client.updateStatus(daemonSetKind, { ...this.#set, status }));
      if (refusal !== null && !isConflict(refusal)) throw refusal;
      if (refusal !== null) client.updateStatus(daemonSetKind, { ...client.get(daemonSetKind, this.#key), status });
    }
    const minReadyMs = (this.#set.spec.minReadySeconds ?? 0) * 1000;
    if (minReadyMs > 0 && status.numberReady !== (status.numberAvailable ?? 0)) again(minReadyMs);
  }

  #satisfied(): boolean {
    return this.#world.expectations.satisfied(this.#key, this.#world.nowMs);
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#world.events.record(this.#set, type, reason, message);
  }

  /** The API server's refusal, if it refused; a call that did not get there is thrown on. */
  #attempt(call: () => void): StatusError | null {
    try {
      call();
      return null;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      return error;
    }
  }
}
