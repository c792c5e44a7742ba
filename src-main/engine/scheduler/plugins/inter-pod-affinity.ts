// Puts pods near those they want to be near and away from those they want to be away from; what is placed already has a say as well.
// upstream: pkg/scheduler/framework/plugins/interpodaffinity (filtering.go, scoring.go, plugin.go)
import { equal } from '../../base/equal.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { type AffinityTerm, affinityTerm } from '../affinity-terms.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { NodeInfo } from '../node-info.ts';
import { type FilterPlan, type Rejection, SCORE_MAX, type SchedulerPlugin, type Scorer } from './plugin.ts';

const name = 'InterPodAffinity';
const affinityMissing: Rejection = { plugin: name, reasons: ["node(s) didn't match pod affinity rules"], resolvable: false };
const antiAffinityBroken: Rejection = { plugin: name, reasons: ["node(s) didn't match pod anti-affinity rules"], resolvable: true };
const othersBroken: Rejection = {
  plugin: name,
  reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"],
  resolvable: true,
};

/** upstream: InterPodAffinityArgs.hardPodAffinityWeight */
const HARD_AFFINITY_WEIGHT = 1;

export const interPodAffinity: SchedulerPlugin = interPodAffinityWith(HARD_AFFINITY_WEIGHT, false);

/** `hardWeight`: what a placed pod's requirement to be near counts; `ignoresOthers`: wishes of placed pods do not count. upstream: InterPodAffinityArgs */
export function interPodAffinityWith(hardWeight: number, ignoresOthers: boolean): SchedulerPlugin {
  return {
    name: 'InterPodAffinity',
    planFilter,
    weight: 2,
    planScore: (pod, _feasible, view) => planAffinityScore(pod, view, hardWeight, ignoresOthers),
    mayHelp,
  };
}

/** Numbers by topology label and its value. */
type Topology = Map<string, Map<string, number>>;

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const wanted = requiredTerms(pod, 'podAffinity', view);
  const unwanted = requiredTerms(pod, 'podAntiAffinity', view);
  const forbidden = forbiddenByOthers(pod, view);
  if (wanted.length === 0 && unwanted.length === 0 && forbidden.size === 0) return null;
  const present = presentFor(wanted, view);
  // The first pod of a group that wants to be near itself may go anywhere.
  const first = present.size === 0 && wanted.every(({ matches }) => matches(pod));
  const near = unwanted.map((term) => ({ ...term, domains: domainsWith(term, view) }));
  return {
    filter: ({ node }) => {
      const labels = node.metadata.labels ?? {};
      for (const { topologyKey } of wanted) {
        const value = labels[topologyKey];
        if (value === undefined || (!first && (present.get(topologyKey)?.get(value) ?? 0) === 0)) return affinityMissing;
      }
      for (const { topologyKey, domains } of near) {
        const value = labels[topologyKey];
        if (value !== undefined && (domains.get(value) ?? 0) > 0) return antiAffinityBroken;
      }
      for (const [topologyKey, values] of forbidden) {
        const value = labels[topologyKey];
        if (value !== undefined && values.has(value)) return othersBroken;
      }
      return null;
    },
  };
}

/** Where pods run that match all terms: the pod must be near such a pod by every term. */
function presentFor(terms: readonly AffinityTerm[], view: ClusterView): Topology {
  const present: Topology = new Map();
  if (terms.length === 0) return present;
  const key = `affinity ${terms.map((term) => term.key).join(' & ')}`;
  const pods = view.count(key, (pod) => terms.every(({ matches }) => matches(pod)));
  for (const { topologyKey } of terms) {
    const domains = pods.byDomain(topologyKey);
    if (domains.size > 0) present.set(topologyKey, new Map(domains));
  }
  return present;
}

function domainsWith({ key, matches, topologyKey }: AffinityTerm, view: ClusterView): ReadonlyMap<string, number> {
  return view.count(`affinity ${key}`, matches).byDomain(topologyKey);
}

