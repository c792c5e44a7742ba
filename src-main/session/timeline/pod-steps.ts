// The steps of a pod's life that its API object shows: placed, running, ready, restarted, on its way out, gone.
import type { Delta } from '../../engine/api/store.ts';
import { equal } from '../../engine/base/equal.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { RESIZE_IN_PROGRESS, RESIZE_PENDING } from '../../engine/kinds/core/pod-resize.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';
import { controllerOf } from '../../engine/meta/owner-references.ts';
import { NO_STEPS, type StepDraft } from './step-draft.ts';

type Status = NonNullable<Pod['status']['containerStatuses']>[number];

/** Why the API says that a pod is deleted or failed. upstream: core/v1 types.go PodReason* of DisruptionTarget */
const DISRUPTIONS: Readonly<Record<string, string>> = {
  DeletionByTaintManager: 'pod.evictedByTaint',
  PreemptionByScheduler: 'pod.preempted',
  TerminationByKubelet: 'pod.evictedByKubelet',
  DeletionByPodGC: 'pod.collected',
  EvictionByEvictionAPI: 'pod.evicted',
};

export function podSteps({ type, object, previous, cause }: Delta): readonly StepDraft[] {
  const pod = object as Pod;
  if (type === 'DELETED') return [{ lane: 'pods', tone: 'plain', what: 'pod.gone' }];
  if (previous === null) {
    const owner = controllerOf(pod);
    return owner === undefined
      ? [{ lane: 'pods', tone: 'plain', what: 'pod.created' }]
      : [{ lane: 'pods', tone: 'plain', what: 'pod.createdBy', values: { ownerKind: owner.kind, owner: owner.name } }];
  }
  const before = previous as Pod;
  const steps: StepDraft[] = [];
  placement(pod, before, steps);
  if (pod.spec.containers !== before.spec.containers) wish(pod, before, steps);
  if (pod.metadata.deletionTimestamp !== undefined && before.metadata.deletionTimestamp === undefined) steps.push(leaving(pod));
  if (pod.status !== before.status) {
    for (const list of ['initContainerStatuses', 'containerStatuses'] as const)
      if (pod.status[list] !== before.status[list]) containers(pod.status[list], before.status[list], steps);
    if (pod.status.conditions !== before.status.conditions) resizing(pod, before, steps);
    phase(pod, before, cause.actor, steps);
    readiness(pod, before, cause.actor, steps);
  }
  return steps.length === 0 ? NO_STEPS : steps;
}

function placement(pod: Pod, before: Pod, steps: StepDraft[]): void {
  const node = pod.spec.nodeName ?? '';
  if (node !== '' && (before.spec.nodeName ?? '') === '') {
    steps.push({ lane: 'pods', tone: 'plain', what: 'pod.scheduled', values: { node } });
    return;
  }
  const scheduled = findCondition(pod.status.conditions, 'PodScheduled');
  if (scheduled?.reason !== 'Unschedulable') return;
  const message = scheduled.message ?? '';
  if (findCondition(before.status.conditions, 'PodScheduled')?.message === message) return;
  steps.push({ lane: 'pods', tone: 'bad', what: 'pod.unschedulable', values: { message } });
}

/** Somebody wants other resources of a container. */
function wish(pod: Pod, before: Pod, steps: StepDraft[]): void {
  for (const { name, resources } of pod.spec.containers) {
    const old = before.spec.containers.find((container) => container.name === name);
    if (old === undefined || equal(old.resources, resources)) continue;
    const lists = [
      ...Object.entries(resources?.requests ?? {}),
      ...Object.entries(resources?.limits ?? {}).map(([what, amount]) => [`${what} limit`, amount]),
    ];
    const wanted = lists.map(([what, amount]) => `${what} ${amount}`).join(', ');
    steps.push({ lane: 'pods', tone: 'plain', what: 'pod.resizeWanted', values: { container: name, wanted } });
  }
}

