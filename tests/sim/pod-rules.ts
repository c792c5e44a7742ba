// What no pod may ever do, whatever happens around it: the promises of Kubernetes' API that every client builds on.
import type { Pod } from '../../src-main/engine/kinds/core/pod.ts';

const ENDED = new Set(['Succeeded', 'Failed']);

const isTrue = (pod: Pod, type: string): boolean =>
  pod.status.conditions?.some((condition) => condition.type === type && condition.status === 'True') === true;

const allStatuses = (pod: Pod) => [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];

/** Faults of one version by itself. */
function faultsOf(pod: Pod): readonly string[] {
  const { conditions = [], containerStatuses = [], phase } = pod.status;
  const faults: string[] = [];
  const types = conditions.map(({ type }) => type);
  if (new Set(types).size !== types.length) faults.push(`condition twice: ${types}`);
  for (const { name, ready, state, started } of containerStatuses) {
    if (ready && state?.running === undefined) faults.push(`${name} is ready but does not run`);
    if (ready && started === false) faults.push(`${name} is ready but not started`);
  }
  for (const { name, state } of allStatuses(pod))
    if (Object.keys(state ?? {}).length > 1) faults.push(`${name} is in two states: ${Object.keys(state ?? {})}`);
  if (isTrue(pod, 'Ready') && !isTrue(pod, 'ContainersReady')) faults.push('Ready but not ContainersReady');
  // A node that is lost has its pods' Ready set by the node controller, which never sets it True. The pod collector writes the phase alone.
  const collected = conditions.some(({ reason }) => reason === 'DeletionByPodGC');
  if (isTrue(pod, 'Ready') && !collected && (phase !== 'Running' || containerStatuses.some(({ ready }) => !ready)))
    faults.push(`Ready in phase ${phase}`);
  if (phase === 'Succeeded' && containerStatuses.some(({ state }) => state?.terminated?.exitCode !== 0))
    faults.push('Succeeded with a failed container');
  if ((pod.spec.nodeName ?? '') === '' && containerStatuses.length > 0) faults.push('containers without a node');
  return [...faults, ...orderFaults(pod)];
}

/** Init containers come before the others, and what is never restarted runs once. */
function orderFaults({ spec, status }: Pod): readonly string[] {
  const { containerStatuses = [] } = status;
  const undone = undoneInit({ spec, status });
  const early = undone.length === 0 ? [] : containerStatuses.filter(({ state }) => state?.running !== undefined);
  const again = spec.restartPolicy === 'Never' ? containerStatuses.filter(({ restartCount }) => restartCount > 0) : [];
  return [
    ...early.map(({ name }) => `${name} runs before ${undone.map((status) => status.name)} has ended well`),
    ...again.map(({ name }) => `${name} was started again in spite of restartPolicy Never`),
  ];
}

/** Init containers, sidecars aside, that have not ended well. */
function undoneInit({ spec, status }: Pick<Pod, 'spec' | 'status'>) {
  const once = new Set((spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy !== 'Always').map(({ name }) => name));
  return (status.initContainerStatuses ?? []).filter(({ name, state }) => once.has(name) && state?.terminated?.exitCode !== 0);
}

/** No other container runs or has just ended, and a sidecar is not started, not for the first time perhaps. upstream: HasAnyRegularContainerStarted */
function waitsForSidecar({ spec, status }: Pod): boolean {
  const sidecars = new Set((spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always').map(({ name }) => name));
  const isUp = (status.containerStatuses ?? []).some(({ state }) => state?.running !== undefined || state?.terminated !== undefined);
  return !isUp && (status.initContainerStatuses ?? []).some(({ name, started }) => sidecars.has(name) && started !== true);
}

function containerFaults(next: Pod, previous: Pod): readonly string[] {
  const faults: string[] = [];
  const before = new Map(allStatuses(previous).map((status) => [status.name, status]));
  for (const { name, restartCount } of allStatuses(next)) {
    const known = before.get(name);
    if (known !== undefined && restartCount < known.restartCount)
      faults.push(`restarts of ${name} went back: ${known.restartCount} to ${restartCount}`);
  }
  return faults;
}

/** Faults of the step from one version to the next. */
function stepFaults(next: Pod, previous: Pod): readonly string[] {
  const faults: string[] = [];
  const [from, to] = [previous.status.phase, next.status.phase];
  // After a loss of power init containers begin anew; until they are done the phase is Pending again. upstream: getPhase
  const beginsAnew = undoneInit(next).length > 0 || waitsForSidecar(next);
  if (from !== to && (ENDED.has(from ?? '') || (from === 'Running' && to === 'Pending' && !beginsAnew)))
    faults.push(`phase went from ${from} to ${to}`);
  if ((previous.spec.nodeName ?? '') !== '' && next.spec.nodeName !== previous.spec.nodeName) faults.push('node changed');
  if (previous.metadata.deletionTimestamp !== undefined && next.metadata.deletionTimestamp === undefined) faults.push('deletion undone');
  if (previous.status.startTime !== undefined && next.status.startTime !== previous.status.startTime) faults.push('startTime changed');
  for (const condition of next.status.conditions ?? []) {
    const before = previous.status.conditions?.find(({ type }) => type === condition.type);
    if (before?.status === condition.status && before.lastTransitionTime !== condition.lastTransitionTime)
      faults.push(`${condition.type} has a transition without one: ${before.lastTransitionTime} to ${condition.lastTransitionTime}`);
  }
  return [...faults, ...containerFaults(next, previous)];
}

export function podFaults(next: Pod, previous: Pod | null): readonly string[] {
  const same = previous !== null && previous.metadata.uid === next.metadata.uid;
  return [...faultsOf(next), ...(same ? stepFaults(next, previous) : [])].map((fault) => `pod ${next.metadata.name}: ${fault}`);
}
