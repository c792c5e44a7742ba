// Spreads pods over zones, hosts or any label of nodes: as a rule where the pod says so, as a wish by default.
// upstream: pkg/scheduler/framework/plugins/podtopologyspread (common.go, filtering.go, scoring.go, plugin.go)

import type { TopologySpreadConstraint as OpenApiConstraint } from 'kubernetes-types/core/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { naturalLogarithm } from '../../base/natural-logarithm.ts';
import { matchesRequiredNodeAffinity } from '../../kinds/core/node-selector.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { requirementsOf } from '../../meta/label-selector.ts';
import { compileRequirements, type LabelRequirement, printRequirements, sortedByKey } from '../../meta/labels.ts';
import type { Value } from '../../meta/object.ts';
import { untoleratedTaint } from '../../meta/tolerations.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import { defaultRequirements } from '../default-selector.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodCount } from '../pod-count.ts';
import { type FilterPlan, type NodeFilter, type Rejection, SCORE_MAX, type SchedulerPlugin, type Scorer } from './plugin.ts';

export type SpreadConstraint = Value<OpenApiConstraint>;

const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

const name = 'PodTopologySpread';
const skewed: Rejection = { plugin: name, reasons: ["node(s) didn't match pod topology spread constraints"], resolvable: true };
const unlabelled: Rejection = {
  plugin: name,
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  resolvable: false,
};

export const podTopologySpread: SchedulerPlugin = podTopologySpreadWith(null);

/** `defaults`: for pods that state no constraints; null: upstream's own. upstream: PodTopologySpreadArgs */
export function podTopologySpreadWith(defaults: readonly SpreadConstraint[] | null): SchedulerPlugin {
  return {
    name: 'PodTopologySpread',
    planFilter: (pod, view) => planFilter(pod, view, defaults),
    weight: 2,
    planScore: (pod, feasible, view) => planScore(pod, feasible, view, defaults),
    mayHelp: (pod, event, view) => mayHelp(pod, event, view, defaults),
  };
}

/** A constraint with its selector made ready: null selects nothing. */
interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly requirements: readonly LabelRequirement[] | null;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

/** Pods that already spread: `inDomain` by value of the topology label over the nodes that count. */
interface Counted {
  readonly constraint: Constraint;
  readonly pods: PodCount | null;
}

function planFilter(pod: Pod, view: ClusterView, defaults: Defaults): FilterPlan | null {
  const constraints = constraintsOf(pod, 'DoNotSchedule', view, defaults);
  if (constraints.length === 0) return null;
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  const checks = constraints.map((constraint) => checkFor(pod, constraint, keys, view));
  return {
    filter: (node) => {
      for (const check of checks) {
        const rejection = check(node);
        if (rejection !== null) return rejection;
      }
      return null;
    },
  };
}

function checkFor(pod: Pod, constraint: Constraint, keys: readonly string[], view: ClusterView): NodeFilter {
  const { topologyKey, maxSkew, minDomains, requirements } = constraint;
  const counts = (node: NodeInfo): boolean => hasLabels(node, keys) && isIncluded(pod, constraint, node);
  const pods = podsOf(pod, constraint, view);
  const everyNodeCounts = isOpen(pod, constraint) && keys.every((key) => key === topologyKey || view.isEverywhere(key));
  const running = (everyNodeCounts ? pods?.byDomain(topologyKey) : pods?.byDomainWhere(topologyKey, counts)) ?? new Map<string, number>();
  let domains = 0;
  let fewest = Number.MAX_SAFE_INTEGER;
  for (const [value, nodes] of view.domains(topologyKey)) {
    if (!everyNodeCounts && !nodes.some(counts)) continue;
    domains += 1;
    fewest = Math.min(fewest, running.get(value) ?? 0);
  }
  if (domains < minDomains) fewest = 0;
  const itself = requirements !== null && compileRequirements(requirements)(pod.metadata.labels) ? 1 : 0;
  return (node) => {
    const value = node.node.metadata.labels?.[topologyKey];
    if (value === undefined) return unlabelled;
    return (running.get(value) ?? 0) + itself - fewest > maxSkew ? skewed : null;
  };
}

