// Keeps a pod off nodes without room for what it asks, and prefers nodes by how full they would be; by default the emptiest.
// upstream: pkg/scheduler/framework/plugins/noderesources/fit.go, least_allocated.go
import { equal } from '../../base/equal.ts';
import type { Node } from '../../kinds/core/node.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { PodRequests } from '../../kinds/core/pod-requests.ts';
import { type Allocatable, NodeInfo } from '../node-info.ts';
import { podFootprint } from '../pod-footprint.ts';
import type { Rejection, SchedulerPlugin } from './plugin.ts';
import { cpuAndMemory, type ScoringStrategy, strategyScore } from './resource-score.ts';

/** Extended resources that are not checked: by name, or by the part before the slash. */
export interface FitArguments {
  readonly ignoredResources: readonly string[];
  readonly ignoredResourceGroups: readonly string[];
}

export interface Shortage {
  readonly resource: string;
  readonly reason: string;
  readonly requested: number;
  readonly used: number;
  readonly capacity: number;
}

const name = 'NodeResourcesFit';
const nothingIgnored: FitArguments = { ignoredResources: [], ignoredResourceGroups: [] };

export interface FitOptions extends FitArguments {
  readonly scoringStrategy: ScoringStrategy;
}

export function resourcesFit(options: FitOptions): SchedulerPlugin {
  const score = strategyScore(options.scoringStrategy);
  const ignoresSome = options.ignoredResources.length > 0 || options.ignoredResourceGroups.length > 0;
  return {
    name,
    local: true,
    planFilter: (pod) => {
      const { requests } = podFootprint(pod);
      if (!ignoresSome) return { filter: (node) => (fits(requests, node) ? null : rejectionFor(shortages(requests, node))) };
      const short = (node: NodeInfo): readonly Shortage[] => shortages(requests, node, options);
      return { filter: (node) => (short(node).length === 0 ? null : rejectionFor(short(node))) };
    },
    weight: 1,
    planScore: (pod) => ({ score: (node) => score(pod, node) }),
    mayHelp: (pod, event) => {
      if (event.resource === 'AssignedPod')
        return event.next === undefined || gaveBack(event.next, event.previous, podFootprint(pod).requests);
      if (event.resource === 'UnscheduledPod') return asksLess(event.next, event.previous);
      if (event.resource !== 'Node' || event.next === undefined) return false;
      const { requests } = podFootprint(pod);
      // Most changes of nodes offer nothing, and each is asked about by every pod that waits.
      return offersMore(event.next, event.previous, requests) && shortages(requests, new NodeInfo(event.next), options).length === 0;
    },
  };
}

/** upstream: apis/config/v1/defaults.go SetDefaults_NodeResourcesFitArgs */
export const fitDefaults: FitOptions = {
  ...nothingIgnored,
  scoringStrategy: { type: 'LeastAllocated', resources: cpuAndMemory, shape: [] },
};

export const nodeResourcesFit: SchedulerPlugin = resourcesFit(fitDefaults);

/** Everything that is short, in upstream's order. upstream: fitsRequest */
export function shortages(requests: PodRequests, node: NodeInfo, ignored: FitArguments = nothingIgnored): readonly Shortage[] {
  const { allocatable, requested } = node;
  const short: Shortage[] = [];
  const check = (resource: string, wanted: number, used: number, capacity: number): void => {
    if (wanted > 0 && wanted > capacity - used)
      short.push({ resource, reason: `Insufficient ${resource}`, requested: wanted, used, capacity });
  };
  const { size: used } = node.pods;
  if (used + 1 > allocatable.pods)
    short.push({ resource: 'pods', reason: 'Too many pods', requested: 1, used, capacity: allocatable.pods });
  check('cpu', requests.cpuMillis, requested.cpuMillis, allocatable.cpuMillis);
  check('memory', requests.memoryBytes, requested.memoryBytes, allocatable.memoryBytes);
  check('ephemeral-storage', requests.ephemeralBytes, requested.ephemeralBytes, allocatable.ephemeralBytes);
  for (const [resource, wanted] of requests.others)
    if (!isIgnored(resource, ignored)) check(resource, wanted, requested.others.get(resource) ?? 0, allocatable.others.get(resource) ?? 0);
  return short;
}

