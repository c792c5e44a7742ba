// Watches over nodes: silent ones become Unknown, their conditions become taints, their pods stop being ready.
// upstream: pkg/controller/nodelifecycle/node_lifecycle_controller.go
import { type AnyController, type ControllerContext, defineController, type RunningController } from '../client/component.ts';
import { leaseKind } from '../kinds/coordination/lease.ts';
import { type Node, nodeKind } from '../kinds/core/node.ts';
import { podKind } from '../kinds/core/pod.ts';
import { findCondition } from '../meta/conditions.ts';
import { keyOf } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';
import { withSameLabels } from './node-life/node-labels.ts';
import { type NodeLifeMemory, NodeMonitor, newNodeLifeMemory } from './node-life/node-monitor.ts';
import { withScheduleTaints } from './node-life/node-taints.ts';
import { markPodsNotReady } from './node-life/pods-not-ready.ts';

const NODE = 'node:';
const POD = 'pod:';

export const nodeLifecycleController = controllerWith(false);

/** The same with every pass run, to compare. */
export const tickingNodeLifecycleController = controllerWith(true);

function controllerWith(ticking: boolean): AnyController {
  return defineController<NodeLifeMemory>({
    name: 'node-controller',
    workers: 8,
    initialState: () => newNodeLifeMemory(ticking),
    start,
  });
}

function start(context: ControllerContext<NodeLifeMemory>): RunningController {
  const { queue, client, time } = context;
  const nodes = context.cache(nodeKind);
  const pods = context.cache(podKind);
  const leases = context.cache(leaseKind);
  pods.index('node', (pod) => (pod.spec.nodeName === undefined ? [] : [pod.spec.nodeName]));
  const monitor = new NodeMonitor(context);
  nodes.onChange((next, previous) => {
    const node = next ?? previous;
    if (next !== undefined) queue.add(NODE + keyOf(next));
    if (node !== undefined) monitor.wake();
  });
  leases.onChange((next) => {
    if (next?.metadata.namespace === 'kube-node-lease') monitor.wake();
  });
  pods.onChange((next, previous) => {
    const node = next?.spec.nodeName ?? '';
    if (next !== undefined && node !== '' && node !== (previous?.spec.nodeName ?? '')) queue.add(POD + keyOf(next));
  });
  context.physics.listen(context.name, 'heartbeat');
  if (!context.restored) {
    for (const node of nodes.values()) queue.add(NODE + keyOf(node));
    monitor.wake();
  }
  return {
    onTimer: (name, key) => {
      if (name !== 'physics/heartbeat') return monitor.onTimer(name, key);
      monitor.heartbeatChanged(key);
    },
    reconcile: (key) => {
      if (key.startsWith(NODE)) return taintForConditions(key.slice(NODE.length));
      const pod = pods.get(key.slice(POD.length));
      const node = nodes.get(pod?.spec.nodeName ?? '');
      const ready = findCondition(node?.status.conditions, 'Ready');
      if (pod !== undefined && ready !== undefined && ready.status !== 'True') return markPodsNotReady(context, [pod]);
    },
  };

  /** upstream: doNoScheduleTaintingPass, reconcileNodeLabels */
  function taintForConditions(name: string): void {
    const node = nodes.get(name);
    const tidied = (current: Node): Node => withSameLabels(withScheduleTaints(current, time.unixMs));
    if (node === undefined || tidied(node) === node) return;
    try {
      client.patch(nodeKind, name, tidied);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
}
