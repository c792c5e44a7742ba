// Removes pods that nobody else will: of nodes that are gone or out of service, unscheduled ones being deleted, and too many finished ones.
// upstream: pkg/controller/podgc/gc_controller.go
import { type Cache, type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { findCondition, updatePodCondition } from '../meta/conditions.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound, StatusError } from '../meta/status-error.ts';
import { isPodTerminal } from './pod-state.ts';

/** upstream: gcCheckPeriod, quarantineTime, --terminated-pod-gc-threshold */
const PASS_MS = 20_000;
const QUARANTINE_MS = 40_000;
const TERMINATED_MAX = 12_500;
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service';

interface Memory {
  pass: number;
  passMs: number;
  /** Nodes that pods name and that are not there: when each may be believed to be gone. */
  quarantine: Record<string, number>;
}

export const podGarbageCollector = defineController<Memory>({
  name: 'pod-garbage-collector',
  workers: 1,
  initialState: () => ({ pass: 0, passMs: -1, quarantine: {} }),
  start: (context) => new PodGarbageCollector(context),
});

/** Quiet: the 20 s grid is kept, but a pass is run only when a change or a quarantine gives it something to find. */
class PodGarbageCollector implements RunningController {
  readonly #context: ControllerContext<Memory>;
  readonly #pods: Cache<Pod>;
  readonly #nodes: Cache<Node>;
  /** Finished pods; counted anew when the component starts. */
  #terminated = 0;

  constructor(context: ControllerContext<Memory>) {
    this.#context = context;
    this.#pods = context.cache(podKind);
    this.#nodes = context.cache(nodeKind);
    this.#pods.index('node', (pod) => (pod.spec.nodeName === undefined ? [] : [pod.spec.nodeName]));
    this.#pods.index('unbound', (pod) =>
      (pod.spec.nodeName ?? '') === '' && pod.metadata.deletionTimestamp !== undefined ? ['terminating'] : [],
    );
    for (const pod of this.#pods.values()) if (isPodTerminal(pod)) this.#terminated += 1;
    this.#pods.onChange((next, previous) => {
      this.#terminated += Number(next !== undefined && isPodTerminal(next)) - Number(previous !== undefined && isPodTerminal(previous));
      if (this.#terminated > TERMINATED_MAX || (next !== undefined && this.#mayBeGarbage(next))) this.#wake();
    });
    this.#nodes.onChange((next, previous) => {
      if (next === undefined || (isOutOfService(next) && !isOutOfService(previous))) this.#wake();
    });
    if (!context.restored) this.#wake();
  }

  onTimer(): void {
    this.#context.state.pass = 0;
    this.#context.queue.add('pass');
  }

  /** upstream: gc */
  reconcile(): void {
    const { state, time } = this.#context;
    if (this.#terminated > TERMINATED_MAX) this.#collectTerminated();
    for (const node of this.#nodes.values()) if (isOutOfService(node)) this.#collectTerminating(node);
    const orphans = this.#orphans();
    for (const name of Object.keys(state.quarantine)) if (orphans.get(name) === undefined) delete state.quarantine[name];
    for (const [name, pods] of orphans) {
      const dueMs = state.quarantine[name] ?? time.nowMs + QUARANTINE_MS;
      state.quarantine[name] = dueMs;
      if (dueMs > time.nowMs || this.#nodeExists(name)) continue;
      for (const pod of pods) this.#remove(pod, orphanCondition);
    }
    for (const pod of [...this.#pods.by('unbound', 'terminating')]) this.#remove(pod, null);
    if (Object.keys(state.quarantine).length > 0) this.#wake();
  }

  #mayBeGarbage(pod: Pod): boolean {
    const node = pod.spec.nodeName ?? '';
    if (node === '') return pod.metadata.deletionTimestamp !== undefined;
    const known = this.#nodes.get(node);
    return known === undefined || (pod.metadata.deletionTimestamp !== undefined && isOutOfService(known));
  }

  #orphans(): ReadonlyMap<string, readonly Pod[]> {
    const orphans = new Map<string, Pod[]>();
    for (const pod of this.#pods.values()) {
      const node = pod.spec.nodeName ?? '';
      if (node === '' || this.#nodes.get(node) !== undefined) continue;
      const pods = orphans.get(node);
      if (pods === undefined) orphans.set(node, [pod]);
      else pods.push(pod);
    }
    return orphans;
  }

  /** Oldest first. upstream: gcTerminated */
  #collectTerminated(): void {
    const terminated = [...this.#pods.values()].filter(isPodTerminal);
    terminated.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1));
    for (const pod of terminated.slice(0, terminated.length - TERMINATED_MAX)) this.#remove(pod, null);
  }

  /** upstream: gcTerminating: only nodes that are not ready */
  #collectTerminating(node: Node): void {
    if (findCondition(node.status.conditions, 'Ready')?.status === 'True') return;
    for (const pod of [...this.#pods.by('node', node.metadata.name)])
      if (pod.metadata.deletionTimestamp !== undefined) this.#remove(pod, null);
  }

  /** A live read: the cache may be behind. */
  #nodeExists(name: string): boolean {
    try {
      this.#context.client.get(nodeKind, name);
      return true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      return false;
    }
  }

  /** upstream: markFailedAndDeletePodWithCondition */
  #remove(pod: Pod, condition: typeof orphanCondition | null): void {
    const { client, time } = this.#context;
    const key = keyOf(pod);
    try {
      client.patchStatus(podKind, key, (current) => (isPodTerminal(current) ? current : failed(current, condition, time.timestamp())));
      client.delete(podKind, key, { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } });
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (!isNotFound(error)) this.#wake();
    }
  }

  #wake(): void {
    const { state, time } = this.#context;
    const dueMs = (Math.floor(time.nowMs / PASS_MS) + 1) * PASS_MS;
    if (state.pass !== 0 && state.passMs <= dueMs) return;
    state.pass = time.after(dueMs - time.nowMs, 'pass', '');
    state.passMs = dueMs;
  }
}

const orphanCondition = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByPodGC',
  message: 'PodGC: node no longer exists',
};

function isOutOfService(node: Node | undefined): boolean {
  return (node?.spec.taints ?? []).some(({ key }) => key === OUT_OF_SERVICE);
}

function failed(pod: Pod, condition: typeof orphanCondition | null, now: string): Pod {
  const conditions = pod.status.conditions ?? [];
  const next = condition === null ? conditions : (updatePodCondition(conditions as never, condition as never, now) as typeof conditions);
  return { ...pod, status: { ...pod.status, phase: 'Failed', conditions: next } };
}
