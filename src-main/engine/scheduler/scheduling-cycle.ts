// One pod, one decision: which nodes will do, which of them is best, or why none.
// upstream: pkg/scheduler/schedule_one.go schedulePod, findNodesThatFitPod, prioritizeNodes, selectHost
import type { Steps } from '../base/in-one-go.ts';
import type { Random } from '../base/random.ts';
import type { Pod } from '../kinds/core/pod.ts';
import type { ClusterView } from './cluster-view.ts';
import type { Diagnosis } from './fit-error.ts';
import { firstRejection, type NodeAnswers } from './node-answers.ts';
import type { NodeInfo } from './node-info.ts';
import type { NodeFilter, Rejection, SchedulerPlugin, Scorer } from './plugins/plugin.ts';
import type { Profile } from './profile.ts';

export interface CycleState {
  /** Where the next pod's search begins, so that all nodes have their turn. */
  nextStartNodeIndex: number;
}

export interface Decision {
  readonly node: NodeInfo | null;
  /** Set when no node will do. */
  readonly diagnosis: Diagnosis | null;
  /** Set when a plugin failed: nothing was found out. */
  readonly failure?: string;
  /** How many nodes were looked at. */
  readonly evaluated: number;
}

/** `promised`: what room kept for other pods has to say about a node; `preferred`: the node that room was made on for this pod. */
export function decide(
  pod: Pod,
  view: ClusterView,
  { plugins, percentageOfNodesToScore }: Pick<Profile, 'plugins' | 'percentageOfNodesToScore'>,
  state: CycleState,
  random: Random,
  promised: NodeFilter | null = null,
  preferred: string | null = null,
): Decision {
  const all = view.nodes();
  const plan = planFilters(pod, view, plugins);
  if ('rejection' in plan) {
    const { rejection } = plan;
    if (rejection.failed) return failedBy(rejection, 'PreFilter', 0);
    const diagnosis = { nodesTotal: all.length, beforehand: rejection, byNode: new Map(), absent: rejection, plugins: [rejection.plugin] };
    return { node: null, diagnosis, evaluated: 0 };
  }
  const { nodeNames, narrowedBy } = plan;
  const answers = view.answers.of(pod, view, plan.local, plugins);
  const others = promised === null ? plan.others : [...plan.others, promised];
  const reject: NodeFilter = (node) => answers.rejection(node) ?? firstRejection(others, node);
  const own = preferred === null ? undefined : view.node(preferred);
  if (own !== undefined && (nodeNames?.has(own.name) ?? true) && reject(own) === null) return { node: own, diagnosis: null, evaluated: 1 };
  const candidates = nodeNames === null ? all : all.filter(({ name }) => nodeNames.has(name));
  const { feasible, byNode, failed } = findFeasible(candidates, reject, state.nextStartNodeIndex, percentageOfNodesToScore);
  const evaluated = feasible.length + byNode.size;
  if (failed !== null) return failedBy(failed, 'Filter', evaluated);
  state.nextStartNodeIndex = all.length === 0 ? 0 : (state.nextStartNodeIndex + evaluated) % all.length;
  if (feasible.length === 0) {
    const absent = nodeNames === null ? null : outside(narrowedBy);
    const rejecting = new Set([...narrowedBy, ...[...byNode.values()].map(({ plugin }) => plugin)]);
    const diagnosis = { nodesTotal: all.length, beforehand: null, byNode, absent, plugins: [...rejecting].sort() };
    return { node: null, diagnosis, evaluated };
  }
  return { node: best(pod, feasible, answers, view, plugins, random), diagnosis: null, evaluated };
}

/** Counts in steps what the plugins will ask about the pod; null: pods of this specification were counted before. */
export function countBeforehand(pod: Pod, view: ClusterView, plugins: readonly SchedulerPlugin[]): Steps | null {
  if (view.countedFor.has(pod.spec)) return null;
  view.countedFor.add(pod.spec);
  return view.countInSteps(plugins.flatMap(({ sorts }) => sorts?.(pod, view) ?? []));
}

/** The filters that have something to check about the pod, in order. */
export function planFilters(
  pod: Pod,
  view: ClusterView,
  plugins: readonly SchedulerPlugin[],
): FilterPlans | { readonly rejection: Rejection } {
  const filters: NodeFilter[] = [];
  const local: NodeFilter[] = [];
  const others: NodeFilter[] = [];
  const narrowedBy: string[] = [];
  let nodeNames: ReadonlySet<string> | null = null;
  for (const { name, planFilter, local: isLocal } of plugins) {
    const plan = planFilter?.(pod, view) ?? null;
    if (plan === null) continue;
    if ('rejection' in plan) return plan;
    filters.push(plan.filter);
    // The first objection is the one that is told: what comes after a plugin with a wider view must wait for it.
    if (isLocal === true && others.length === 0) local.push(plan.filter);
    else others.push(plan.filter);
    if (plan.nodeNames === undefined) continue;
    narrowedBy.push(name);
    nodeNames = both(nodeNames, plan.nodeNames);
  }
  return { filters, local, others, nodeNames, narrowedBy };
}

