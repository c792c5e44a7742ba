// Inter-pod affinity terms made ready to ask: which pods does a term mean?
// upstream: pkg/scheduler/framework/types.go AffinityTerm, GetAffinityTerms
import type { PodAffinityTerm as OpenApiPodAffinityTerm } from 'kubernetes-types/core/v1.d.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { formatLabelSelector, selectorFor } from '../meta/label-selector.ts';
import { compileRequirements, type LabelRequirement, printRequirements } from '../meta/labels.ts';
import type { Value } from '../meta/object.ts';
import type { ClusterView } from './cluster-view.ts';

export type PodAffinityTerm = Value<OpenApiPodAffinityTerm>;

export interface AffinityTerm {
  readonly topologyKey: string;
  readonly matches: (pod: Pod) => boolean;
  /** Names what the term matches completely. */
  readonly key: string;
}

/** The term as the pod `owner` states it: without namespaces it speaks of the owner's own. */
export function affinityTerm(owner: Pod, term: PodAffinityTerm, view: ClusterView): AffinityTerm {
  const { topologyKey, labelSelector, namespaces = [], namespaceSelector } = term;
  const own = namespaces.length === 0 && namespaceSelector === undefined ? [owner.metadata.namespace] : namespaces;
  const added = labelKeyRequirements(owner, term);
  const labelsMatch = selectorFor(labelSelector);
  const addedMatch = compileRequirements(added);
  const namespaceMatches = (namespace: string): boolean => {
    if (own.includes(namespace)) return true;
    if (namespaceSelector === undefined) return false;
    return selectorFor(namespaceSelector)(view.listers.namespaces.get(namespace)?.metadata.labels);
  };
  return {
    topologyKey,
    matches: ({ metadata }) => namespaceMatches(metadata.namespace) && labelsMatch(metadata.labels) && addedMatch(metadata.labels),
    key: `${own.join()} ${formatLabelSelector(namespaceSelector)} ${formatLabelSelector(labelSelector)} ${printRequirements(added)}`,
  };
}

// The API server folds matchLabelKeys and mismatchLabelKeys into the selector at creation; a pod that never went through it has them still.
function labelKeyRequirements(owner: Pod, { matchLabelKeys = [], mismatchLabelKeys = [] }: PodAffinityTerm): readonly LabelRequirement[] {
  const of = (keys: readonly string[], operator: 'in' | 'notin'): LabelRequirement[] =>
    keys.flatMap((key) => {
      const value = owner.metadata.labels?.[key];
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  return [...of(matchLabelKeys, 'in'), ...of(mismatchLabelKeys, 'notin')];
}