function planScore(pod: Pod, feasible: readonly NodeInfo[], view: ClusterView, defaults: Defaults): Scorer | null {
  // upstream: requireAllTopologies is off for its own defaults alone
  const stated = (pod.spec.topologySpreadConstraints ?? []).length > 0 || defaults !== null;
  const constraints = constraintsOf(pod, 'ScheduleAnyway', view, defaults);
  if (constraints.length === 0) return null;
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  // With the defaults a node without a zone is still spread by host.
  const ignored = (node: NodeInfo): boolean => stated && !hasLabels(node, keys);
  const scored = feasible.filter((node) => !ignored(node));
  const terms = constraints.map((constraint) => {
    const counted: Counted = { constraint, pods: podsOf(pod, constraint, view) };
    return { ...counted, ...domainsOf(pod, counted, scored, stated ? keys : []) };
  });
  return {
    score: (node) => {
      if (ignored(node)) return INVALID;
      let sum = 0;
      for (const { constraint, pods, inDomain, weight } of terms) {
        const value = node.node.metadata.labels?.[constraint.topologyKey];
        if (value === undefined) continue;
        const count = constraint.topologyKey === HOSTNAME ? (pods?.on(node) ?? 0) : (inDomain.get(value) ?? 0);
        sum += count * weight + (constraint.maxSkew - 1);
      }
      return Math.round(sum);
    },
    normalize,
  };
}

const INVALID = -1;

function normalize(scores: number[]): void {
  let least = Number.MAX_SAFE_INTEGER;
  let most = 0;
  for (const score of scores) {
    if (score === INVALID) continue;
    least = Math.min(least, score);
    most = Math.max(most, score);
  }
  for (let index = 0; index < scores.length; index += 1) {
    const score = scores[index] as number;
    if (score === INVALID) scores[index] = 0;
    else scores[index] = most === 0 ? SCORE_MAX : Math.trunc((SCORE_MAX * (most + least - score)) / most);
  }
}

/** Pods per domain, and the weight that keeps a label of few values from drowning in one of many. */
function domainsOf(
  pod: Pod,
  { constraint, pods }: Counted,
  scored: readonly NodeInfo[],
  keys: readonly string[],
): { readonly inDomain: ReadonlyMap<string, number>; readonly weight: number } {
  const { topologyKey } = constraint;
  if (topologyKey === HOSTNAME) return { inDomain: new Map(), weight: naturalLogarithm(scored.length + 2) };
  const values = new Set<string>();
  for (const { node } of scored) values.add(node.metadata.labels?.[topologyKey] ?? '');
  const everyNodeCounts = keys.length === 0 && isOpen(pod, constraint);
  const inDomain = everyNodeCounts
    ? pods?.byDomain(topologyKey)
    : pods?.byDomainWhere(topologyKey, (node) => hasLabels(node, keys) && isIncluded(pod, constraint, node));
  return { inDomain: inDomain ?? new Map(), weight: naturalLogarithm(values.size + 2) };
}

function mayHelp(pod: Pod, event: ClusterEvent, view: ClusterView, defaults: Defaults): boolean {
  if (event.resource === 'Node') return !equal(event.next?.metadata.labels, event.previous?.metadata.labels);
  if (event.resource === 'UnscheduledPod') return !equal(event.next?.metadata.labels, event.previous?.metadata.labels);
  if (event.resource !== 'AssignedPod') return false;
  const changed = event.next ?? event.previous;
  if (changed === undefined || changed.metadata.namespace !== pod.metadata.namespace) return false;
  return constraintsOf(pod, 'DoNotSchedule', view, defaults).some(({ requirements }) => {
    if (requirements === null) return false;
    const matches = compileRequirements(requirements);
    return matches(event.next?.metadata.labels) || matches(event.previous?.metadata.labels);
  });
}

type Defaults = readonly SpreadConstraint[] | null;

