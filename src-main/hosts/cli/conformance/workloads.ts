// Suites of the workload controllers: a case's objects are put before the very rules that the lab's controllers run.

import { parseTimestamp } from '../../../engine/base/timestamp.ts';
import { maxUnavailable, minAvailable, resolveFenceposts } from '../../../engine/controllers/deployment/fenceposts.ts';
import { setsBeyondHistory } from '../../../engine/controllers/deployment/history.ts';
import { oldPodsRunning } from '../../../engine/controllers/deployment/old-pods-running.ts';
import { proportionalSizes, replicaSetFraction } from '../../../engine/controllers/deployment/proportional-scale.ts';
import { cleanUpUnhealthy, type Sizes, scaleDownOld, scaleNew, scaleOld } from '../../../engine/controllers/deployment/rolling.ts';
import { rolloutStatus } from '../../../engine/controllers/deployment/rollout-status.ts';
import {
  type DeploymentStatus,
  hasTimedOut,
  isComplete,
  isProgressing,
  stuckCheckMs,
} from '../../../engine/controllers/deployment/status.ts';
import {
  endpointPorts,
  podEndpointsChanged,
  podToEndpoint,
  selectsPod,
  shouldBeInEndpoints,
  shouldSetHostname,
} from '../../../engine/controllers/endpoint-slice/endpoints.ts';
import { compareForDeletion, type RankedPod } from '../../../engine/controllers/replica-set/delete-order.ts';
import { countReplicas, type ReplicaSpec, type ReplicaStatus, replicaStatus } from '../../../engine/controllers/replica-set/status.ts';
import type { Deployment } from '../../../engine/kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../../engine/kinds/apps/replica-set.ts';
import type { Node } from '../../../engine/kinds/core/node.ts';
import type { Pod } from '../../../engine/kinds/core/pod.ts';
import type { Service } from '../../../engine/kinds/core/service.ts';
import { compareWherePresent } from './compare.ts';
import type { Run, Suites } from './run-conformance.ts';
import { wholeCasePod, wholeObject } from './whole-object.ts';

interface Size {
  readonly replicas: number;
  readonly available: number;
}

interface RollingCase {
  readonly step: 'scaleNew' | 'scaleOld' | 'scaleDownOld' | 'cleanupUnhealthy';
  readonly deployment: Deployment;
  readonly newReplicaSet: Size | null;
  readonly oldReplicaSets: readonly Size[];
  readonly maxCleanup?: number;
}

type SetOfCase = ReplicaSet & { readonly role?: 'new' | 'old' };

interface StatusCase {
  readonly check: keyof typeof statusChecks;
  readonly deployment: Deployment;
  readonly newStatus: DeploymentStatus;
  readonly now: string;
  readonly replicaSets: readonly SetOfCase[];
  readonly revisionHistoryLimit: number;
  readonly oldReplicaSets: readonly ReplicaSet[];
}

export const workloadSuites: Suites = {
  'deployment.fenceposts': { run: fenceposts, compare: compareWherePresent },
  'deployment.recreate': ({
    oldReplicaSets,
  }: {
    oldReplicaSets: readonly { statusReplicas?: number; podPhases?: readonly string[] }[];
  }) => ({
    oldPodsRunning: oldPodsRunning(
      oldReplicaSets.map(({ statusReplicas = 0 }) => ({ status: { replicas: statusReplicas } }) as ReplicaSet),
      oldReplicaSets.flatMap(({ podPhases = [] }) => podPhases.map((phase) => ({ status: { phase } }) as Pod)),
    ),
  }),
  'deployment.rolling': { run: rolling, compare: compareWherePresent },
  'deployment.scale': ({ op, deployment, replicaSets }: { op: string; deployment: Deployment; replicaSets: readonly SetOfCase[] }) => {
    const whole = wholeDeployment(deployment);
    const [first] = replicaSets;
    if (op === 'fraction' && first !== undefined) return { fraction: replicaSetFraction(wholeSet(first), whole) };
    const sizes = proportionalSizes(whole, newOf(replicaSets), oldOf(replicaSets));
    return { replicas: Object.fromEntries(replicaSets.map((set) => [set.metadata.name, sizeOf(set, sizes)])) };
  },
  'deployment.status': { run: (given: StatusCase) => statusChecks[given.check](given), compare: compareWherePresent },
  'replicaset.delete-order': ({ now, pods }: { now: string; pods: readonly RankedPod[] }) => {
    const unixMs = milliseconds(now);
    const ordered = pods
      .map((ranked) => ({ ...ranked, pod: wholeCasePod(ranked.pod as Pod) }))
      .toSorted((a, b) => compareForDeletion(a, b, unixMs));
    const [first, second] = ordered;
    const tie = pods.length === 2 && first !== undefined && second !== undefined && compareForDeletion(first, second, unixMs) === 0;
    return tie ? { tie: true } : { order: ordered.map(({ pod }) => pod.metadata.name) };
  },
  'replicaset.status': { run: replicaSetStatus, compare: compareWherePresent },
  'endpointslice.endpoints': (given: { kind: string }) => endpointChecks[given.kind]?.(given as never),
};