function fits(requests: PodRequests, node: NodeInfo): boolean {
  const { allocatable, requested, pods } = node;
  if (pods.size + 1 > allocatable.pods) return false;
  if (short(requests.cpuMillis, requested.cpuMillis, allocatable.cpuMillis)) return false;
  if (short(requests.memoryBytes, requested.memoryBytes, allocatable.memoryBytes)) return false;
  if (short(requests.ephemeralBytes, requested.ephemeralBytes, allocatable.ephemeralBytes)) return false;
  if (requests.others.size === 0) return true;
  for (const [resource, wanted] of requests.others)
    if (short(wanted, requested.others.get(resource) ?? 0, allocatable.others.get(resource) ?? 0)) return false;
  return true;
}

function short(wanted: number, used: number, capacity: number): boolean {
  return wanted > 0 && wanted > capacity - used;
}

// upstream: v1helper.IsExtendedResourceName
function isIgnored(resource: string, { ignoredResources, ignoredResourceGroups }: FitArguments): boolean {
  const native = !resource.includes('/') || resource.includes('kubernetes.io/') || resource.startsWith('requests.');
  if (native) return false;
  return ignoredResources.includes(resource) || ignoredResourceGroups.includes(resource.slice(0, resource.indexOf('/')));
}

// Few different answers, asked for often: one object each.
const rejections = new Map<string, Rejection>();

function rejectionFor(short: readonly Shortage[]): Rejection {
  const resolvable = short.every(({ requested, capacity, resource }) => resource === 'pods' || requested <= capacity);
  const reasons = short.map(({ reason }) => reason);
  const key = `${resolvable} ${reasons.join()}`;
  let rejection = rejections.get(key);
  if (rejection === undefined) {
    rejection = { plugin: name, reasons, resolvable };
    rejections.set(key, rejection);
  }
  return rejection;
}

// upstream: isSchedulableAfterPodScaleDown
function asksLess(next: Pod | undefined, previous: Pod | undefined): boolean {
  if (next === undefined || previous === undefined || equal(next.spec, previous.spec)) return false;
  const [now, before] = [podFootprint(next).requests, podFootprint(previous).requests];
  if (now.cpuMillis < before.cpuMillis || now.memoryBytes < before.memoryBytes || now.ephemeralBytes < before.ephemeralBytes) return true;
  return [...before.others].some(([resource, amount]) => (now.others.get(resource) ?? 0) < amount);
}

/** A placed pod was resized and holds less of what is wanted. upstream: haveEnoughRelevantResourcesDecreased */
function gaveBack(next: Pod, previous: Pod | undefined, wanted: PodRequests): boolean {
  if (previous === undefined) return false;
  const [now, before] = [podFootprint(next).requests, podFootprint(previous).requests];
  if (wanted.cpuMillis > 0 && now.cpuMillis < before.cpuMillis) return true;
  if (wanted.memoryBytes > 0 && now.memoryBytes < before.memoryBytes) return true;
  if (wanted.ephemeralBytes > 0 && now.ephemeralBytes < before.ephemeralBytes) return true;
  return [...wanted.others.keys()].some((resource) => (now.others.get(resource) ?? 0) < (before.others.get(resource) ?? 0));
}

// upstream: haveAnyRequestedResourcesIncreased
function offersMore(next: Node, previous: Node | undefined, requests: PodRequests): boolean {
  if (previous === undefined) return true;
  if (equal(next.status.allocatable, previous.status.allocatable)) return false;
  const now: Allocatable = new NodeInfo(next).allocatable;
  const before: Allocatable = new NodeInfo(previous).allocatable;
  if (now.pods > before.pods) return true;
  if (requests.cpuMillis > 0 && now.cpuMillis > before.cpuMillis) return true;
  if (requests.memoryBytes > 0 && now.memoryBytes > before.memoryBytes) return true;
  if (requests.ephemeralBytes > 0 && now.ephemeralBytes > before.ephemeralBytes) return true;
  return [...requests.others.keys()].some((resource) => (now.others.get(resource) ?? 0) > (before.others.get(resource) ?? 0));
}
