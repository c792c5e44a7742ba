// Holds a pod to nodes that its nodeSelector and required affinity match, and prefers those its preferred terms match.
// upstream: pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go
import { matchesRequiredNodeAffinity, type NodeSelectorTerm, preferredTermsWeight } from '../../kinds/core/node-selector.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { type FilterPlan, normalizeScores, type Rejection, type SchedulerPlugin } from './plugin.ts';

const name = 'NodeAffinity';
const mismatch: Rejection = { plugin: name, reasons: ["node(s) didn't match Pod's node affinity/selector"], resolvable: false };
const conflict: Rejection = { plugin: name, reasons: ['pod affinity terms conflict'], resolvable: false };

export const nodeAffinity: SchedulerPlugin = {
  name,
  local: true,
  planFilter,
  weight: 2,
  planScore: (pod) => {
    const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (terms.length === 0) return null;
    return { score: ({ node }) => preferredTermsWeight(terms, node), normalize: (scores) => normalizeScores(scores, false) };
  },
  mayHelp: (pod, event) => {
    if (event.resource !== 'Node' || event.next === undefined) return false;
    const matched = event.previous !== undefined && matchesRequiredNodeAffinity(pod, event.previous);
    return !matched && matchesRequiredNodeAffinity(pod, event.next);
  },
};

function planFilter(pod: Pod): FilterPlan | null {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined && pod.spec.nodeSelector === undefined) return null;
  const nodeNames = required === undefined ? undefined : namedNodes(required.nodeSelectorTerms);
  if (nodeNames?.size === 0) return { rejection: conflict };
  const filter = ({ node }: { readonly node: Parameters<typeof matchesRequiredNodeAffinity>[1] }): Rejection | null =>
    matchesRequiredNodeAffinity(pod, node) ? null : mismatch;
  return nodeNames === undefined ? { filter } : { filter, nodeNames };
}

/** The nodes that terms name one by one, as those of DaemonSet pods do; undefined when a term is open to any node. */
function namedNodes(terms: readonly NodeSelectorTerm[]): ReadonlySet<string> | undefined {
  const all = new Set<string>();
  for (const { matchFields = [] } of terms) {
    let names: ReadonlySet<string> | undefined;
    for (const { key, operator, values = [] } of matchFields) {
      if (key !== 'metadata.name' || operator !== 'In') continue;
      names = new Set(values.filter((value) => names?.has(value) ?? true));
    }
    if (names === undefined) return undefined;
    for (const node of names) all.add(node);
  }
  return terms.length === 0 ? undefined : all;
}
