// The pod conditions the kubelet writes, computed from container statuses: what Ready means is decided here alone.

import { extended } from '../base/extended.ts';
import { flat } from '../base/flat.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { goQuote } from '../meta/go-quote.ts';
import { anyRegularStarted } from './pod-phase.ts';
import { type Container, type ContainerStatus, isSidecar, type PodCondition, statusOf } from './pod-types.ts';

/** A condition without its times. */
export interface Verdict {
  readonly type: string;
  readonly status: 'True' | 'False';
  readonly reason?: string;
  readonly message?: string;
}

type Statuses = readonly ContainerStatus[] | null;
type Spec = Pod['spec'];

/** upstream: pkg/kubelet/status/generate.go GenerateContainersReadyCondition */
export function containersReadyCondition(spec: Spec, statuses: Statuses, phase: string): Verdict {
  const type = 'ContainersReady';
  if (statuses === null) return { type, status: 'False', reason: 'UnknownContainerStatuses' };
  const { containers = [], initContainers = [] } = spec;
  const judged = initContainers.length === 0 ? containers : [...initContainers.filter(isSidecar), ...containers];
  const [unknown, unready] = sift(judged, statuses, (status) => status.ready);
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { type, status: 'False', reason: 'PodFailed' };
  if (unknown.length + unready.length === 0) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotReady', message: listed(unknown, unready, 'unready') };
}

/** upstream: pkg/kubelet/status/generate.go GeneratePodReadyCondition */
export function readyCondition(spec: Spec, statuses: Statuses, conditions: readonly PodCondition[], phase: string): Verdict {
  const containers = containersReadyCondition(spec, statuses, phase);
  if (containers.status !== 'True') return extended(containers, { type: 'Ready' });
  const messages: string[] = [];
  for (const { conditionType } of spec.readinessGates ?? []) {
    const gate = conditions.find((condition) => condition.type === conditionType);
    if (gate === undefined) messages.push(`corresponding condition of pod readiness gate ${goQuote(conditionType)} does not exist.`);
    else if (gate.status !== 'True')
      messages.push(`the status of pod readiness gate ${goQuote(conditionType)} is not "True", but ${gate.status}`);
  }
  if (messages.length > 0) return { type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') };
  return { type: 'Ready', status: 'True' };
}

/** upstream: pkg/kubelet/status/generate.go GeneratePodInitializedCondition */
export function initializedCondition(spec: Spec, statuses: Statuses, phase: string): Verdict {
  const type = 'Initialized';
  const initContainers = spec.initContainers ?? [];
  if (statuses === null && initContainers.length > 0) return { type, status: 'False', reason: 'UnknownContainerStatuses' };
  const known = statuses ?? [];
  const [unknown, incomplete] = sift(initContainers, known, (status, container) =>
    isSidecar(container) ? status.started === true : status.ready,
  );
  if (phase === 'Succeeded' && unknown.length === 0) return { type, status: 'True', reason: 'PodCompleted' };
  if (unknown.length + incomplete.length === 0 || anyRegularStarted(spec, known)) return { type, status: 'True' };
  return { type, status: 'False', reason: 'ContainersNotInitialized', message: listed(unknown, incomplete, 'incomplete') };
}

/** Has the pod a sandbox with an address (the host's network needs none)? upstream: pkg/kubelet/status/generate.go GeneratePodReadyToStartContainersCondition */
export function readyToStartContainersCondition(
  hostNetwork: boolean,
  sandboxes: readonly { readonly ready: boolean; readonly ip?: string }[],
): Verdict {
  const [newest] = sandboxes;
  const usable =
    newest?.ready === true && (hostNetwork || (newest.ip ?? '') !== '') && sandboxes.filter((sandbox) => sandbox.ready).length <= 1;
  return { type: 'PodReadyToStartContainers', status: usable ? 'True' : 'False' };
}

function sift(
  containers: readonly Container[],
  statuses: readonly ContainerStatus[],
  good: (status: ContainerStatus, container: Container) => boolean,
): readonly [unknown: string[], bad: string[]] {
  const unknown: string[] = [];
  const bad: string[] = [];
  for (let index = 0; index < containers.length; index += 1) {
    const container = containers[index] as Container;
    const status = statusOf(statuses, container.name);
    if (status === undefined) unknown.push(container.name);
    else if (!good(status, container)) bad.push(container.name);
  }
  return [unknown, bad];
}

function listed(unknown: readonly string[], bad: readonly string[], word: string): string {
  const messages: string[] = [];
  if (unknown.length > 0) messages.push(`containers with unknown status: [${unknown.join(' ')}]`);
  if (bad.length > 0) messages.push(`containers with ${word} status: [${bad.join(' ')}]`);
  return messages.length === 1 ? flat(messages[0] as string) : messages.join(', ');
}