function fenceposts({ deployment }: { deployment: Deployment }): unknown {
  const whole = wholeDeployment(deployment);
  const { maxSurge: surge, maxUnavailable: unavailable } = whole.spec.strategy?.rollingUpdate ?? {};
  const { value, error } = resolveFenceposts(surge, unavailable, whole.spec.replicas ?? 0);
  return {
    resolvedSurge: value?.surge ?? 0,
    resolvedUnavailable: value?.unavailable ?? 0,
    error: error !== undefined,
    effectiveUnavailable: maxUnavailable(whole),
    minAvailable: minAvailable(whole),
  };
}

function rolling({ step, deployment, newReplicaSet, oldReplicaSets, maxCleanup = 0 }: RollingCase): unknown {
  const whole = wholeDeployment(deployment);
  const oldSets = oldReplicaSets.map((size, index) => setOf(`old-${index}`, size, index));
  const newSet = newReplicaSet === null || newReplicaSet === undefined ? null : setOf('new', newReplicaSet, oldSets.length);
  const after = (sizes: Sizes): readonly number[] => oldSets.map((set) => sizeOf(set, sizes));
  if (step === 'scaleNew' && newSet !== null) return { newReplicas: scaleNew(whole, [...oldSets, newSet], newSet) };
  if (step === 'scaleOld' && newSet !== null) return { oldReplicas: after(scaleOld(whole, oldSets, newSet)) };
  if (step === 'scaleDownOld') return { oldReplicas: after(scaleDownOld(whole, oldSets, newSet)) };
  const cleaned = after(cleanUpUnhealthy(oldSets, maxCleanup)).reduce((sum, size) => sum - size, 0);
  return { cleaned: cleaned + oldReplicaSets.reduce((sum, { replicas }) => sum + replicas, 0) };
}

const statusChecks = {
  complete: ({ deployment }: StatusCase) => ({ complete: isComplete(wholeDeployment(deployment), deployment.status ?? {}) }),
  progressing: ({ deployment, newStatus }: StatusCase) => ({ progressing: isProgressing(deployment.status ?? {}, newStatus) }),
  timedOut: ({ deployment, now }: StatusCase) => ({
    timedOut: hasTimedOut(wholeDeployment(deployment), deployment.status ?? {}, milliseconds(now)),
  }),
  requeue: ({ deployment, newStatus, now }: StatusCase) => {
    const ms = stuckCheckMs(wholeDeployment(deployment), newStatus, milliseconds(now));
    return { requeueSeconds: ms === null ? null : Math.floor(ms / 1000) };
  },
  rollout: ({ deployment, replicaSets, now }: StatusCase) => {
    const sets = replicaSets.map(wholeSet);
    const status = rolloutStatus(wholeDeployment(deployment), sets, newOf(replicaSets), milliseconds(now));
    return { condition: status.conditions?.find(({ type }) => type === 'Progressing') ?? null };
  },
  history: ({ revisionHistoryLimit, oldReplicaSets }: StatusCase) => ({
    deleted: setsBeyondHistory(oldReplicaSets.map(wholeSet), revisionHistoryLimit).length,
  }),
};

