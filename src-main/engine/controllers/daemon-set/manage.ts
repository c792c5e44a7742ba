// One pod on each node that wants one: which are missing, and which are too many or out of place.
// upstream: pkg/controller/daemon/daemon_controller.go manage, podsShouldBeOnNode
import type { DaemonSet } from '../../kinds/apps/daemon-set.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { revisionLabel } from '../controller-revision/revisions.ts';
import { isPodAvailable, isPodReady } from '../pod-state.ts';
import { allowsSurge } from './limits.ts';
import { placementOn } from './placement.ts';
import { inOrder, type PodsOnNodes, unscheduledWithoutNode } from './pods-on-nodes.ts';

export interface DaemonWorld {
  readonly nodes: Iterable<Node>;
  readonly node: (name: string) => Node | undefined;
  readonly unixMs: number;
  /** May a failed pod be deleted now? Asked once for each; a refusal brings the set back later. */
  readonly mayReplaceFailed: (node: string, pod: Pod) => boolean;
  /** A pod that has ended well is about to be deleted. */
  readonly foundSucceeded: (node: string, pod: Pod) => void;
}

export interface DaemonPlan {
  /** Names of nodes that get a pod. */
  readonly create: readonly string[];
  readonly remove: readonly Pod[];
}

export function plannedPods(world: DaemonWorld, set: DaemonSet, onNodes: PodsOnNodes, hash: string): DaemonPlan {
  const create: string[] = [];
  const remove: Pod[] = [];
  for (const node of world.nodes) {
    const { name } = node.metadata;
    const { run, stay } = placementOn(node, set);
    const pods = onNodes.get(name);
    if (run && pods === undefined) create.push(name);
    else if (stay && pods !== undefined) {
      const running = runningOn(world, name, pods, remove);
      if (!allowsSurge(set)) remove.push(...inOrder(running).slice(1));
      else if (running.length > 1) remove.push(...beyondSurge(world, set, running, hash));
      else if (running.length === 0 && run) create.push(name);
    } else if (pods !== undefined && !stay) remove.push(...pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined));
  }
  remove.push(...unscheduledWithoutNode(onNodes, (name) => world.node(name) !== undefined));
  return { create, remove };
}

/** The pods that go on; those that have ended are put among the doomed. */
function runningOn(world: DaemonWorld, node: string, pods: readonly Pod[], doomed: Pod[]): readonly Pod[] {
  const running: Pod[] = [];
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp !== undefined) continue;
    if (pod.status.phase === 'Failed') {
      if (world.mayReplaceFailed(node, pod)) doomed.push(pod);
    } else if (pod.status.phase === 'Succeeded') {
      world.foundSucceeded(node, pod);
      doomed.push(pod);
    } else running.push(pod);
  }
  return running;
}

/** Two pods only while the new one is not available and the old one is ready. */
function beyondSurge({ unixMs }: DaemonWorld, set: DaemonSet, running: readonly Pod[], hash: string): readonly Pod[] {
  const ordered = inOrder(running);
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[revisionLabel] === hash;
  const oldestNew = ordered.find(isNew);
  const oldestOld = ordered.find((pod) => !isNew(pod));
  const surplus = ordered.filter((pod) => pod !== oldestNew && pod !== oldestOld);
  if (oldestNew === undefined || oldestOld === undefined) return surplus;
  const replaced = !isPodReady(oldestOld) || isPodAvailable(oldestNew, set.spec.minReadySeconds ?? 0, unixMs);
  return replaced ? [...surplus, oldestOld] : surplus;
}
