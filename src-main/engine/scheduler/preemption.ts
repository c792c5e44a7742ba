// Makes room for a pod by taking pods of lower priority away: on which node that helps, whom it costs, and which node is the mildest choice.
// upstream: pkg/scheduler/framework/preemption/preemption.go, framework/plugins/defaultpreemption/default_preemption.go
import type { Random } from '../base/random.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { keyOf } from '../meta/object.ts';
import type { ClusterView } from './cluster-view.ts';
import type { DisruptionBudget } from './disruption-budget.ts';
import { addCount, type Diagnosis, preemptionText } from './fit-error.ts';
import { firstRejection } from './node-answers.ts';
import type { NodeInfo } from './node-info.ts';
import type { Rejection, SchedulerPlugin } from './plugins/plugin.ts';
import type { CandidateLimits } from './profile.ts';
import { planFilters } from './scheduling-cycle.ts';

export interface Candidate {
  readonly node: string;
  /** Most important first. */
  readonly victims: readonly Pod[];
  /** Victims whose loss breaks a budget. */
  readonly violations: number;
}

export interface PreemptionOutcome {
  readonly candidate: Candidate | null;
  /** The closing part of the FailedScheduling sentence; '' when there is a candidate. */
  readonly message: string;
}

export interface PreemptionWorld {
  readonly view: ClusterView;
  readonly plugins: readonly SchedulerPlugin[];
  readonly budgets: readonly DisruptionBudget[];
  readonly random: Random;
  /** What those that were promised room on a node object to; null: nobody was. */
  readonly promised: ((node: NodeInfo) => Rejection | null) | null;
  readonly candidates?: CandidateLimits;
}

const NOT_HELPFUL = 'Preemption is not helpful for scheduling';
const NO_VICTIMS = 'No preemption victims found for incoming pod';
const defaultLimits: CandidateLimits = { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100 };
const START_UNKNOWN = '\uffff';

export function preempt(pod: Pod, diagnosis: Diagnosis, world: PreemptionWorld): PreemptionOutcome {
  if (pod.spec.preemptionPolicy === 'Never') return { candidate: null, message: 'preemption: not eligible due to preemptionPolicy=Never.' };
  const { view, random, candidates: limits = defaultLimits } = world;
  const nodes = view.nodes();
  const potential = nodes.filter(({ name }) => (diagnosis.byNode.get(name) ?? diagnosis.absent)?.resolvable === true);
  const counts = new Map<string, number>();
  addCount(counts, NOT_HELPFUL, nodes.length - potential.length);
  const candidates: Candidate[] = [];
  const share = Math.trunc((potential.length * limits.minCandidateNodesPercentage) / 100);
  const wanted = Math.max(share, limits.minCandidateNodesAbsolute);
  // Nobody is asked in vain: chance is drawn only where there is a choice.
  const offset = potential.length > wanted ? random.below(potential.length) : 0;
  for (let step = 0; step < potential.length && candidates.length < wanted; step += 1) {
    const found = selectVictims(pod, potential[(offset + step) % potential.length] as NodeInfo, world);
    if ('victims' in found) candidates.push(found);
    else for (const reason of found.reasons) addCount(counts, reason, 1);
  }
  const candidate = pickCandidate(candidates);
  if (candidate !== null) return { candidate, message: '' };
  if (counts.get(NOT_HELPFUL) === 0) counts.delete(NOT_HELPFUL);
  return { candidate: null, message: preemptionText(diagnosis.nodesTotal, counts) };
}

