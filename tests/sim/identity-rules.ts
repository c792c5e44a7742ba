// What no StatefulSet may ever do: let two pods of one name run at the same time, unless somebody has sworn that the first is dead.
// And no DaemonSet: put more pods on a node than an update may.
import type { Delta } from '../../src-main/engine/api/store.ts';
import type { Cluster } from '../../src-main/engine/cluster.ts';
import { targetNodeOf } from '../../src-main/engine/controllers/daemon-set/daemon-pod.ts';
import type { DaemonSet } from '../../src-main/engine/kinds/apps/daemon-set.ts';
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';
import type { KubeletState } from '../../src-main/engine/kubelet/kubelet-state.ts';

const CONTROLLER = 'system:serviceaccount:kube-system:statefulset-controller';

export class IdentityRules {
  readonly #cluster: Cluster;
  /** Uids of the pods that each name of a StatefulSet has had, but for those that were forced away. */
  readonly #named = new Map<string, Set<string>>();
  /** By DaemonSet and node. */
  readonly #daemons = new Map<string, Set<string>>();
  /** DaemonSets that were ever allowed to surge. */
  readonly #surging = new Set<string>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  hear(delta: Delta): readonly string[] {
    if (delta.kind === 'DaemonSet.apps') this.#note(delta.object as DaemonSet);
    if (delta.kind !== 'Pod') return [];
    const owner = delta.object.metadata.ownerReferences?.find(({ controller }) => controller === true);
    if (owner?.kind === 'StatefulSet') return this.#stateful(delta);
    return owner?.kind === 'DaemonSet' ? this.#daemon(delta, owner.uid) : [];
  }

  #stateful({ type, key, object, cause }: Delta): readonly string[] {
    const { uid } = object.metadata;
    const known = this.#named.get(key) ?? new Set();
    this.#named.set(key, known);
    if (type === 'DELETED') {
      const byNode = cause.actor.startsWith('system:node:');
      const ended = ['Succeeded', 'Failed'].includes((object as Pod).status.phase ?? '');
      // Without any grace a deletion is forced. upstream: podStrategy.CheckGracefulDelete
      const forced = ((object as Pod).spec.terminationGracePeriodSeconds ?? 30) === 0;
      const unplaced = ((object as Pod).spec.nodeName ?? '') === '';
      if (!byNode) known.delete(uid);
      return cause.actor === CONTROLLER && !ended && !unplaced && !forced ? ['was taken away while it may still run'] : [];
    }
    if (type !== 'ADDED') return [];
    const { pods } = this.#cluster.components.memoryOf('kubelet') as KubeletState;
    const running = [...known].filter((other) => Object.values(pods[other]?.containers ?? {}).some(({ process }) => process !== null));
    known.add(uid);
    return running.map((other) => `runs twice: ${other} has not ended`);
  }

  #note({ metadata, spec }: DaemonSet): void {
    const { maxSurge = 0 } = spec.updateStrategy?.rollingUpdate ?? {};
    if (maxSurge !== 0 && maxSurge !== '0%') this.#surging.add(metadata.uid);
  }

  #daemon({ type, object, cause }: Delta, owner: string): readonly string[] {
    const pod = object as Pod;
    const place = `${owner} ${targetNodeOf(pod)}`;
    const active = this.#daemons.get(place) ?? new Set();
    this.#daemons.set(place, active);
    const { phase } = pod.status;
    const lives = type !== 'DELETED' && pod.metadata.deletionTimestamp === undefined && phase !== 'Succeeded' && phase !== 'Failed';
    if (lives) active.add(pod.metadata.uid);
    else active.delete(pod.metadata.uid);
    const most = this.#surging.has(owner) ? 2 : 1;
    return type === 'ADDED' && cause.actor.startsWith('system:') && active.size > most ? [`is number ${active.size} of its node`] : [];
  }
}