function constraintsOf(
  pod: Pod,
  when: SpreadConstraint['whenUnsatisfiable'],
  view: ClusterView,
  defaults: Defaults,
): readonly Constraint[] {
  const { topologySpreadConstraints: stated = [] } = pod.spec;
  if (stated.length > 0) return prepared(pod, stated, when, null);
  if (defaults === null) return when === 'ScheduleAnyway' ? systemConstraints(pod, view) : [];
  if (!defaults.some(({ whenUnsatisfiable }) => whenUnsatisfiable === when)) return [];
  const requirements = defaultRequirements(pod, view);
  return requirements.length === 0 ? [] : prepared(pod, defaults, when, requirements);
}

/** `requirements`: those of all constraints, in place of their own selectors. */
function prepared(
  pod: Pod,
  constraints: readonly SpreadConstraint[],
  when: SpreadConstraint['whenUnsatisfiable'],
  requirements: readonly LabelRequirement[] | null,
): readonly Constraint[] {
  const wanted = constraints.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === when);
  return wanted.map((constraint) => ({
    topologyKey: constraint.topologyKey,
    maxSkew: constraint.maxSkew,
    minDomains: constraint.minDomains ?? 1,
    requirements: requirements ?? requirementsFor(pod, constraint),
    honorsAffinity: (constraint.nodeAffinityPolicy ?? 'Honor') === 'Honor',
    honorsTaints: (constraint.nodeTaintsPolicy ?? 'Ignore') === 'Honor',
  }));
}

function requirementsFor(pod: Pod, { labelSelector, matchLabelKeys = [] }: SpreadConstraint): readonly LabelRequirement[] | null {
  if (labelSelector === undefined) return null;
  const { value } = requirementsOf(labelSelector);
  if (value === undefined) return null;
  const own = matchLabelKeys.flatMap((key): LabelRequirement[] => {
    const label = pod.metadata.labels?.[key];
    return label === undefined ? [] : [{ key, operator: 'in', values: [label] }];
  });
  return [...value, ...own];
}

// upstream: plugin.go systemDefaultConstraints
function systemConstraints(pod: Pod, view: ClusterView): readonly Constraint[] {
  const requirements = defaultRequirements(pod, view);
  if (requirements.length === 0) return [];
  const base = { minDomains: 1, requirements, honorsAffinity: true, honorsTaints: false };
  return [
    { ...base, topologyKey: HOSTNAME, maxSkew: 3 },
    { ...base, topologyKey: ZONE, maxSkew: 5 },
  ];
}

function podsOf(pod: Pod, { requirements }: Constraint, view: ClusterView): PodCount | null {
  if (requirements === null) return null;
  const { namespace } = pod.metadata;
  const sorted = sortedByKey(requirements);
  const matches = compileRequirements(sorted);
  return view.count(
    `spread ${namespace} ${printRequirements(sorted)}`,
    ({ metadata }) => metadata.namespace === namespace && metadata.deletionTimestamp === undefined && matches(metadata.labels),
  );
}

function isIncluded(pod: Pod, { honorsAffinity, honorsTaints }: Constraint, { node }: NodeInfo): boolean {
  if (honorsAffinity && !matchesRequiredNodeAffinity(pod, node)) return false;
  if (!honorsTaints) return true;
  const forbids = ({ effect }: { readonly effect: string }): boolean => effect === 'NoSchedule' || effect === 'NoExecute';
  return untoleratedTaint(node.spec.taints ?? [], pod.spec.tolerations ?? [], forbids) === undefined;
}

/** Does no node fall out by what the pod says of nodes, or by taints? */
function isOpen(pod: Pod, { honorsAffinity, honorsTaints }: Constraint): boolean {
  return !honorsTaints && (!honorsAffinity || isFree(pod));
}

function isFree({ spec }: Pod): boolean {
  return spec.nodeSelector === undefined && spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution === undefined;
}

function hasLabels({ node }: NodeInfo, keys: readonly string[]): boolean {
  return keys.every((key) => node.metadata.labels?.[key] !== undefined);
}
