// Puts pods near those they want to be near and away from those they want to be away from; what is placed already has a say as well.
// upstream: pkg/scheduler/framework/plugins/interpodaffinity (filtering.go, scoring.go, plugin.go)
import { equal } from '../../base/equal.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { AffinityGroup } from '../affinity-groups.ts';
import { type AffinityTerm, affinityTerm } from '../affinity-terms.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { PodCount, PodSort } from '../pod-count.ts';
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

/** `hardWeight`: what a placed pod's requirement to be near counts; `ignoresOthers`: a pod without wishes of its own is not scored. upstream: InterPodAffinityArgs */
export function interPodAffinityWith(hardWeight: number, ignoresOthers: boolean): SchedulerPlugin {
  return {
    name: 'InterPodAffinity',
    sorts,
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
  const pods = view.count(sortOf(terms));
  for (const { topologyKey } of terms) {
    const domains = pods.byDomain(topologyKey);
    if (domains.size > 0) present.set(topologyKey, domains);
  }
  return present;
}

function domainsWith(term: AffinityTerm, view: ClusterView): ReadonlyMap<string, number> {
  return view.count(sortOf([term])).byDomain(term.topologyKey);
}

/** Pods that match all terms. */
function sortOf(terms: readonly AffinityTerm[]): PodSort {
  const [first] = terms;
  const key = `affinity ${terms.map((term) => term.key).join(' & ')}`;
  return { key, matches: terms.length === 1 && first !== undefined ? first.matches : (pod) => terms.every(({ matches }) => matches(pod)) };
}

function sorts(pod: Pod, view: ClusterView): readonly PodSort[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  if (podAffinity === undefined && podAntiAffinity === undefined) return [];
  const wanted = requiredTerms(pod, 'podAffinity', view);
  const single = [...requiredTerms(pod, 'podAntiAffinity', view), ...wishesOf(pod, view).map(({ term }) => term)];
  return [...(wanted.length === 0 ? [] : [sortOf(wanted)]), ...single.map((term) => sortOf([term]))];
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
  const own = wishesOf(pod, view);
  if (ignoresOthers && own.length === 0) return null;
  for (const { term, weight } of own) add(term, view.count(sortOf([term])), weight);
  for (const group of view.affinityGroups()) {
    const { requires, wishes } = termsOf(group, view);
    if (hardWeight > 0) for (const term of requires) if (term.matches(pod)) add(term, group.placed, hardWeight);
    for (const { term, weight } of wishes) if (term.matches(pod)) add(term, group.placed, weight);
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

// upstream: isSchedulableAfterNodeChange, isSchedulableAfterPodChange
function mayHelp(pod: Pod, event: ClusterEvent, view: ClusterView): boolean {
  switch (event.resource) {
    case 'UnscheduledPod':
      return !equal(event.next?.metadata.labels, event.previous?.metadata.labels);
    case 'Node':
      return event.next !== undefined && nodeMayHelp(pod, event.next, event.previous);
    case 'AssignedPod':
      return podMayHelp(pod, event.next, event.previous, view);
    default:
      return false;
  }
}

function podMayHelp(pod: Pod, next: Pod | undefined, previous: Pod | undefined, view: ClusterView): boolean {
  const wanted = requiredTerms(pod, 'podAffinity', view);
  const unwanted = requiredTerms(pod, 'podAntiAffinity', view);
  const isWanted = (other: Pod | undefined): boolean =>
    other !== undefined && wanted.length > 0 && wanted.every(({ matches }) => matches(other));
  const isUnwanted = (other: Pod): boolean => unwanted.some(({ matches }) => matches(other));
  if (isWanted(next) && !isWanted(previous)) return true;
  if (previous === undefined || !isUnwanted(previous)) return next === undefined && previous !== undefined && repels(previous, pod, view);
  return next === undefined || !isUnwanted(next);
}

function repels(other: Pod, pod: Pod, view: ClusterView): boolean {
  return requiredTerms(other, 'podAntiAffinity', view).some(({ matches }) => matches(pod));
}

/** The node came to a domain that is wanted, or left one that may be closed. */
function nodeMayHelp(pod: Pod, next: Node, previous: Node | undefined): boolean {
  const keys = (side: Side): readonly string[] =>
    (pod.spec.affinity?.[side]?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(({ topologyKey }) => topologyKey);
  const value = (node: Node | undefined, key: string): string | undefined => node?.metadata.labels?.[key];
  if (keys('podAffinity').some((key) => value(next, key) !== undefined && value(next, key) !== value(previous, key))) return true;
  const closing = keys('podAntiAffinity');
  if (previous === undefined) return closing.length > 0;
  return closing.some((key) => value(previous, key) !== undefined && value(next, key) !== value(previous, key));
}
