// The status of a pod as its kubelet sees it now: everything in it follows from the containers, the sandbox and the phase rules.

import { equal } from '../base/equal.ts';
import { copied, extended } from '../base/extended.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { RESIZE_IN_PROGRESS, RESIZE_PENDING } from '../kinds/core/pod-resize.ts';
import { findCondition } from '../meta/conditions.ts';
import { parseImage } from '../runtime/image-catalogue.ts';
import { imageId } from './container-files.ts';
import { readyAndStarted, shouldRestart } from './container-rules.ts';
import { goDuration } from './go-duration.ts';
import type { ContainerState, Ended, PodState, PodVerdict } from './kubelet-state.ts';
import {
  containersReadyCondition,
  initializedCondition,
  readyCondition,
  readyToStartContainersCondition,
  type Verdict,
} from './pod-conditions.ts';
import { phaseOf, stageOf } from './pod-life.ts';
import { podPhase } from './pod-phase.ts';
import { type Resources, resizeVerdicts } from './pod-resize.ts';
import { type Container, type ContainerStateValue, type ContainerStatus, ephemeralOf, isSidecar, type PodCondition } from './pod-types.ts';
import { resultOf } from './probes.ts';

type Status = Pod['status'];

const NOTHING: Resources = {};

const WAITING: Readonly<Record<string, string>> = {
  'waiting.errImagePull': 'ErrImagePull',
  'waiting.imagePullBackOff': 'ImagePullBackOff',
  'waiting.imageNeverPull': 'ErrImageNeverPull',
  'waiting.invalidImageName': 'InvalidImageName',
  'waiting.configError': 'CreateContainerConfigError',
  'waiting.crashBackOff': 'CrashLoopBackOff',
};

/** upstream: pkg/kubelet/kubelet_pods.go generateAPIPodStatus; `current` keeps what others wrote. */
export function podStatus(pod: PodState, object: Pod, current: Status, hostIP: string, now: string): Status {
  const { spec } = object;
  const stage = stageOf(pod);
  if (stage === 'rejected') return refusedStatus(pod, current);
  const over = stage === 'tearingDown' || stage === 'terminated';
  const hasInit = (spec.initContainers?.length ?? 0) > 0;
  const ephemeral = ephemeralOf(object);
  const waitReason = hasInit ? 'PodInitializing' : 'ContainerCreating';
  const make = (container: Container, kind: 'main' | 'init' | 'sidecar', lost: boolean): ContainerStatus =>
    containerStatus(pod, object, container, kind, waitReason, lost);
  const initLost = over ? initBegun(pod, spec) : 0;
  const mainLost = over && wasInitialized(pod, spec);
  const containerStatuses = spec.containers.map((container) => make(container, 'main', mainLost));
  const initStatuses = (spec.initContainers ?? []).map((container, index) =>
    make(container, isSidecar(container) ? 'sidecar' : 'init', index < initLost),
  );
  const statuses = hasInit ? [...initStatuses, ...containerStatuses] : containerStatuses;
  // While its containers may run, a pod does not say that it has failed. upstream: status_manager.go mergePodStatus
  const verdict = over ? pod.verdict : null;
  // What the kubelet said last prevails over what others write. upstream: kubelet_pods.go generateAPIPodStatus oldPodStatus
  const phase = verdict === null ? podPhase(spec, statuses, over, pod.told === undefined ? current.phase : phaseOf(pod)) : 'Failed';
  const gates = current.conditions ?? [];
  const verdicts = [
    readyToStartContainersCondition(spec.hostNetwork === true, pod.sandbox === '' ? [] : [{ ready: true, ip: pod.ip }]),
    initializedCondition(spec, statuses, phase),
    readyCondition(spec, statuses, gates, phase),
    containersReadyCondition(spec, statuses, phase),
    { type: 'PodScheduled', status: 'True' } as const,
    ...disruption(verdict),
    ...(over ? [] : resizeVerdicts(pod)),
  ];
  const status = copied<Status>(current.reason === undefined && current.message === undefined ? current : withoutReason(current));
  if (verdict !== null) {
    status.reason = verdict.reason;
    status.message = verdict.message;
  }
  status.phase = phase;
  status.conditions = mergeConditions(gates, verdicts, now);
  status.hostIP = hostIP;
  status.hostIPs = [{ ip: hostIP }];
  if (pod.ip !== '') {
    status.podIP = pod.ip;
    status.podIPs = [{ ip: pod.ip }];
  }
  status.startTime = current.startTime ?? pod.startTime;
  if (hasInit) status.initContainerStatuses = initStatuses;
  status.containerStatuses = containerStatuses;
  if (ephemeral.length > 0)
    status.ephemeralContainerStatuses = ephemeral.map((container) =>
      containerStatus(pod, object, container, 'main', 'ContainerCreating', false),
    );
  return status;
}

