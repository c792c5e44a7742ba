// Deletes pods from nodes with NoExecute taints they do not tolerate, or no longer.
// upstream: pkg/controller/tainteviction/taint_eviction.go
import { equal } from '../base/equal.ts';
import { type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { type Pod, podKind } from '../kinds/core/pod.ts';
import { updatePodCondition } from '../meta/conditions.ts';
import { keyOf, splitKey } from '../meta/object.ts';
import { isNotFound, isRefusedByPolicy } from '../meta/status-error.ts';
import { executeTaintsOn, PodEvictions, type PodEvictionsState } from './node-life/pod-evictions.ts';

const DUE_TIMER = 'due';
const NODE_TIMER = 'node-arc';

interface Memory extends PodEvictionsState {
  /** The timer that shows a node's next eviction. */
  arcs: Record<string, number>;
}

export const taintEvictionController = defineController<Memory>({
  name: 'taint-eviction-controller',
  workers: 8,
  initialState: () => ({ evictions: {}, arcs: {} }),
  start,
});

type Context = ControllerContext<Memory>;

function start(context: Context): RunningController {
  const { state, time, queue, events } = context;
  const nodes = context.cache(nodeKind);
  const pods = context.cache(podKind);
  pods.index('node', (pod) => (pod.spec.nodeName === undefined ? [] : [pod.spec.nodeName]));
  const evictions = new PodEvictions(state, {
    get nowMs() {
      return time.nowMs;
    },
    podsOn: (node) => [...pods.by('node', node)],
    taintsOf: (node) => executeTaintsOn(nodes.get(node)),
    after: (delayMs, pod) => {
      const key = keyOf(pod);
      return time.after(delayMs, DUE_TIMER, key, null, { kind: 'Pod', key, name: 'toleration', fromMs: time.nowMs });
    },
    cancel: (timer) => time.cancel(timer),
    evict: (key) => queue.add(key),
    cancelled: (key) => {
      const pod = pods.get(key);
      if (pod !== undefined) events.record(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`);
    },
  });
  nodes.onChange((next, previous) => {
    // What was planned for the pods of a node that is deleted stays planned. upstream: handleNodeUpdate
    if (next === undefined) hideArc(context, (previous as Node).metadata.name);
    else if (!sameTaints(next, previous)) {
      evictions.nodeChanged(next.metadata.name);
      showArc(context, next.metadata.name);
    }
  });
  pods.onChange((next, previous) => {
    if (next === undefined) {
      if (previous !== undefined) evictions.podDeleted(keyOf(previous));
    } else if (
      previous === undefined ||
      next.spec.nodeName !== previous.spec.nodeName ||
      !equal(next.spec.tolerations, previous.spec.tolerations)
    )
      evictions.podChanged(next);
  });
  // What came while nobody looked. upstream: handleNodeUpdate of every node that the first list adds
  if (!context.restored)
    for (const node of nodes.values()) {
      if (executeTaintsOn(node).length === 0) continue;
      evictions.nodeChanged(node.metadata.name);
      showArc(context, node.metadata.name);
    }
  return {
    onTimer: (name, key) => {
      if (name !== NODE_TIMER) {
        evictions.due(key);
        return;
      }
      delete state.arcs[key];
      showArc(context, key);
    },
    reconcile: (key) => evict(context, key),
  };
}

/** upstream: addConditionAndDeletePod */
function evict({ state, time, client, events, cache }: Context, key: string): void {
  const pod = cache(podKind).get(key);
  if (pod === undefined || state.evictions[key]?.timer !== null) return;
  const { namespace, name } = splitKey(key);
  events.record(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${namespace}/${name}`);
  try {
    client.patchStatus(podKind, key, (current) =>
      current.metadata.uid === pod.metadata.uid ? disrupted(current, time.timestamp()) : current,
    );
    client.delete(podKind, key, { preconditions: { uid: pod.metadata.uid } });
  } catch (error) {
    if (!isNotFound(error) && !isRefusedByPolicy(error)) throw error;
  }
}

/** An arc around the node until the next of its pods goes. */
function showArc(context: Context, node: string): void {
  const { state, time, cache } = context;
  hideArc(context, node);
  let soonestMs = Number.POSITIVE_INFINITY;
  let fromMs = time.nowMs;
  for (const pod of cache(podKind).by('node', node)) {
    const { timer = null, createdMs = 0 } = state.evictions[keyOf(pod)] ?? {};
    const dueMs = timer === null ? null : time.dueMs(timer);
    if (dueMs === null || dueMs >= soonestMs) continue;
    soonestMs = dueMs;
    fromMs = createdMs;
  }
  if (soonestMs === Number.POSITIVE_INFINITY) return;
  const countdown = { kind: 'Node', key: node, name: 'toleration', fromMs };
  state.arcs[node] = time.after(soonestMs - time.nowMs, NODE_TIMER, node, null, countdown);
}

function hideArc({ state, time }: Context, node: string): void {
  const shown = state.arcs[node];
  if (shown !== undefined) time.cancel(shown);
  delete state.arcs[node];
}

function sameTaints(next: Node, previous: Node | undefined): boolean {
  return previous !== undefined && equal(executeTaintsOn(next), executeTaintsOn(previous));
}

function disrupted(pod: Pod, now: string): Pod {
  const conditions = pod.status.conditions ?? [];
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
  };
  const next = updatePodCondition(conditions as never, condition as never, now) as typeof conditions;
  return next === conditions ? pod : { ...pod, status: { ...pod.status, conditions: next } };
}
