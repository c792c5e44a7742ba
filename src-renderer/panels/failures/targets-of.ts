/**
 * What a failure of some kind can strike, by name: from the mirror of the cluster, so that it is there while the lab is busy.
 * Containers are found by their pods, because only the lab knows what runs in them.
 */
import type { FailureKind } from '../../../src-main/contract/lab-info.ts';
import type { ClusterStore } from '../../stores/cluster-store.svelte.ts';
import { keyOf } from '../../stores/selection-store.svelte.ts';

/** What a cluster may also do without. */
export const ADD_ONS: readonly string[] = ['cluster-autoscaler', 'vertical-pod-autoscaler'];

/** What no object of the cluster stands for: registries that images commonly come from, and the processes that decide. */
export const CLUSTER_WIDE: Readonly<Partial<Record<FailureKind['target'], readonly string[]>>> = {
  registry: ['docker.io', 'registry.k8s.io'],
  component: ['kube-scheduler', 'kube-controller-manager', ...ADD_ONS],
};

/** `words` in small letters. */
export function targetsOf(cluster: ClusterStore, target: FailureKind['target'], words: string, foundMax: number): readonly string[] {
  const found = new Set<string>();
  for (const name of namesOf(cluster, target)) {
    if (found.size >= foundMax) break;
    if (name.toLowerCase().includes(words)) found.add(name);
  }
  return [...found];
}

function* namesOf(cluster: ClusterStore, target: FailureKind['target']): Generator<string> {
  if (target === 'node') for (const { name } of cluster.table('nodes').values()) yield name;
  else if (target === 'zone') yield* [...new Set(cluster.list('nodes').map(({ zone }) => zone))].filter((zone) => zone !== '').sort();
  else if (target === 'disk') for (const { name } of cluster.table('volumes').values()) yield name;
  else if (target === 'container') for (const pod of cluster.table('pods').values()) if (pod.node !== '') yield keyOf(pod);
  yield* CLUSTER_WIDE[target] ?? [];
}
