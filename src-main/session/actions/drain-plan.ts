// Which pods of a node `kubectl drain` evicts, passes over, or refuses to touch. upstream: kubectl pkg/drain/filters.go
import type { DrainPlan } from '../../contract/object-action.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';

export interface DrainOptions {
  /** `--delete-emptydir-data` */
  readonly deleteEmptyDirData: boolean;
  /** `--force` */
  readonly force: boolean;
}

const MIRROR = 'kubernetes.io/config.mirror';

/** DaemonSets are passed over as with `--ignore-daemonsets`, without which no real node can be drained. */
export function drainPlan(cluster: Cluster, nodes: readonly string[], options: DrainOptions): DrainPlan {
  const evict: DrainPlan['evict'][number][] = [];
  const skipped: DrainPlan['skipped'][number][] = [];
  const blocked: DrainPlan['blocked'][number][] = [];
  const drained = new Set(nodes);
  for (const [key, pod] of cluster.store.table('Pod') as ReadonlyMap<string, Pod>) {
    if (!drained.has(pod.spec.nodeName ?? '')) continue;
    const skip = skipReason(cluster, pod);
    const block = skip === null ? blockReason(pod, options) : null;
    if (skip !== null) skipped.push({ key, why: skip });
    else if (block !== null) blocked.push({ key, why: block });
    else evict.push({ key, id: pod.metadata.uid });
  }
  return { evict, skipped, blocked };
}

const finished = ({ status }: Pod): boolean => status.phase === 'Succeeded' || status.phase === 'Failed';

function skipReason(cluster: Cluster, pod: Pod): 'daemon-set' | 'mirror' | null {
  const controller = controllerOf(pod);
  if (controller?.kind === 'DaemonSet' && !finished(pod)) {
    const daemonSet = cluster.store.get('DaemonSet.apps', `${pod.metadata.namespace}/${controller.name}`);
    if (daemonSet !== undefined) return 'daemon-set';
  }
  return pod.metadata.annotations?.[MIRROR] === undefined ? null : 'mirror';
}

function blockReason(pod: Pod, { deleteEmptyDirData, force }: DrainOptions): 'local-storage' | 'no-controller' | null {
  if (finished(pod)) return null;
  if (!deleteEmptyDirData && (pod.spec.volumes ?? []).some(({ emptyDir }) => emptyDir !== undefined)) return 'local-storage';
  return force || controllerOf(pod) !== undefined ? null : 'no-controller';
}