/** Topology values that placed pods keep free of such a pod. */
function forbiddenByOthers(pod: Pod, view: ClusterView): Topology {
  const forbidden: Topology = new Map();
  for (const node of view.nodesWithAffinity())
    for (const existing of node.podsWithAffinity.values())
      for (const { topologyKey, matches } of requiredTerms(existing, 'podAntiAffinity', view))
        if (matches(pod)) addAt(forbidden, topologyKey, node, 1);
  return forbidden;
}

/** null: no term of any pod says anything. */
export function planAffinityScore(pod: Pod, view: ClusterView, hardWeight: number, ignoresOthers = false): Scorer | null {
  const sums: Topology = new Map();
  const mine = [...preferredTerms(pod, 'podAffinity', 1, view), ...preferredTerms(pod, 'podAntiAffinity', -1, view)];
  for (const { term, weight } of mine)
    for (const [node, pods] of view.count(`affinity ${term.key}`, term.matches).byNode) addAt(sums, term.topologyKey, node, weight * pods);
  for (const node of view.nodesWithAffinity())
    for (const existing of node.podsWithAffinity.values()) {
      if (hardWeight > 0)
        for (const { topologyKey, matches } of requiredTerms(existing, 'podAffinity', view))
          if (matches(pod)) addAt(sums, topologyKey, node, hardWeight);
      if (ignoresOthers) continue;
      const theirs = [...preferredTerms(existing, 'podAffinity', 1, view), ...preferredTerms(existing, 'podAntiAffinity', -1, view)];
      for (const { term, weight } of theirs) if (term.matches(pod)) addAt(sums, term.topologyKey, node, weight);
    }
  if (sums.size === 0) return null;
  return {
    score: ({ node }) => {
      let sum = 0;
      for (const [topologyKey, values] of sums) {
        const value = node.metadata.labels?.[topologyKey];
        if (value !== undefined) sum += values.get(value) ?? 0;
      }
      return sum;
    },
    normalize,
  };
}

function normalize(scores: number[]): void {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  for (const [index, score] of scores.entries())
    scores[index] = most > least ? Math.trunc(SCORE_MAX * ((score - least) / (most - least))) : 0;
}

function addAt(topology: Topology, topologyKey: string, { node }: NodeInfo, amount: number): void {
  const value = node.metadata.labels?.[topologyKey];
  if (value === undefined) return;
  const values = topology.get(topologyKey);
  if (values === undefined) topology.set(topologyKey, new Map([[value, amount]]));
  else values.set(value, (values.get(value) ?? 0) + amount);
}

type Side = 'podAffinity' | 'podAntiAffinity';

function requiredTerms(pod: Pod, side: Side, view: ClusterView): readonly AffinityTerm[] {
  const terms = pod.spec.affinity?.[side]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.map((term) => affinityTerm(pod, term, view));
}

function preferredTerms(pod: Pod, side: Side, sign: 1 | -1, view: ClusterView): readonly { term: AffinityTerm; weight: number }[] {
  const terms = pod.spec.affinity?.[side]?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.map(({ weight, podAffinityTerm }) => ({ term: affinityTerm(pod, podAffinityTerm, view), weight: sign * weight }));
}

function mayHelp(pod: Pod, event: ClusterEvent, view: ClusterView): boolean {
  if (event.resource === 'Node') return event.next !== undefined && !equal(event.next.metadata.labels, event.previous?.metadata.labels);
  if (event.resource === 'UnscheduledPod') return !equal(event.next?.metadata.labels, event.previous?.metadata.labels);
  if (event.resource !== 'AssignedPod') return false;
  const { next, previous } = event;
  const wanted = requiredTerms(pod, 'podAffinity', view);
  if (next !== undefined && wanted.length > 0 && wanted.every(({ matches }) => matches(next))) return true;
  if (previous === undefined || next !== undefined) return false;
  if (requiredTerms(pod, 'podAntiAffinity', view).some(({ matches }) => matches(previous))) return true;
  return requiredTerms(previous, 'podAntiAffinity', view).some(({ matches }) => matches(pod));
}
