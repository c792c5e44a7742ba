// Holds a pod to nodes that its nodeSelector and required affinity match, and prefers those its preferred terms match.
// upstream: pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go
import type { NodeAffinity as OpenApiNodeAffinity } from 'kubernetes-types/core/v1.d.ts';
import type { Node } from '../../kinds/core/node.ts';
import {
  matchesNodeSelector,
  matchesRequiredNodeAffinity,
  type NodeSelector,
  type NodeSelectorTerm,
  preferredTermsWeight,
} from '../../kinds/core/node-selector.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { Value } from '../../meta/object.ts';
import { type FilterPlan, normalizeScores, type Rejection, type SchedulerPlugin } from './plugin.ts';

type NodeAffinity = Value<OpenApiNodeAffinity>;

const name = 'NodeAffinity';
const mismatch: Rejection = { plugin: name, reasons: ["node(s) didn't match Pod's node affinity/selector"], resolvable: false };
/** upstream: errReasonEnforced */
const enforced: Rejection = { plugin: name, reasons: ["node(s) didn't match scheduler-enforced node affinity"], resolvable: false };
const conflict: Rejection = { plugin: name, reasons: ['pod affinity terms conflict'], resolvable: false };

export const nodeAffinity: SchedulerPlugin = nodeAffinityWith(undefined);

/** `added`: what holds for every pod of the profile besides its own terms. upstream: NodeAffinityArgs.addedAffinity */
export function nodeAffinityWith(added: NodeAffinity | undefined): SchedulerPlugin {
  const everywhere = added?.requiredDuringSchedulingIgnoredDuringExecution;
  const wishes = added?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const fits = (pod: Pod, node: Node): boolean =>
    (everywhere === undefined || matchesNodeSelector(everywhere, node)) && matchesRequiredNodeAffinity(pod, node);
  return {
    name: 'NodeAffinity',
    local: true,
    planFilter: (pod) => planFilter(pod, everywhere),
    weight: 2,
    planScore: ({ spec }) => {
      const own = spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
      const terms = wishes.length === 0 ? own : [...wishes, ...own];
      if (terms.length === 0) return null;
      return { score: ({ node }) => preferredTermsWeight(terms, node), normalize: (scores) => normalizeScores(scores, false) };
    },
    mayHelp: (pod, event) => {
      if (event.resource !== 'Node' || event.next === undefined) return false;
      return !(event.previous !== undefined && fits(pod, event.previous)) && fits(pod, event.next);
    },
  };
}

function planFilter(pod: Pod, everywhere: NodeSelector | undefined): FilterPlan | null {
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (required === undefined && pod.spec.nodeSelector === undefined && everywhere === undefined) return null;
  const nodeNames = required === undefined ? undefined : namedNodes(required.nodeSelectorTerms ?? []);
  if (nodeNames?.size === 0) return { rejection: conflict };
  const filter = ({ node }: { readonly node: Node }): Rejection | null => {
    if (everywhere !== undefined && !matchesNodeSelector(everywhere, node)) return enforced;
    return matchesRequiredNodeAffinity(pod, node) ? null : mismatch;
  };
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