function replicaSetStatus({
  replicaSet,
  pods,
  manageError,
}: {
  replicaSet: ReplicaSet;
  pods: readonly Pod[];
  manageError: string | null;
}): unknown {
  const now = '2024-01-01T00:00:00Z';
  const spec = replicaSet.spec as ReplicaSpec;
  const counts = countReplicas(spec, (pods ?? []).map(wholeCasePod), milliseconds(now));
  const status = replicaStatus(spec, (replicaSet.status ?? {}) as ReplicaStatus, counts, manageError ?? null, now);
  return { status, conditions: (status.conditions ?? []).filter(({ type }) => type === 'ReplicaFailure') };
}

const endpointChecks: Readonly<Record<string, Run>> = {
  endpoint: ({ pod, node, service }: { pod: Pod; node: Node | null; service: Service }) => {
    const { targetRef, ...endpoint } = podToEndpoint(wholeCasePod(pod), node ?? undefined, wholeObject(service));
    const { uid: _, ...reference } = targetRef ?? {};
    return { endpoint: { ...endpoint, targetRef: reference } };
  },
  include: ({ pod, includeTerminating }: { pod: Pod; includeTerminating: boolean }) => ({
    included: shouldBeInEndpoints(wholeCasePod(pod), includeTerminating),
  }),
  hostname: ({ pod, service }: { pod: Pod; service: Service }) => ({
    setHostname: shouldSetHostname(wholeCasePod(pod), wholeObject(service)),
  }),
  ports: ({ pod, service }: { pod: Pod; service: Service }) => ({ ports: endpointPorts(wholeObject(service), wholeCasePod(pod)) }),
  changed: ({ before, after }: { before: Pod; after: Pod }) => podEndpointsChanged(wholeCasePod(before), wholeCasePod(after)),
  services: ({
    services,
    podLabels,
  }: {
    services: readonly { name: string; selector: Record<string, string> }[];
    podLabels: Record<string, string>;
  }) => ({
    services: services
      .filter(({ selector }) => selectsPod({ spec: { selector } } as unknown as Service, podLabels))
      .map(({ name }) => name),
  }),
};

// Cases leave out what their rule does not look at.
function wholeDeployment(deployment: Deployment): Deployment {
  const { progressDeadlineSeconds, ...spec } = deployment.spec ?? {};
  const deadline = progressDeadlineSeconds === undefined || progressDeadlineSeconds === null ? {} : { progressDeadlineSeconds };
  return {
    ...deployment,
    metadata: { ...deployment.metadata, name: deployment.metadata?.name ?? 'deployment' },
    spec: { ...spec, ...deadline },
    status: deployment.status ?? {},
  };
}

function wholeSet(set: ReplicaSet): ReplicaSet {
  return { ...set, metadata: set.metadata ?? { name: 'set' }, status: set.status ?? { replicas: 0 } };
}

function newOf(sets: readonly SetOfCase[]): ReplicaSet | null {
  const found = sets.find(({ role }) => role === 'new');
  return found === undefined ? null : wholeSet(found);
}

function oldOf(sets: readonly SetOfCase[]): readonly ReplicaSet[] {
  return sets.filter(({ role }) => role !== 'new').map(wholeSet);
}

function setOf(name: string, { replicas, available }: Size, age: number): ReplicaSet {
  const creationTimestamp = `2024-01-01T00:00:${String(age).padStart(2, '0')}Z`;
  return {
    metadata: { name, creationTimestamp },
    spec: { replicas },
    status: { replicas, availableReplicas: available },
  } as unknown as ReplicaSet;
}

function sizeOf(set: ReplicaSet, sizes: Sizes): number {
  return sizes.get(set.metadata.name) ?? set.spec.replicas ?? 0;
}

/** Whole milliseconds, up: what is left until an instant is never more than the table's nanoseconds say. */
function milliseconds(text: string): number {
  const [, fraction = ''] = /\.(\d+)/.exec(text) ?? [];
  return (parseTimestamp(text) ?? 0) + (/[1-9]/.test(fraction.slice(3)) ? 1 : 0);
}