/** The pods that must go for the pod to fit, or why it does not fit even without all lesser ones. The view is as before when it returns. */
export function selectVictims(
  pod: Pod,
  node: NodeInfo,
  { view, plugins, budgets, promised }: PreemptionWorld,
): Candidate | Pick<Rejection, 'reasons'> {
  const rejected = (): Rejection | null => objection(pod, node, view, plugins) ?? promised?.(node) ?? null;
  const lesser = [...node.pods.values()].filter((other) => priorityOf(other) < priorityOf(pod));
  if (lesser.length === 0) return { reasons: [NO_VICTIMS] };
  for (const other of lesser) view.removePod(keyOf(other));
  const rejection = rejected();
  const victims: Pod[] = [];
  let violations = 0;
  if (rejection === null) {
    const { violating, others } = byBudget(lesser.toSorted(byImportance), budgets);
    for (const other of [...violating, ...others]) {
      view.setPod(other, node.name);
      if (rejected() === null) continue;
      view.removePod(keyOf(other));
      victims.push(other);
      if (violating.includes(other)) violations += 1;
    }
    for (const victim of victims) view.setPod(victim, node.name);
  } else for (const other of lesser) view.setPod(other, node.name);
  return rejection ?? { node: node.name, victims: victims.toSorted(byImportance), violations };
}

/** The mildest: each rule decides among those the rules before left. upstream: pickOneNodeForPreemption */
export function pickCandidate(candidates: readonly Candidate[]): Candidate | null {
  let left = candidates;
  const rules: readonly ((candidate: Candidate) => number | string)[] = [
    ({ violations }) => violations,
    ({ victims }) => Math.max(...victims.map(priorityOf), Number.NEGATIVE_INFINITY),
    // Shifted, so that a negative priority counts as something lost.
    ({ victims }) => victims.reduce((sum, victim) => sum + priorityOf(victim) + 2 ** 31, 0),
    ({ victims }) => victims.length,
  ];
  for (const rule of rules) left = least(left, rule);
  return latestStart(left);
}

export function priorityOf({ spec }: Pod): number {
  return spec.priority ?? 0;
}

/** What stands between the pod and the node. */
export function objection(pod: Pod, node: NodeInfo, view: ClusterView, plugins: readonly SchedulerPlugin[]): Rejection | null {
  const plan = planFilters(pod, view, plugins);
  return 'rejection' in plan ? plan.rejection : firstRejection(plan.filters, node);
}

function least(candidates: readonly Candidate[], rule: (candidate: Candidate) => number | string): readonly Candidate[] {
  const values = candidates.map(rule);
  let lowest = values[0];
  for (const value of values) if (lowest === undefined || value < lowest) lowest = value;
  return candidates.filter((_candidate, index) => values[index] === lowest);
}

/** The node whose most important victims have run for the shortest time. */
function latestStart(candidates: readonly Candidate[]): Candidate | null {
  let best: Candidate | null = null;
  let bestStart = '';
  for (const candidate of candidates) {
    const highest = Math.max(...candidate.victims.map(priorityOf));
    const starts = candidate.victims.filter((victim) => priorityOf(victim) === highest).map(startOf);
    const earliest = starts.sort()[0] ?? START_UNKNOWN;
    if (best === null || earliest > bestStart) {
      best = candidate;
      bestStart = earliest;
    }
  }
  return best;
}

// upstream: util.MoreImportantPod
function byImportance(a: Pod, b: Pod): number {
  const [startA, startB] = [startOf(a), startOf(b)];
  return priorityOf(b) - priorityOf(a) || (startA < startB ? -1 : startA > startB ? 1 : 0) || (keyOf(a) < keyOf(b) ? -1 : 1);
}

function startOf({ status }: Pod): string {
  return status.startTime ?? START_UNKNOWN;
}

// upstream: filterPodsWithPDBViolation
function byBudget(pods: readonly Pod[], budgets: readonly DisruptionBudget[]): { readonly violating: Pod[]; readonly others: Pod[] } {
  const left = budgets.map(({ disruptionsAllowed }) => disruptionsAllowed);
  const violating: Pod[] = [];
  const others: Pod[] = [];
  for (const pod of pods) {
    let violates = false;
    for (const [index, { covers }] of budgets.entries()) {
      if (!covers(pod)) continue;
      left[index] = (left[index] ?? 0) - 1;
      if ((left[index] ?? 0) < 0) violates = true;
    }
    (violates ? violating : others).push(pod);
  }
  return { violating, others };
}
