// Suites of the scheduler: each hands its pods and nodes to one plugin, the very one that the lab's scheduler runs.

import { Random } from '../../../engine/base/random.ts';
import type { Namespace } from '../../../engine/kinds/core/namespace.ts';
import type { Node } from '../../../engine/kinds/core/node.ts';
import { matchesRequiredNodeAffinity, type PreferredSchedulingTerm } from '../../../engine/kinds/core/node-selector.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import type { Service } from '../../../engine/kinds/core/service.ts';
import type { PodDisruptionBudget } from '../../../engine/kinds/policy/pod-disruption-budget.ts';
import type { Listers } from '../../../engine/scheduler/cluster-view.ts';
import { disruptionBudget } from '../../../engine/scheduler/disruption-budget.ts';
import type { NodeInfo } from '../../../engine/scheduler/node-info.ts';
import { type ShapePoint, scoreOnLine } from '../../../engine/scheduler/plugins/broken-line.ts';
import { imageLocality } from '../../../engine/scheduler/plugins/image-locality.ts';
import { interPodAffinity, planAffinityScore } from '../../../engine/scheduler/plugins/inter-pod-affinity.ts';
import { nodeAffinity } from '../../../engine/scheduler/plugins/node-affinity.ts';
import { nodeName } from '../../../engine/scheduler/plugins/node-name.ts';
import { nodePorts } from '../../../engine/scheduler/plugins/node-ports.ts';
import { balancedAllocation } from '../../../engine/scheduler/plugins/node-resources-balanced-allocation.ts';
import { fitDefaults, resourcesFit, shortages } from '../../../engine/scheduler/plugins/node-resources-fit.ts';
import { nodeUnschedulable } from '../../../engine/scheduler/plugins/node-unschedulable.ts';
import type { Rejection, SchedulerPlugin } from '../../../engine/scheduler/plugins/plugin.ts';
import { podTopologySpread } from '../../../engine/scheduler/plugins/pod-topology-spread.ts';
import { plugins } from '../../../engine/scheduler/plugins/registry.ts';
import type { ScoringStrategy } from '../../../engine/scheduler/plugins/resource-score.ts';
import { taintToleration } from '../../../engine/scheduler/plugins/taint-toleration.ts';
import { podFootprint } from '../../../engine/scheduler/pod-footprint.ts';
import { type Candidate, preempt, selectVictims } from '../../../engine/scheduler/preemption.ts';
import { compareWhole } from './compare.ts';
import type { SuiteRunner } from './run-conformance.ts';
import {
  type Answers,
  inDefault,
  type Loose,
  listerOf,
  type ManyNodes,
  type OneNode,
  oneNode,
  scoreOf,
  viewOf,
  wholePod,
} from './scheduling-case.ts';
import { volumeSuites } from './scheduling-volumes.ts';

interface SpreadCase extends ManyNodes {
  readonly unfitNodes?: readonly Loose<Node>[];
  readonly services?: readonly Service[];
}

interface AffinityCase extends ManyNodes {
  readonly namespaces?: readonly Namespace[];
  readonly hardPodAffinityWeight?: number;
}

interface PreemptionCase extends ManyNodes {
  readonly unresolvableNodes?: readonly string[];
  readonly pdbs?: readonly PodDisruptionBudget[];
}

interface FitCase extends OneNode {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
}

interface ResourceScoreCase extends ManyNodes {
  readonly strategy: Partial<Omit<ScoringStrategy, 'type'>> & { readonly type: ScoringStrategy['type'] | 'Balanced' };
}

