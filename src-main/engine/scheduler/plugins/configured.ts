// Plugins made from the arguments of a profile's pluginConfig; what makes no sense is refused with upstream's words.
// upstream: pkg/scheduler/apis/config/v1/defaults.go, apis/config/validation/validation_pluginargs.go
import type { NodeAffinity as OpenApiNodeAffinity } from 'kubernetes-types/core/v1.d.ts';
import type { Value } from '../../meta/object.ts';
import type { ShapePoint } from './broken-line.ts';
import { interPodAffinityWith } from './inter-pod-affinity.ts';
import { nodeAffinityWith } from './node-affinity.ts';
import { balancedAllocation } from './node-resources-balanced-allocation.ts';
import { resourcesFit } from './node-resources-fit.ts';
import type { SchedulerPlugin } from './plugin.ts';
import { podTopologySpreadWith } from './pod-topology-spread.ts';
import { cpuAndMemory, type ScoringStrategy, type WeighedResource } from './resource-score.ts';
import type { SpreadConstraint } from './spread-constraints.ts';

/** As a configuration file gives them. */
export type Arguments = Readonly<Record<string, unknown>>;

export type Configured = { readonly plugin: SchedulerPlugin } | { readonly error: string };

/** How plugins that can be configured are; undefined: it takes no arguments that matter. */
export function configured(name: string, given: Arguments): Configured | undefined {
  switch (name) {
    case 'NodeResourcesFit':
      return fit(given as FitArguments);
    case 'NodeResourcesBalancedAllocation':
      return balanced(given as { readonly resources?: readonly WeighedResource[] });
    case 'InterPodAffinity': {
      const { hardPodAffinityWeight = 1, ignorePreferredTermsOfExistingPods = false } = given as AffinityArguments;
      if (!(hardPodAffinityWeight >= 0 && hardPodAffinityWeight <= 100))
        return { error: `hardPodAffinityWeight: Invalid value: ${hardPodAffinityWeight}: not in valid range [0-100]` };
      return { plugin: interPodAffinityWith(hardPodAffinityWeight, ignorePreferredTermsOfExistingPods) };
    }
    case 'NodeAffinity':
      return { plugin: nodeAffinityWith((given as { readonly addedAffinity?: Value<OpenApiNodeAffinity> }).addedAffinity) };
    case 'PodTopologySpread':
      return spread(given as SpreadArguments);
    default:
      return undefined;
  }
}

interface FitArguments {
  readonly ignoredResources?: readonly string[];
  readonly ignoredResourceGroups?: readonly string[];
  readonly scoringStrategy?: {
    readonly type?: string;
    readonly resources?: readonly { readonly name: string; readonly weight?: number }[];
    readonly requestedToCapacityRatio?: { readonly shape?: readonly ShapePoint[] };
  };
}

interface AffinityArguments {
  readonly hardPodAffinityWeight?: number;
  readonly ignorePreferredTermsOfExistingPods?: boolean;
}

interface SpreadArguments {
  readonly defaultingType?: string;
  readonly defaultConstraints?: readonly SpreadConstraint[];
}

const strategies: readonly string[] = ['LeastAllocated', 'MostAllocated', 'RequestedToCapacityRatio'];

function fit({ ignoredResources = [], ignoredResourceGroups = [], scoringStrategy = {} }: FitArguments): Configured {
  const { type = 'LeastAllocated', resources = cpuAndMemory } = scoringStrategy;
  const shape = scoringStrategy.requestedToCapacityRatio?.shape ?? [];
  const weighed = resources.map(({ name, weight = 1 }) => ({ name, weight }));
  if (!strategies.includes(type)) return { error: `scoringStrategy.type: Unsupported value: "${type}"` };
  const fault = weightFault(weighed) ?? (type === 'RequestedToCapacityRatio' ? shapeFault(shape) : null);
  if (fault !== null) return { error: `scoringStrategy.${fault}` };
  const strategy = { type: type as ScoringStrategy['type'], resources: weighed, shape };
  return { plugin: resourcesFit({ ignoredResources, ignoredResourceGroups, scoringStrategy: strategy }) };
}

function balanced({ resources = cpuAndMemory }: { readonly resources?: readonly WeighedResource[] }): Configured {
  const odd = resources.find(({ weight }) => (weight ?? 1) !== 1);
  if (odd !== undefined) return { error: `resources: Invalid value: ${odd.weight}: resource weight of ${odd.name} must be 1` };
  return { plugin: balancedAllocation(resources.map(({ name }) => ({ name, weight: 1 }))) };
}

function spread({ defaultingType = 'System', defaultConstraints = [] }: SpreadArguments): Configured {
  if (defaultingType === 'System' && defaultConstraints.length > 0)
    return { error: 'defaultingType: Invalid value: "System": when .defaultConstraints are not empty' };
  if (defaultingType !== 'System' && defaultingType !== 'List')
    return { error: `defaultingType: Unsupported value: "${defaultingType}": supported values: "System", "List"` };
  const selective = defaultConstraints.findIndex(({ labelSelector }) => labelSelector !== undefined);
  if (selective >= 0)
    return {
      error: `defaultConstraints[${selective}].labelSelector: Forbidden: constraint must not define a selector, as they deduced for each pod`,
    };
  return { plugin: podTopologySpreadWith(defaultingType === 'System' ? null : defaultConstraints) };
}

function weightFault(resources: readonly WeighedResource[]): string | null {
  const odd = resources.findIndex(({ weight }) => weight < 1 || weight > 100);
  return odd < 0 ? null : `resources[${odd}].weight: Invalid value: ${resources[odd]?.weight}: resource weight not in valid range [1, 100]`;
}

// upstream: validateFunctionShape
function shapeFault(shape: readonly ShapePoint[]): string | null {
  if (shape.length === 0) return 'requestedToCapacityRatio.shape: Required value: at least one point must be specified';
  for (const [index, { utilization, score }] of shape.entries()) {
    const at = `requestedToCapacityRatio.shape[${index}]`;
    if (!(utilization >= 0 && utilization <= 100)) return `${at}.utilization: Invalid value: ${utilization}: not in valid range [0-100]`;
    if (!(score >= 0 && score <= 10)) return `${at}.score: Invalid value: ${score}: not in valid range [0-10]`;
    if (index > 0 && utilization <= (shape[index - 1]?.utilization ?? 0))
      return `${at}.utilization: Invalid value: ${utilization}: utilization values must be sorted in increasing order`;
  }
  return null;
}
