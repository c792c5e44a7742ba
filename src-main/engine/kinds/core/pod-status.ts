// What `kubectl get pods` says of a pod: one word for its state, found by upstream's subtle order of precedence. upstream: printers.go printPod (release 1.33)
import type * as core from 'kubernetes-types/core/v1.d.ts';
import type { Value } from '../../meta/object.ts';
import { isSidecar } from './pod-spec.ts';

type ContainerStatus = Value<core.ContainerStatus>;

/** What is read of a pod. */
export interface PodForStatus {
  readonly metadata: { readonly deletionTimestamp?: string };
  readonly spec: Value<Partial<Pick<core.PodSpec, 'containers' | 'initContainers'>>>;
  readonly status: Value<core.PodStatus>;
}

export interface PodStatusColumn {
  /** Ready containers, sidecars among them. */
  readonly ready: number;
  readonly containers: number;
  readonly status: string;
  readonly restarts: number;
  /** When the last of the counted restarts followed a termination. */
  readonly lastRestart: string | undefined;
}

export function podStatusColumn(pod: PodForStatus): PodStatusColumn {
  const init = initialized(pod);
  const main = init.reason === undefined || isInitialized(pod) ? ran(pod, init) : undefined;
  return {
    ready: init.ready + (main?.ready ?? 0),
    containers: (pod.spec.containers ?? []).length + (pod.spec.initContainers ?? []).filter(isSidecar).length,
    status: ended(pod) ?? main?.reason ?? init.reason ?? phaseText(pod),
    restarts: main?.restarts ?? init.restarts,
    lastRestart: main === undefined ? init.lastRestart : main.lastRestart,
  };
}

interface Count {
  ready: number;
  restarts: number;
  lastRestart: string | undefined;
  reason: string | undefined;
}

interface InitCount extends Count {
  readonly sidecars: Count;
}

function initialized(pod: PodForStatus): InitCount {
  const sidecars: Count = { ready: 0, restarts: 0, lastRestart: undefined, reason: undefined };
  const all: InitCount = { ready: 0, restarts: 0, lastRestart: undefined, reason: undefined, sidecars };
  for (const [index, status] of (pod.status.initContainerStatuses ?? []).entries()) {
    const sidecar = isSidecar(pod.spec.initContainers?.find(({ name }) => name === status.name));
    addRestarts(all, status);
    if (sidecar) addRestarts(sidecars, status);
    if (status.state?.terminated?.exitCode === 0) continue;
    if (sidecar && status.started === true) {
      if (status.ready) all.ready += 1;
      continue;
    }
    all.reason = initReason(status, index, (pod.spec.initContainers ?? []).length);
    break;
  }
  return all;
}

function initReason({ state }: ContainerStatus, index: number, total: number): string {
  if (state?.terminated !== undefined) return `Init:${terminatedText(state.terminated)}`;
  const waiting = state?.waiting?.reason ?? '';
  return waiting !== '' && waiting !== 'PodInitializing' ? `Init:${waiting}` : `Init:${index}/${total}`;
}

function ran(pod: PodForStatus, { sidecars, reason }: InitCount): Count {
  const count: Count = { ready: sidecars.ready, restarts: sidecars.restarts, lastRestart: sidecars.lastRestart, reason };
  let running = false;
  for (const status of (pod.status.containerStatuses ?? []).toReversed()) {
    addRestarts(count, status);
    const { waiting, terminated, running: started } = status.state ?? {};
    if ((waiting?.reason ?? '') !== '') count.reason = waiting?.reason;
    else if (terminated !== undefined) count.reason = terminatedText(terminated);
    else if (status.ready && started !== undefined) {
      running = true;
      count.ready += 1;
    }
  }
  if ((count.reason ?? phaseText(pod)) === 'Completed' && running) count.reason = isConditionTrue(pod, 'Ready') ? 'Running' : 'NotReady';
  return count;
}

function addRestarts(count: Count, status: ContainerStatus): void {
  count.restarts += status.restartCount ?? 0;
  const at = status.lastState?.terminated?.finishedAt;
  if (at !== undefined && at !== null && (count.lastRestart === undefined || count.lastRestart < at)) count.lastRestart = at;
}

function terminatedText({ reason, signal, exitCode }: Value<core.ContainerStateTerminated>): string {
  if ((reason ?? '') !== '') return reason as string;
  return (signal ?? 0) !== 0 ? `Signal:${signal}` : `ExitCode:${exitCode}`;
}

function phaseText({ status }: PodForStatus): string {
  const gated = (status.conditions ?? []).some(({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated');
  if (gated) return 'SchedulingGated';
  return (status.reason ?? '') !== '' ? (status.reason as string) : (status.phase ?? '');
}

function ended({ metadata, status }: PodForStatus): string | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  if (status.reason === 'NodeLost') return 'Unknown';
  return status.phase === 'Succeeded' || status.phase === 'Failed' ? undefined : 'Terminating';
}

function isInitialized(pod: PodForStatus): boolean {
  return isConditionTrue(pod, 'Initialized');
}

function isConditionTrue({ status }: PodForStatus, type: string): boolean {
  return (status.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
}