export const schedulerSuites: Readonly<Record<string, SuiteRunner>> = {
  'scheduler.fit': ({ pod, node, existingPods, ignoredResources = [], ignoredResourceGroups = [] }: FitCase) => {
    const { info } = oneNode({ pod, ...(node && { node }), ...(existingPods && { existingPods }) });
    const short = shortages(podFootprint(wholePod(pod)).requests, info, { ignoredResources, ignoredResourceGroups });
    const insufficient = short.filter(({ resource }) => resource !== 'pods');
    return {
      fits: short.length === 0,
      reasons: short.map(({ reason }) => reason),
      insufficient: insufficient.map(({ resource, requested, used, capacity }) => ({ resource, requested, used, capacity })),
    };
  },
  'scheduler.score-resources': ({ strategy, ...given }: ResourceScoreCase) => {
    const { type, resources = [], shape = [] } = strategy;
    if (type !== 'Balanced') return scoreOf(resourcesFit({ ...fitDefaults, scoringStrategy: { type, resources, shape } }), given);
    const plugin = balancedAllocation(resources);
    const skips = plugin.planScore?.(wholePod(given.pod), [], viewOf(given.nodes, [])) == null;
    return skips ? { scores: null } : scoreOf(plugin, given);
  },
  'scheduler.shape': ({ points, at }: { points: readonly ShapePoint[]; at: number }) => ({ score: scoreOnLine(points, at) }),
  'scheduler.taints': filterOf(taintToleration),
  'scheduler.unschedulable': filterOf(nodeUnschedulable),
  'scheduler.node-name': filterOf(nodeName),
  'scheduler.node-ports': filterOf(nodePorts),
  'scheduler.node-affinity': ({ pod, node }: { pod: Loose<Pod>; node: Node }) => ({
    matches: matchesRequiredNodeAffinity(wholePod(pod), node),
  }),
  'scheduler.node-affinity-score': ({
    addedPreferred = [],
    ...given
  }: ManyNodes & { addedPreferred?: readonly PreferredSchedulingTerm[] }) =>
    scoreOf(nodeAffinity, { ...given, pod: withPreferred(wholePod(given.pod), addedPreferred) }),
  'scheduler.taints-score': (given: ManyNodes) => scoreOf(taintToleration, given),
  'scheduler.topology-spread': (given: ManyNodes) => ({ reasons: reasonsOf(podTopologySpread, given) }),
  'scheduler.topology-spread-score': ({ unfitNodes = [], services = [], ...given }: SpreadCase) =>
    scoreOf(podTopologySpread, given, { services: listerOf(services.map(inDefault)) }, unfitNodes),
  'scheduler.inter-pod-affinity': ({ namespaces = [], ...given }: AffinityCase) => ({
    reasons: reasonsOf(interPodAffinity, given, { namespaces: listerOf(namespaces) }),
  }),
  'scheduler.inter-pod-affinity-score': ({ namespaces = [], hardPodAffinityWeight = 1, ...given }: AffinityCase) => {
    const planScore: SchedulerPlugin['planScore'] = (pod, _feasible, view) => planAffinityScore(pod, view, hardPodAffinityWeight);
    const plugin = { name: 'InterPodAffinity', planScore };
    return scoreOf(plugin, given, { namespaces: listerOf(namespaces) }, [], null);
  },
  'scheduler.preemption-victims': ({ pod, nodes, existingPods = [], pdbs = [] }: PreemptionCase) => {
    const world = {
      view: viewOf(nodes, existingPods),
      plugins,
      budgets: pdbs.map((budget) => disruptionBudget(inDefault(budget))),
      random: Random.seeded(1),
      promised: null,
    };
    const found = nodes.map(({ metadata }) => selectVictims(wholePod(pod), world.view.node(metadata.name) as NodeInfo, world));
    const candidates = found.flatMap((candidate) => ('victims' in candidate ? [shownCandidate(candidate)] : []));
    return { candidates: candidates.toSorted((a, b) => (a.node < b.node ? -1 : 1)) };
  },
  'scheduler.preemption': {
    run: ({ pod, nodes, existingPods = [], unresolvableNodes = [], pdbs = [] }: PreemptionCase) => {
      const budgets = pdbs.map((budget) => disruptionBudget(inDefault(budget)));
      const world = { view: viewOf(nodes, existingPods), plugins, budgets, random: Random.seeded(1), promised: null };
      const rejection = (resolvable: boolean): Rejection => ({ plugin: '', reasons: [], resolvable });
      const byNode = new Map(nodes.map(({ metadata: { name } }) => [name, rejection(!unresolvableNodes.includes(name))]));
      const diagnosis = { nodesTotal: nodes.length, beforehand: null, byNode, absent: null, plugins: [] };
      const { candidate, message } = preempt(wholePod(pod), diagnosis, world);
      return { nominated: candidate?.node ?? null, message: message === '' ? null : message };
    },
    compare: (actual, expected) => {
      const { nominated, message } = actual as { nominated: string | null; message: string | null };
      const wanted = expected as { nominated: readonly string[]; message: string | null };
      const right = nominated === null ? wanted.nominated.length === 0 : wanted.nominated.includes(nominated);
      return [
        ...(right ? [] : [`nominated: expected one of [${wanted.nominated.join()}], got ${nominated}`]),
        ...compareWhole(message, wanted.message),
      ];
    },
  },
  'scheduler.image-locality': (given: ManyNodes) => scoreOf(imageLocality, given),
  ...volumeSuites,
};

function filterOf(plugin: SchedulerPlugin): SuiteRunner {
  return (given: OneNode) => {
    const { view, info } = oneNode(given);
    const plan = plugin.planFilter?.(wholePod(given.pod), view) ?? null;
    const rejection = plan === null ? null : 'rejection' in plan ? plan.rejection : plan.filter(info);
    return { fits: rejection === null, reason: rejection?.reasons.join(', ') ?? null };
  };
}

function shownCandidate({ node, victims, violations }: Candidate): { node: string; victims: readonly string[]; pdbViolations: number } {
  return { node, victims: victims.map(({ metadata }) => metadata.name).sort(), pdbViolations: violations };
}

function reasonsOf(plugin: SchedulerPlugin, { pod, nodes, existingPods = [] }: ManyNodes, listers: Partial<Listers> = {}): Answers<string> {
  const view = viewOf(nodes, existingPods, listers);
  const plan = plugin.planFilter?.(wholePod(pod), view) ?? null;
  const reason = (node: Loose<Node>): string | null => {
    if (plan === null) return null;
    const rejection = 'rejection' in plan ? plan.rejection : plan.filter(view.node(node.metadata.name) as NodeInfo);
    return rejection?.reasons.join(', ') ?? null;
  };
  return Object.fromEntries(nodes.map((node) => [node.metadata.name, reason(node)]));
}

function withPreferred(pod: Pod, added: readonly PreferredSchedulingTerm[]): Pod {
  const { nodeAffinity: affinity } = pod.spec.affinity ?? {};
  const terms = [...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []), ...added];
  const next = { ...affinity, preferredDuringSchedulingIgnoredDuringExecution: terms };
  return { ...pod, spec: { ...pod.spec, affinity: { ...pod.spec.affinity, nodeAffinity: next } } };
}