function both(a: ReadonlySet<string> | null, b: ReadonlySet<string>): ReadonlySet<string> {
  return a === null ? b : new Set([...b].filter((name) => a.has(name)));
}

export interface FilterPlans {
  readonly filters: readonly NodeFilter[];
  /** The first of them, whose answers hold until a node changes, and the rest. */
  readonly local: readonly NodeFilter[];
  readonly others: readonly NodeFilter[];
  /** Plugins said beforehand that only these nodes count; null: all do. */
  readonly nodeNames: ReadonlySet<string> | null;
  readonly narrowedBy: readonly string[];
}

interface Feasibility {
  readonly feasible: readonly NodeInfo[];
  readonly byNode: ReadonlyMap<string, Rejection>;
  /** A plugin failed; nobody was asked after it. */
  readonly failed: Rejection | null;
}

function findFeasible(nodes: readonly NodeInfo[], reject: NodeFilter, start: number, percentage: number): Feasibility {
  const wanted = nodesToFind(nodes.length, percentage);
  const feasible: NodeInfo[] = [];
  const byNode = new Map<string, Rejection>();
  for (let step = 0; step < nodes.length && feasible.length < wanted; step += 1) {
    const node = nodes[(start + step) % nodes.length] as NodeInfo;
    const rejection = reject(node);
    if (rejection === null) feasible.push(node);
    else if (rejection.failed) return { feasible, byNode, failed: rejection };
    else byNode.set(node.name, rejection);
  }
  return { feasible, byNode, failed: null };
}

// upstream: framework/runtime RunPreFilterPlugins, runFilterPlugin
function failedBy({ plugin, reasons }: Rejection, step: 'PreFilter' | 'Filter', evaluated: number): Decision {
  const failure = `running ${step === 'Filter' ? `"${plugin}" filter plugin` : `PreFilter plugin "${plugin}"`}: ${reasons.join(', ')}`;
  return { node: null, diagnosis: null, failure, evaluated };
}

const NODES_MIN = 100;
const PERCENTAGE_MIN = 5;

/** In a large cluster a part of the feasible nodes is good enough; `given` 0: the larger, the smaller a part. upstream: numFeasibleNodesToFind */
export function nodesToFind(nodes: number, given = 0): number {
  if (nodes < NODES_MIN) return nodes;
  const percentage = given > 0 ? given : Math.max(50 - Math.trunc(nodes / 125), PERCENTAGE_MIN);
  return Math.max(Math.trunc((nodes * percentage) / 100), NODES_MIN);
}

/** For nodes that plugins ruled out beforehand. */
export function outside(narrowedBy: readonly string[]): Rejection {
  return { plugin: '', reasons: [`node(s) didn't satisfy plugin(s) [${[...narrowedBy].sort().join(' ')}]`], resolvable: false };
}

function best(
  pod: Pod,
  feasible: readonly NodeInfo[],
  answers: NodeAnswers,
  view: ClusterView,
  plugins: readonly SchedulerPlugin[],
  random: Random,
): NodeInfo {
  if (feasible.length === 1) return feasible[0] as NodeInfo;
  const totals = totalScores(pod, feasible, answers, view, plugins);
  let highest = Number.NEGATIVE_INFINITY;
  let ties = 0;
  let selected = 0;
  for (let index = 0; index < totals.length; index += 1) {
    const total = totals[index] as number;
    if (total < highest) continue;
    if (total > highest) {
      highest = total;
      ties = 1;
      selected = index;
    } else {
      // Each of n equals wins with a chance of 1/n.
      ties += 1;
      if (random.below(ties) === 0) selected = index;
    }
  }
  return feasible[selected] as NodeInfo;
}

/** Weighted sums of all plugins' scores, by position in `feasible`. */
function totalScores(
  pod: Pod,
  feasible: readonly NodeInfo[],
  answers: NodeAnswers,
  view: ClusterView,
  plugins: readonly SchedulerPlugin[],
): readonly number[] {
  const totals = feasible.map((node) => answers.sum(node));
  const scores = new Array<number>(feasible.length).fill(0);
  for (const { scorer, weight, scores: known } of answers.relative) {
    for (let index = 0; index < feasible.length; index += 1) scores[index] = known[(feasible[index] as NodeInfo).position] as number;
    addScores(totals, scores, scorer, weight, feasible);
  }
  for (const { local, planScore, weight = 1 } of plugins) {
    const scorer = local === true ? null : (planScore?.(pod, feasible, view) ?? null);
    if (scorer === null) continue;
    for (let index = 0; index < feasible.length; index += 1) scores[index] = scorer.score(feasible[index] as NodeInfo);
    addScores(totals, scores, scorer, weight, feasible);
  }
  return totals;
}

function addScores(totals: number[], scores: number[], scorer: Scorer, weight: number, feasible: readonly NodeInfo[]): void {
  scorer.normalize?.(scores, feasible);
  for (let index = 0; index < totals.length; index += 1) totals[index] = (totals[index] as number) + weight * (scores[index] as number);
}
