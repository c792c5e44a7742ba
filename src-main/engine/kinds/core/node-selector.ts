// Which nodes a pod or a volume may be on: nodeSelector maps, NodeSelector terms and preferred terms, compiled once per object.
// Scheduler, volume binder, DaemonSets and the window's "why not" must agree on one answer.
// upstream: k8s.io/component-helpers/scheduling/corev1/nodeaffinity/nodeaffinity.go
import type {
  NodeSelector as OpenApiNodeSelector,
  NodeSelectorRequirement as OpenApiNodeSelectorRequirement,
  NodeSelectorTerm as OpenApiNodeSelectorTerm,
  PreferredSchedulingTerm as OpenApiPreferredSchedulingTerm,
} from 'kubernetes-types/core/v1.d.ts';
import { selectorForMap } from '../../meta/label-selector.ts';
import { compileRequirements, type LabelOperator, type Labels, requirementErrors } from '../../meta/labels.ts';
import type { Value } from '../../meta/object.ts';
import type { Pod } from './pod.ts';

export type NodeSelector = Value<OpenApiNodeSelector>;
export type NodeSelectorTerm = Value<OpenApiNodeSelectorTerm>;
export type PreferredSchedulingTerm = Value<OpenApiPreferredSchedulingTerm>;

/** What of a node the rules look at; an absent name leaves matchFields out, as upstream does for volumes. */
export interface NodeToMatch {
  readonly metadata: { readonly name?: string; readonly labels?: Labels };
}

/** Terms are alternatives; an invalid or empty term matches nothing, and so does an empty list. */
export function matchesNodeSelector(selector: NodeSelector, node: NodeToMatch): boolean {
  return (selector.nodeSelectorTerms ?? []).some((term) => compiledTerm(term)(node));
}

/** May the pod be there as far as spec.nodeSelector and required node affinity go? upstream: GetRequiredNodeAffinity(pod).Match(node) */
export function matchesRequiredNodeAffinity(pod: Pick<Pod, 'spec'>, node: NodeToMatch): boolean {
  const { nodeSelector, affinity } = pod.spec;
  if (nodeSelector !== undefined && !selectorForMap(nodeSelector)(node.metadata.labels)) return false;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return required === undefined || matchesNodeSelector(required, node);
}

/** The sum of the weights of the terms that match. upstream: PreferredSchedulingTerms.Score */
export function preferredTermsWeight(terms: readonly PreferredSchedulingTerm[], node: NodeToMatch): number {
  let sum = 0;
  for (const { weight, preference } of terms) if (weight !== 0 && compiledTerm(preference)(node)) sum += weight;
  return sum;
}

type Requirement = Value<OpenApiNodeSelectorRequirement>;
type TermMatcher = (node: NodeToMatch) => boolean;

const compiledTerms = new WeakMap<NodeSelectorTerm, TermMatcher>();

function compiledTerm(term: NodeSelectorTerm): TermMatcher {
  let matcher = compiledTerms.get(term);
  if (matcher === undefined) {
    matcher = compileTerm(term);
    compiledTerms.set(term, matcher);
  }
  return matcher;
}

function compileTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): TermMatcher {
  if (matchExpressions.length === 0 && matchFields.length === 0) return never;
  const requirements = matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator: operators.get(operator), values }));
  const known = requirements.flatMap(({ key, operator, values }) => (operator === undefined ? [] : [{ key, operator, values }]));
  if (known.length < requirements.length || known.some((requirement) => requirementErrors(requirement).length > 0)) return never;
  if (!matchFields.every(isFieldRequirement)) return never;
  const labelsMatch = compileRequirements(known);
  return (node) => labelsMatch(node.metadata.labels) && matchFields.every((requirement) => fieldMatches(requirement, node.metadata.name));
}

// upstream: nodeSelectorRequirementsAsFieldSelector
function isFieldRequirement({ operator, values = [] }: Requirement): boolean {
  return (operator === 'In' || operator === 'NotIn') && values.length === 1;
}

function fieldMatches({ key, operator, values = [] }: Requirement, name: string | undefined): boolean {
  if (name === undefined) return true;
  const actual = key === 'metadata.name' ? name : '';
  return (actual === values[0]) === (operator === 'In');
}

const never: TermMatcher = () => false;

const operators: ReadonlyMap<string, LabelOperator> = new Map([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
  ['Gt', 'gt'],
  ['Lt', 'lt'],
]);
