// Why a pod has no node: what the scheduler said of every node at its last try, nodes with the same objection together.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { keyOf, splitKey } from '../../engine/meta/object.ts';
import type { SchedulerState } from '../../engine/scheduler/scheduler.ts';
import type { Verdict } from '../../engine/scheduler/verdicts.ts';
import { settings } from '../settings.ts';
import { absence } from './control-plane-down.ts';
import { line, type Question } from './question.ts';

export const pendingPod: Question = {
  name: 'pendingPod',
  answer: (cluster, kind, object) => {
    const pod = object as Pod;
    if (kind !== 'Pod' || (pod.spec.nodeName ?? '') !== '' || pod.metadata.deletionTimestamp !== undefined) return [];
    const gates = (pod.spec.schedulingGates ?? []).map(({ name }) => name);
    if (gates.length > 0) return [line('gated', { gates: gates.join(', ') })];
    const absent = absence(cluster, 'kube-scheduler');
    if (absent.length > 0) return absent;
    const binding = bindsVolumes(cluster, pod);
    if (binding.length > 0) return binding;
    const verdict = verdictOf(cluster, keyOf(pod));
    if (verdict === undefined) return [line('notTried')];
    const noMachines = cluster.physics.all('nodeGroup').size > 0 ? absence(cluster, 'cluster-autoscaler') : [];
    return [...refusals(verdict), ...noMachines, ...asked(pod, verdict), line('tried', { triedAtMs: verdict.atMs })];
  },
};

function verdictOf(cluster: Cluster, key: string): Verdict | undefined {
  return memoryOf(cluster)?.verdicts[key];
}

function memoryOf({ components }: Cluster): Pick<SchedulerState, 'assumed' | 'verdicts'> | undefined {
  return components.memoryOf('default-scheduler') as SchedulerState | undefined;
}

/** It has its node in the scheduler's mind, and first its claims have to have volumes there. upstream: volumebinding PreBind */
function bindsVolumes(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  const assumed = memoryOf(cluster)?.assumed[keyOf(pod)];
  if (assumed === undefined || assumed.volumes === null || assumed.uid !== pod.metadata.uid) return [];
  const claims = [...assumed.volumes.provisions, ...assumed.volumes.bindings.map(({ claim }) => claim)];
  const [first] = claims;
  const about = first === undefined ? null : { kind: 'PersistentVolumeClaim', key: first };
  const timeout = settings.bindTimeout;
  const more = { names: claims.map((key) => splitKey(key).name), about, settings: { timeout }, dueMs: assumed.deadlineMs };
  return [line('bindsVolumes', { node: assumed.node, timeout: timeout.default }, more)];
}

/** The fewest nodes first: of a hundred nodes nearly all refuse alike, and the odd one is what a person looks for. */
function refusals({ nodesByReason, pluginByReason = {}, beforehand, message }: Verdict): readonly WhyLine[] {
  if (beforehand !== '') return [line('refusedBeforehand', { plugin: pluginByReason[beforehand] ?? '', reason: beforehand })];
  const groups = Object.entries(nodesByReason).sort(([, one], [, other]) => one.length - other.length);
  if (groups.length === 0) return [line('refusedByAll', { message })];
  return groups.map(([reason, nodes]) =>
    line('refused', { plugin: pluginByReason[reason] ?? '', reason, count: nodes.length }, { names: [...nodes].sort(asPersonCounts) }),
  );
}

function asked(pod: Pod, { nodesByReason }: Verdict): readonly WhyLine[] {
  const missing = Object.keys(nodesByReason).flatMap((reason) => /^Insufficient (.+)$/.exec(reason)?.[1] ?? []);
  return missing.flatMap((resource) => {
    const amounts = pod.spec.containers.flatMap(({ resources }) => resources?.requests?.[resource] ?? []);
    return amounts.length === 0
      ? []
      : [line('asks', { resource, amount: amounts.join(' + ') }, { settings: { amount: settings.requests } })];
  });
}

/** worker-2 before worker-10. */
function asPersonCounts(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1);
}