/** What the kubelet says of it. upstream: PodResizePending, PodResizeInProgress */
function resizing({ status: { conditions } }: Pod, { status: { conditions: old } }: Pod, steps: StepDraft[]): void {
  const pending = findCondition(conditions, RESIZE_PENDING);
  const waited = findCondition(old, RESIZE_PENDING);
  const given = findCondition(conditions, RESIZE_IN_PROGRESS);
  const wasGiven = findCondition(old, RESIZE_IN_PROGRESS);
  if (pending !== undefined && (pending.reason !== waited?.reason || pending.message !== waited?.message))
    steps.push({ lane: 'pods', tone: 'bad', what: `pod.resize${pending.reason ?? ''}`, values: { message: pending.message ?? '' } });
  if (given !== undefined && wasGiven === undefined) steps.push({ lane: 'pods', tone: 'plain', what: 'pod.resizeGiven' });
  if (given === undefined && wasGiven !== undefined && pending === undefined)
    steps.push({ lane: 'pods', tone: 'good', what: 'pod.resized' });
}

function leaving(pod: Pod): StepDraft {
  const reason = findCondition(pod.status.conditions, 'DisruptionTarget')?.reason ?? '';
  const grace = pod.metadata.deletionGracePeriodSeconds ?? 0;
  return { lane: 'pods', tone: 'plain', what: DISRUPTIONS[reason] ?? 'pod.terminating', values: { grace } };
}

function phase(pod: Pod, before: Pod, actor: string, steps: StepDraft[]): void {
  const now = pod.status.phase;
  if (now === before.status.phase) return;
  if (now === 'Running') steps.push({ lane: 'pods', tone: 'plain', what: 'pod.running' });
  else if (now === 'Succeeded') steps.push({ lane: 'pods', tone: 'good', what: 'pod.succeeded' });
  else if (now === 'Failed') steps.push({ lane: 'pods', tone: 'bad', ...failure(pod, actor) });
}

/** That its containers have ended is known only where their kubelet says so. upstream: pkg/controller/podgc markFailedAndDeletePodWithCondition */
function failure({ status, spec }: Pod, actor: string): Pick<StepDraft, 'what' | 'values'> {
  if (actor.endsWith(':pod-garbage-collector')) return { what: 'pod.failedByCollector', values: { node: spec.nodeName ?? '' } };
  const { reason = '' } = status;
  return reason === '' ? { what: 'pod.failed' } : { what: 'pod.failedFor', values: { reason } };
}

function readiness(pod: Pod, before: Pod, actor: string, steps: StepDraft[]): void {
  const ready = isConditionTrue(pod.status.conditions, 'Ready');
  if (ready === isConditionTrue(before.status.conditions, 'Ready')) return;
  if (ready) steps.push({ lane: 'pods', tone: 'good', what: 'pod.ready' });
  // upstream: node_lifecycle_controller.go markPodsNotReady: the kubelet is not asked, it is silent.
  else if (actor.endsWith(':node-controller'))
    steps.push({ lane: 'pods', tone: 'bad', what: 'pod.notReadyByNode', values: { node: pod.spec.nodeName ?? '' } });
  else steps.push({ lane: 'pods', tone: pod.metadata.deletionTimestamp === undefined ? 'bad' : 'plain', what: 'pod.notReady' });
}

function containers(now: readonly Status[] | undefined, before: readonly Status[] | undefined, steps: StepDraft[]): void {
  for (const status of now ?? []) {
    const old = before?.find(({ name }) => name === status.name);
    if (old === status) continue;
    const container = status.name;
    const reason = status.state?.waiting?.reason ?? '';
    if (WAITS.has(reason) && reason !== old?.state?.waiting?.reason)
      steps.push({ lane: 'pods', tone: 'bad', what: `pod.${reason}`, values: { container } });
    if (status.restartCount <= (old?.restartCount ?? 0)) continue;
    const ended = status.lastState?.terminated;
    const values = { container, restarts: status.restartCount, code: ended?.exitCode ?? 0, reason: ended?.reason ?? '' };
    steps.push({ lane: 'pods', tone: 'bad', what: ended?.reason === 'OOMKilled' ? 'pod.outOfMemory' : 'pod.restarted', values });
  }
}

/** Waits that do not end by themselves at once. upstream: kubelet/kuberuntime and images: reasons of ContainerStateWaiting */
const WAITS: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
]);
