// One way of scheduling, which pods choose by schedulerName: the plugins that filter and score, their weights and arguments.
// upstream: pkg/scheduler/profile/profile.go, framework/runtime/framework.go NewFramework, expandMultiPointPlugins, apis/config/v1/default_plugins.go mergePlugins

import type { SchedulerPlugin } from './plugins/plugin.ts';
import { plugins as defaultPlugins, pluginNamed, withoutWork } from './plugins/registry.ts';

export interface PluginReference {
  readonly name: string;
  readonly weight?: number;
}

export interface PluginSet {
  readonly enabled?: readonly PluginReference[];
  readonly disabled?: readonly { readonly name: string }[];
}

/** upstream: kubescheduler.config.k8s.io/v1 KubeSchedulerProfile */
export interface ProfileConfiguration {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: {
    readonly multiPoint?: PluginSet;
    readonly preFilter?: PluginSet;
    readonly filter?: PluginSet;
    readonly postFilter?: PluginSet;
    readonly preScore?: PluginSet;
    readonly score?: PluginSet;
  };
  readonly pluginConfig?: readonly { readonly name: string; readonly args?: Readonly<Record<string, unknown>> }[];
}

export interface Profile {
  readonly schedulerName: string;
  /** In the order in which they are asked. */
  readonly plugins: readonly SchedulerPlugin[];
  readonly byName: ReadonlyMap<string, SchedulerPlugin>;
  /** May lesser pods be taken away? */
  readonly preempts: boolean;
  readonly candidates: CandidateLimits;
  readonly percentageOfNodesToScore: number;
  /** How long a cycle waits for volumes to be bound. */
  readonly bindTimeoutMs: number;
}

/** How many nodes are tried for preemption. upstream: DefaultPreemptionArgs */
export interface CandidateLimits {
  readonly minCandidateNodesPercentage: number;
  readonly minCandidateNodesAbsolute: number;
}

const PREEMPTION = 'DefaultPreemption';
const WEIGHT_MAX = 100;

export function buildProfile(
  given: ProfileConfiguration & { readonly schedulerName: string },
): Profile | { readonly errors: readonly string[] } {
  const errors: string[] = [];
  const { plugins: sets = {}, pluginConfig = [] } = given;
  const args = new Map(pluginConfig.map((entry) => [entry.name, entry.args ?? {}]));
  if (args.size < pluginConfig.length) errors.push('repeated config for plugin');
  const multiPoint = merged(defaultReferences, sets.multiPoint);
  const filters = expanded(multiPoint, sets.filter, sets.preFilter);
  const scorers = expanded(multiPoint, sets.score, sets.preScore);
  const preempts = expanded(multiPoint, sets.postFilter).some(({ name }) => name === PREEMPTION);
  const built = new Map<string, SchedulerPlugin>();
  const made = ({ name, weight }: PluginReference): SchedulerPlugin | null => {
    const known = built.get(name);
    if (known !== undefined) return known;
    const found = pluginNamed(name, args.get(name) ?? {});
    if ('error' in found) errors.push(found.error);
    else if ((weight ?? 0) > WEIGHT_MAX || (weight ?? 0) < 0) errors.push(`plugin "${name}": weight must be from 0 to ${WEIGHT_MAX}`);
    else {
      built.set(name, found.plugin);
      return found.plugin;
    }
    return null;
  };
  const chosen: SchedulerPlugin[] = [];
  for (const reference of filters) {
    const plugin = reference.name === PREEMPTION ? null : made(reference);
    const score = scorers.find(({ name }) => name === reference.name);
    if (plugin !== null) chosen.push(part(plugin, true, score));
  }
  for (const reference of scorers) {
    if (reference.name === PREEMPTION || filters.some(({ name }) => name === reference.name)) continue;
    const plugin = made(reference);
    if (plugin !== null) chosen.push(part(plugin, false, reference));
  }
  if (errors.length > 0) return { errors };
  const candidates = { minCandidateNodesPercentage: 10, minCandidateNodesAbsolute: 100, ...args.get(PREEMPTION) };
  const { bindTimeoutSeconds = 600 } = (args.get('VolumeBinding') ?? {}) as { readonly bindTimeoutSeconds?: number };
  return {
    schedulerName: given.schedulerName,
    plugins: chosen,
    byName: new Map(chosen.map((plugin) => [plugin.name, plugin])),
    preempts,
    candidates,
    percentageOfNodesToScore: given.percentageOfNodesToScore ?? 0,
    bindTimeoutMs: bindTimeoutSeconds * 1000,
  };
}

const defaultReferences: readonly PluginReference[] = [...defaultPlugins.map(({ name }) => ({ name })), { name: PREEMPTION }];

/** Defaults that are not disabled, in place where they are given anew, then what is added. upstream: mergePluginSet */
function merged(defaults: readonly PluginReference[], { enabled = [], disabled = [] }: PluginSet = {}): readonly PluginReference[] {
  const off = new Set(disabled.map(({ name }) => name));
  const kept = off.has('*') ? [] : defaults.filter(({ name }) => !off.has(name));
  const replaced = kept.map((reference) => enabled.find(({ name }) => name === reference.name) ?? reference);
  return [...replaced, ...enabled.filter(({ name }) => !kept.some((reference) => reference.name === name) && !withoutWork.has(name))];
}

/** The plugins of one extension point: named for it again first, then those of all points, then named for it alone. upstream: expandMultiPointPlugins */
function expanded(multiPoint: readonly PluginReference[], ...sets: readonly (PluginSet | undefined)[]): readonly PluginReference[] {
  const enabled = sets.flatMap((set) => set?.enabled ?? []).filter(({ name }) => !withoutWork.has(name));
  const off = new Set(sets.flatMap((set) => set?.disabled ?? []).map(({ name }) => name));
  const everywhere = new Set(multiPoint.map(({ name }) => name));
  const isEnabled = new Set(enabled.map(({ name }) => name));
  const first = enabled.filter(({ name }) => everywhere.has(name));
  const others = off.has('*') ? [] : multiPoint.filter(({ name }) => !off.has(name) && !isEnabled.has(name));
  return [...first, ...others, ...enabled.filter(({ name }) => !everywhere.has(name))];
}

/** The plugin with what it does at the points where it is on. `score`: as it is named for scoring; none: it does not score. */
function part(plugin: SchedulerPlugin, filters: boolean, score: PluginReference | undefined): SchedulerPlugin {
  const { planFilter, planScore, weight, ...rest } = plugin;
  return {
    ...rest,
    ...(filters && planFilter !== undefined && { planFilter }),
    ...(score !== undefined && planScore !== undefined && { planScore, weight: score.weight || (weight ?? 1) }),
  };
}
