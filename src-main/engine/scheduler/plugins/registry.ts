// All plugins in the default profile's order, in which they are asked: the first objection to a node is the one that is told; and each of them by its name and arguments.
// upstream: pkg/scheduler/apis/config/v1/default_plugins.go getDefaultPlugins
import { type Arguments, type Configured, configured } from './configured.ts';
import { imageLocality } from './image-locality.ts';
import { interPodAffinity } from './inter-pod-affinity.ts';
import { nodeAffinity } from './node-affinity.ts';
import { nodeName } from './node-name.ts';
import { nodePorts } from './node-ports.ts';
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts';
import { nodeResourcesFit } from './node-resources-fit.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { nodeVolumeLimits } from './node-volume-limits.ts';
import type { SchedulerPlugin } from './plugin.ts';
import { podTopologySpread } from './pod-topology-spread.ts';
import { schedulingGates } from './scheduling-gates.ts';
import { taintToleration } from './taint-toleration.ts';
import { volumeBinding } from './volume-binding.ts';
import { volumeRestrictions } from './volume-restrictions.ts';
import { volumeZone } from './volume-zone.ts';

export const plugins: readonly SchedulerPlugin[] = [
  schedulingGates,
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  nodeVolumeLimits,
  volumeBinding,
  volumeZone,
  podTopologySpread,
  interPodAffinity,
  nodeResourcesBalancedAllocation,
  imageLocality,
];

/** Plugins of upstream's default profile that are built in here: naming them changes nothing. */
export const withoutWork: ReadonlySet<string> = new Set(['PrioritySort', 'DefaultBinder']);

/** A plugin set up as its configuration says. upstream: framework/plugins/registry.go NewInTreeRegistry */
export function pluginNamed(name: string, args: Arguments): Configured {
  const plugin = plugins.find((one) => one.name === name);
  if (plugin === undefined) return { error: `plugin "${name}" does not exist` };
  if (Object.keys(args).length === 0) return { plugin };
  const made = configured(name, args) ?? { plugin };
  return 'error' in made ? { error: `initializing plugin "${name}": ${made.error}` } : made;
}
