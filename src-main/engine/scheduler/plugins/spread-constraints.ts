// What a pod says of its spreading, made ready to ask: its own constraints, or the defaults with a selector deduced from what the pod belongs to.
// upstream: pkg/scheduler/framework/plugins/podtopologyspread/common.go, plugin.go getConstraints
import type { TopologySpreadConstraint as OpenApiConstraint } from 'kubernetes-types/core/v1.d.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { requirementsOf } from '../../meta/label-selector.ts';
import { compileRequirements, type LabelMatcher, type LabelRequirement, printRequirements, sortedByKey } from '../../meta/labels.ts';
import type { Value } from '../../meta/object.ts';
import type { ClusterView } from '../cluster-view.ts';
import { defaultRequirements } from '../default-selector.ts';
import type { PodSort } from '../pod-count.ts';

export type SpreadConstraint = Value<OpenApiConstraint>;

/** For pods that state no constraints; null: upstream's own. */
export type SpreadDefaults = readonly SpreadConstraint[] | null;

export const HOSTNAME = 'kubernetes.io/hostname';
const ZONE = 'topology.kubernetes.io/zone';

/** A constraint with its selector made ready: null selects nothing. */
export interface Constraint {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly requirements: readonly LabelRequirement[] | null;
  readonly honorsAffinity: boolean;
  readonly honorsTaints: boolean;
}

export function constraintsOf(
  pod: Pod,
  when: SpreadConstraint['whenUnsatisfiable'],
  view: ClusterView,
  defaults: SpreadDefaults,
): readonly Constraint[] {
  const { topologySpreadConstraints: stated = [] } = pod.spec;
  if (stated.length > 0) return prepared(pod, stated, when, null);
  if (defaults === null) return when === 'ScheduleAnyway' ? systemConstraints(pod, view) : [];
  if (!defaults.some(({ whenUnsatisfiable }) => whenUnsatisfiable === when)) return [];
  const requirements = defaultRequirements(pod, view);
  return requirements.length === 0 ? [] : prepared(pod, defaults, when, requirements);
}

/** Sorts of pods that constraints count. */
export function sortsOf(pod: Pod, view: ClusterView, defaults: SpreadDefaults): readonly PodSort[] {
  const rules = constraintsOf(pod, 'DoNotSchedule', view, defaults);
  const wishes = constraintsOf(pod, 'ScheduleAnyway', view, defaults);
  return [...rules, ...wishes].flatMap((constraint) => sortOf(pod, constraint) ?? []);
}

/** null: the constraint counts nothing. */
export function sortOf(pod: Pod, { requirements }: Constraint): PodSort | null {
  if (requirements === null) return null;
  const { namespace } = pod.metadata;
  const { text, matches } = compiled(requirements);
  return {
    key: `spread ${namespace} ${text}`,
    matches: ({ metadata }) => metadata.namespace === namespace && metadata.deletionTimestamp === undefined && matches(metadata.labels),
  };
}

interface Compiled {
  readonly text: string;
  readonly matches: LabelMatcher;
}

/** Pods of one workload have the very same requirements, and are asked about them several times each. */
const known = new WeakMap<readonly LabelRequirement[], Compiled>();

function compiled(requirements: readonly LabelRequirement[]): Compiled {
  let found = known.get(requirements);
  if (found === undefined) {
    const sorted = sortedByKey(requirements);
    found = { text: printRequirements(sorted), matches: compileRequirements(sorted) };
    known.set(requirements, found);
  }
  return found;
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
  const own = matchLabelKeys.flatMap((key): LabelRequirement[] => {
    const label = pod.metadata.labels?.[key];
    return label === undefined ? [] : [{ key, operator: 'in', values: [label] }];
  });
  // upstream: mergeLabelSetWithSelector takes the keys alone where there is no selector
  if (labelSelector === undefined) return own.length === 0 ? null : own;
  const { value } = requirementsOf(labelSelector);
  return value === undefined ? null : [...value, ...own];
}

// upstream: plugin.go systemDefaultConstraints
function systemConstraints(pod: Pod, view: ClusterView): readonly Constraint[] {
  const requirements = defaultRequirements(pod, view);
  if (requirements.length === 0) return [];
  const by = (topologyKey: string, maxSkew: number): Constraint => ({
    topologyKey,
    maxSkew,
    minDomains: 1,
    requirements,
    honorsAffinity: true,
    honorsTaints: false,
  });
  return [by(HOSTNAME, 3), by(ZONE, 5)];
}
