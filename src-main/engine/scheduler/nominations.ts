// Pods that wait for their victims to leave a node: lesser pods must not take the room that was made for them.
// upstream: pkg/scheduler/backend/queue/nominator.go, framework/runtime RunFilterPluginsWithNominatedPods
import type { Pod } from '../kinds/core/pod.ts';
import { keyOf } from '../meta/object.ts';
import type { ClusterView } from './cluster-view.ts';
import type { NodeInfo } from './node-info.ts';
import type { Rejection, SchedulerPlugin } from './plugins/plugin.ts';
import { objection, priorityOf } from './preemption.ts';

/** Node by pod key: part of the scheduler's memory. */
export type Nominations = Record<string, string>;

/** Says, for a node where a pod fits, whether it still would with those that were promised room there; null: nobody was. */
export function promisedRoom(
  pod: Pod,
  nominations: Nominations,
  podOf: (key: string) => Pod | undefined,
  view: ClusterView,
  plugins: readonly SchedulerPlugin[],
): ((node: NodeInfo) => Rejection | null) | null {
  const own = keyOf(pod);
  const promised = new Map<string, Pod[]>();
  for (const [key, node] of Object.entries(nominations)) {
    const other = key === own ? undefined : podOf(key);
    if (other === undefined || priorityOf(other) < priorityOf(pod)) continue;
    const others = promised.get(node);
    if (others === undefined) promised.set(node, [other]);
    else others.push(other);
  }
  if (promised.size === 0) return null;
  return (node) => {
    const others = promised.get(node.name);
    if (others === undefined) return null;
    for (const other of others) view.setPod(other, node.name);
    const rejection = objection(pod, node, view, plugins);
    for (const other of others) view.removePod(keyOf(other));
    return rejection;
  };
}
