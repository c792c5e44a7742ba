// Puts pods near those they want to be near and away from those they want to be away from; what is placed already has a say as well.
// upstream: pkg/scheduler/framework/plugins/interpodaffinity (filtering.go, scoring.go, plugin.go)
import { equal } from '../../base/equal.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { AffinityGroup } from '../affinity-groups.ts';
import { type AffinityTerm, affinityTerm } from '../affinity-terms.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { PodCount } from '../pod-count.ts';
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
type Topology = Map<string, ReadonlyMap<string, number>>;

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const wanted = requiredTerms(pod, 'podAffinity', view);
  const unwanted = requiredTerms(pod, 'podAntiAffinity', view);
  const forbidden = forbiddenByOthers(pod, view);
  if (wanted.length === 0 && unwanted.length === 0 && forbidden.length === 0) return null;
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
      for (const { topologyKey, pods } of forbidden) {
        const value = labels[topologyKey];
        if (value !== undefined && pods.has(value)) return othersBroken;
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
    if (domains.size > 0) present.set(topologyKey, domains);
  }
  return present;
}

function domainsWith({ key, matches, topologyKey }: AffinityTerm, view: ClusterView): ReadonlyMap<string, number> {
  return view.count(`affinity ${key}`, matches).byDomain(topologyKey);
}

/** Numbers of pods by value of a topology label. */
interface Domains {
  readonly topologyKey: string;
  readonly pods: ReadonlyMap<string, number>;
}

/** Topology values that placed pods keep free of such a pod. */
function forbiddenByOthers(pod: Pod, view: ClusterView): readonly Domains[] {
  const forbidden: Domains[] = [];
  for (const group of view.affinityGroups())
    for (const { topologyKey, matches } of termsOf(group, view).repels)
      if (matches(pod)) forbidden.push({ topologyKey, pods: group.placed.byDomain(topologyKey) });
  return forbidden;
}

interface Weighted {
  readonly term: AffinityTerm;
  readonly weight: number;
}

/** What the pods of a group say, made ready once. */
interface GroupTerms {
  readonly repels: readonly AffinityTerm[];
  readonly requires: readonly AffinityTerm[];
  readonly wishes: readonly Weighted[];
}

const termsOfGroups = new WeakMap<AffinityGroup, GroupTerms>();

function termsOf(group: AffinityGroup, view: ClusterView): GroupTerms {
  let terms = termsOfGroups.get(group);
  if (terms === undefined) {
    const { pod } = group;
    terms = {
      repels: requiredTerms(pod, 'podAntiAffinity', view),
      requires: requiredTerms(pod, 'podAffinity', view),
      wishes: wishesOf(pod, view),
    };
    termsOfGroups.set(group, terms);
  }
  return terms;
}

/** null: no term of any pod says anything. */
export function planAffinityScore(pod: Pod, view: ClusterView, hardWeight: number, ignoresOthers = false): Scorer | null {
  const parts: (Domains & { readonly weight: number })[] = [];
  const add = ({ topologyKey }: AffinityTerm, placed: PodCount, weight: number): void => {
    const pods = placed.byDomain(topologyKey);
    if (pods.size > 0 && weight !== 0) parts.push({ topologyKey, pods, weight });
  };
  for (const { term, weight } of wishesOf(pod, view)) add(term, view.count(`affinity ${term.key}`, term.matches), weight);
  for (const group of view.affinityGroups()) {
    const { requires, wishes } = termsOf(group, view);
    if (hardWeight > 0) for (const term of requires) if (term.matches(pod)) add(term, group.placed, hardWeight);
    if (!ignoresOthers) for (const { term, weight } of wishes) if (term.matches(pod)) add(term, group.placed, weight);
  }
  if (parts.length === 0) return null;
  return {
    score: ({ node }) => {
      const labels = node.metadata.labels ?? {};
      let sum = 0;
      for (const { topologyKey, pods, weight } of parts) {
        const value = labels[topologyKey];
        if (value !== undefined) sum += weight * (pods.get(value) ?? 0);
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

type Side = 'podAffinity' | 'podAntiAffinity';

function requiredTerms(pod: Pod, side: Side, view: ClusterView): readonly AffinityTerm[] {
  const terms = pod.spec.affinity?.[side]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return terms.map((term) => affinityTerm(pod, term, view));
}

function wishesOf(pod: Pod, view: ClusterView): readonly Weighted[] {
  return [...preferredTerms(pod, 'podAffinity', 1, view), ...preferredTerms(pod, 'podAntiAffinity', -1, view)];
}

function preferredTerms(pod: Pod, side: Side, sign: 1 | -1, view: ClusterView): readonly Weighted[] {
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
