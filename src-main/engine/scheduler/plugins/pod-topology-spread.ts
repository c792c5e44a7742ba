// Spreads pods over zones, hosts or any label of nodes: as a rule where the pod says so, as a wish by default.
// upstream: pkg/scheduler/framework/plugins/podtopologyspread (common.go, filtering.go, scoring.go, plugin.go)

import { equal } from '../../base/equal.ts';
import { naturalLogarithm } from '../../base/natural-logarithm.ts';
import type { Node } from '../../kinds/core/node.ts';
import { matchesRequiredNodeAffinity } from '../../kinds/core/node-selector.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { compileRequirements, type Labels } from '../../meta/labels.ts';
import { untoleratedTaint } from '../../meta/tolerations.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { NodeInfo } from '../node-info.ts';
import type { PodCount } from '../pod-count.ts';
import { type FilterPlan, type NodeFilter, type Rejection, SCORE_MAX, type SchedulerPlugin, type Scorer } from './plugin.ts';
import { type Constraint, constraintsOf, HOSTNAME, type SpreadDefaults, sortOf, sortsOf } from './spread-constraints.ts';

const name = 'PodTopologySpread';
const skewed: Rejection = { plugin: name, reasons: ["node(s) didn't match pod topology spread constraints"], resolvable: true };
const unlabelled: Rejection = {
  plugin: name,
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  resolvable: false,
};

export const podTopologySpread: SchedulerPlugin = podTopologySpreadWith(null);

/** `defaults`: for pods that state no constraints; null: upstream's own. upstream: PodTopologySpreadArgs */
export function podTopologySpreadWith(defaults: SpreadDefaults): SchedulerPlugin {
  return {
    name: 'PodTopologySpread',
    sorts: (pod, view) => sortsOf(pod, view, defaults),
    planFilter: (pod, view) => planFilter(pod, view, defaults),
    weight: 2,
    planScore: (pod, feasible, view) => planScore(pod, feasible, view, defaults),
    mayHelp: (pod, event, view) => mayHelp(pod, event, view, defaults),
  };
}

/** Pods that already spread: `inDomain` by value of the topology label over the nodes that count. */
interface Counted {
  readonly constraint: Constraint;
  readonly pods: PodCount | null;
}

function planFilter(pod: Pod, view: ClusterView, defaults: SpreadDefaults): FilterPlan | null {
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
  const { topologyKey, maxSkew, minDomains } = constraint;
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
  const itself = selects(constraint, pod.metadata.labels) ? 1 : 0;
  return (node) => {
    const value = node.node.metadata.labels?.[topologyKey];
    if (value === undefined) return unlabelled;
    return (running.get(value) ?? 0) + itself - fewest > maxSkew ? skewed : null;
  };
}

function planScore(pod: Pod, feasible: readonly NodeInfo[], view: ClusterView, defaults: SpreadDefaults): Scorer | null {
  // upstream: requireAllTopologies is off for its own defaults alone
  const stated = (pod.spec.topologySpreadConstraints ?? []).length > 0 || defaults !== null;
  const constraints = constraintsOf(pod, 'ScheduleAnyway', view, defaults);
  if (constraints.length === 0) return null;
  const keys = constraints.map(({ topologyKey }) => topologyKey);
  // With the defaults a node without a zone is still spread by host.
  const ignored = (node: NodeInfo): boolean => !hasLabels(node, keys);
  const scored = stated ? feasible.filter((node) => !ignored(node)) : feasible;
  const terms = constraints.map((constraint) => {
    const pods = podsOf(pod, constraint, view);
    const { inDomain, weight } = domainsOf(pod, { constraint, pods }, scored, stated ? keys : []);
    return { constraint, pods, inDomain, weight };
  });
  return {
    score: (node) => {
      if (stated && ignored(node)) return INVALID;
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

// upstream: isSchedulableAfterNodeChange, isSchedulableAfterPodChange
function mayHelp(pod: Pod, event: ClusterEvent, view: ClusterView, defaults: SpreadDefaults): boolean {
  const { resource } = event;
  if (resource !== 'Node' && resource !== 'UnscheduledPod' && resource !== 'AssignedPod') return false;
  const constraints = constraintsOf(pod, 'DoNotSchedule', view, defaults);
  if (resource === 'Node') return nodeMayHelp(event.next, event.previous, constraints);
  const { next, previous } = event;
  if (resource === 'AssignedPod' && (next ?? previous)?.metadata.namespace !== pod.metadata.namespace) return false;
  if (next !== undefined && previous !== undefined) {
    const tolerates = resource === 'UnscheduledPod' && constraints.some(({ honorsTaints }) => honorsTaints);
    if (tolerates && !equal(next.spec.tolerations, previous.spec.tolerations)) return true;
    return constraints.some((constraint) => selects(constraint, next.metadata.labels) !== selects(constraint, previous.metadata.labels));
  }
  return constraints.some((constraint) => selects(constraint, (next ?? previous)?.metadata.labels));
}

/** A node that counts came, went, moved to another domain or has other taints. */
function nodeMayHelp(next: Node | undefined, previous: Node | undefined, constraints: readonly Constraint[]): boolean {
  const counts = (node: Node | undefined): boolean =>
    node !== undefined && constraints.every(({ topologyKey }) => node.metadata.labels?.[topologyKey] !== undefined);
  if (counts(next) !== counts(previous)) return true;
  if (next === undefined || previous === undefined || !counts(next)) return false;
  if (!equal(next.spec.taints, previous.spec.taints)) return true;
  return constraints.some(({ topologyKey }) => next.metadata.labels?.[topologyKey] !== previous.metadata.labels?.[topologyKey]);
}

function selects({ requirements }: Constraint, labels: Labels | undefined): boolean {
  return requirements !== null && compileRequirements(requirements)(labels);
}

function podsOf(pod: Pod, constraint: Constraint, view: ClusterView): PodCount | null {
  const sort = sortOf(pod, constraint);
  return sort === null ? null : view.count(sort);
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