/** When is a status that others wrote put right? upstream: pkg/kubelet/status/status_manager.go needsReconcile, NeedToReconcilePodReadiness */
export function correction(own: Status, { spec, status }: Pod): 'none' | 'later' | 'now' {
  const { conditions: ours = [], ...mine } = own;
  const { conditions = [], ...given } = status;
  if (ours.length === conditions.length && ours.every((condition) => conditions.includes(condition)) && equal(mine, given)) return 'none';
  const [wanted, said] = [findCondition(ours, 'Ready'), findCondition(conditions, 'Ready')];
  if (spec.readinessGates === undefined || said === undefined) return 'later';
  return wanted?.status === said.status && wanted.message === said.message ? 'later' : 'now';
}

function withoutReason({ reason: _reason, message: _message, ...status }: Status): Status {
  return status;
}

function disruption(verdict: PodVerdict | null): readonly Verdict[] {
  if (verdict?.disrupted === undefined) return [];
  return [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message: verdict.message }];
}

/** Did the pod come past its init containers? upstream: pkg/kubelet/status/status_manager.go hasPodInitialized */
function wasInitialized({ containers }: PodState, { containers: main, initContainers = [] }: Pod['spec']): boolean {
  const last = initContainers.at(-1);
  if (last === undefined || main.some(({ name }) => (containers[name]?.id ?? '') !== '')) return true;
  const { ended, previous } = containers[last.name] ?? {};
  return ended?.exitCode === 0 || previous?.exitCode === 0;
}

/** How many init containers had their turn; the first one counts in any case. upstream: initializedContainers */
function initBegun({ containers }: PodState, { initContainers = [] }: Pod['spec']): number {
  return Math.max(1, initContainers.findLastIndex(({ name }) => (containers[name]?.id ?? '') !== '') + 1);
}

/** Of a pod that was not let in there is nothing else to tell. upstream: pkg/kubelet/kubelet.go rejectPod, status_manager.go mergePodStatus */
function refusedStatus(pod: PodState, { conditions = [], qosClass, startTime = pod.startTime }: Status): Status {
  const others = conditions.filter(({ type }) => !OWN_CONDITIONS.has(type));
  return {
    phase: 'Failed',
    ...(others.length > 0 && { conditions: others }),
    ...(pod.verdict !== null && { reason: pod.verdict.reason, message: pod.verdict.message }),
    startTime,
    ...(qosClass !== undefined && { qosClass }),
  };
}

/** upstream: pkg/kubelet/types/pod_status.go PodConditionsByKubelet */
const OWN_CONDITIONS: ReadonlySet<string> = new Set([
  ...['PodScheduled', 'Ready', 'Initialized', 'ContainersReady', 'PodReadyToStartContainers'],
  ...[RESIZE_PENDING, RESIZE_IN_PROGRESS],
]);

/** The kubelet's own, which go when there is nothing to say. */
const RESIZING: ReadonlySet<string> = new Set([RESIZE_PENDING, RESIZE_IN_PROGRESS]);

function mergeConditions(current: readonly PodCondition[], verdicts: readonly Verdict[], now: string): readonly PodCondition[] {
  const mine = verdicts.map((verdict): PodCondition => {
    const known = findCondition(current, verdict.type);
    if (known !== undefined && saysTheSame(known, verdict)) return known;
    const lastTransitionTime = known?.status === verdict.status ? (known.lastTransitionTime ?? now) : now;
    const condition = copied<Verdict & { readonly lastTransitionTime?: string }>(verdict);
    condition.lastTransitionTime = lastTransitionTime;
    return condition;
  });
  const isOwn = ({ type }: PodCondition): boolean => RESIZING.has(type) || verdicts.some((verdict) => verdict.type === type);
  const others = current.filter((condition) => !isOwn(condition));
  return others.length === 0 ? mine : [...mine, ...others];
}

/** Nothing besides, either, which another may have written. */
function saysTheSame(known: PodCondition, verdict: Verdict): boolean {
  const { status, reason, message, lastTransitionTime } = known;
  const isAlike = status === verdict.status && reason === verdict.reason && message === verdict.message;
  return isAlike && lastTransitionTime !== undefined && Object.keys(known).length === Object.keys(verdict).length + 1;
}

function containerStatus(
  pod: PodState,
  object: Pod,
  spec: Container,
  kind: 'main' | 'init' | 'sidecar',
  waitReason: string,
  lost: boolean,
): ContainerStatus {
  const container = pod.containers[spec.name];
  const image = container?.madeOf ?? spec.image ?? '';
  if (container === undefined || container.id === '')
    return unborn(
      spec.name,
      image,
      container === undefined ? waitReason : (WAITING[container.life.value] ?? waitReason),
      messageOf(pod, object, spec, container),
      lost,
    );
  const state = stateOf(pod, object, spec, container);
  const { ready, started } = readyAndStarted({
    kind,
    state,
    hasReadiness: spec.readinessProbe !== undefined,
    hasStartup: spec.startupProbe !== undefined,
    readiness: resultOf(container, 'readiness'),
    startup: resultOf(container, 'startup'),
  });
  const last = state.terminated === undefined && container.ended !== null ? container.ended : container.previous;
  const { resources = NOTHING } = spec;
  const { requests = {} } = resources;
  const actual = pod.resize?.actual?.[spec.name];
  const status = {
    name: spec.name,
    state,
    lastState: last === null ? {} : { terminated: last },
    ready,
    restartCount: container.restarts,
    image: parseImage(image).full,
    imageID: imageId(image),
    containerID: container.id,
    started,
    resources: state.running === undefined ? resources : (actual ?? resources),
  };
  return Object.keys(requests).length === 0 ? status : extended(status, { allocatedResources: requests });
}

function unborn(name: string, image: string, reason: string, message: string, lost: boolean): ContainerStatus {
  const waiting = message === '' ? { reason } : { reason, message };
  const state: ContainerStateValue = lost ? { terminated: LOST } : { waiting };
  return { name, state, lastState: {}, ready: false, restartCount: 0, image, imageID: '', started: false };
}

/** upstream: pkg/kubelet/kubelet_pods.go convertToAPIContainerStatuses: a container that never was, in a pod that is over. */
const LOST = {
  exitCode: 137,
  reason: 'ContainerStatusUnknown',
  message: 'The container could not be located when the pod was terminated',
} as const;

function stateOf(pod: PodState, object: Pod, spec: Container, container: ContainerState): ContainerStateValue {
  if (container.process !== null) return { running: { startedAt: container.startedAt } };
  const reason = WAITING[container.life.value];
  if (reason !== undefined) return { waiting: { reason, message: messageOf(pod, object, spec, container) } };
  const ended = container.ended as Ended;
  const { hookFault } = container;
  const policy = isSidecar(spec) ? 'Always' : object.spec.restartPolicy;
  const isDone = !shouldRestart(policy, object.metadata.deletionTimestamp !== undefined, { state: 'exited', exitCode: ended.exitCode });
  return hookFault === undefined || isDone ? { terminated: ended } : { waiting: { reason: 'PostStartHookError', message: hookFault } };
}

function messageOf(pod: PodState, object: Pod, spec: Container, container: ContainerState | undefined): string {
  switch (container?.life.value) {
    case 'waiting.imagePullBackOff':
      return `Back-off pulling image "${spec.image ?? ''}": ErrImagePull: ${container.trouble}`;
    case 'waiting.crashBackOff': {
      const { namespace, name } = object.metadata;
      const wait = goDuration(container.crash?.waitMs ?? 0);
      return `back-off ${wait} restarting failed container=${spec.name} pod=${name}_${namespace}(${pod.uid})`;
    }
    case 'waiting.errImagePull':
    case 'waiting.imageNeverPull':
    case 'waiting.invalidImageName':
    case 'waiting.configError':
      return container.trouble;
    default:
      return '';
  }
}
