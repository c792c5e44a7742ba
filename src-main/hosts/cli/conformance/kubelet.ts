// Suites of the kubelet's rules: pod phase and conditions, restarts, probes.

import type { Pod } from '../../../engine/kinds/core/pod.ts';
import type { ContainerRun, ProbeResult } from '../../../engine/kubelet/container-rules.ts';
import { readyAndStarted, shouldRestart } from '../../../engine/kubelet/container-rules.ts';
import {
  containersReadyCondition,
  initializedCondition,
  readyCondition,
  readyToStartContainersCondition,
} from '../../../engine/kubelet/pod-conditions.ts';
import { podPhase } from '../../../engine/kubelet/pod-phase.ts';
import {
  type ContainerStateValue,
  type ContainerStatus,
  type PodCondition,
  type Probe,
  type ProbeType,
  statusOf,
} from '../../../engine/kubelet/pod-types.ts';
import { newProbeWorker, tickProbe } from '../../../engine/kubelet/probe-worker.ts';
import { compareWherePresent } from './compare.ts';
import type { SuiteRunner } from './run-conformance.ts';
import { wholeCasePod } from './whole-object.ts';

interface ProbeStep {
  readonly podStatus: { phase?: string; containerStatuses?: ContainerStatus[]; initContainerStatuses?: ContainerStatus[] } | null;
  readonly runningForSeconds: number;
  readonly deleting: boolean;
  readonly outcome: 'success' | 'failure';
}
interface ProbeCase {
  readonly type: ProbeType;
  readonly containerName: string;
  readonly restartPolicy: string;
  readonly probe: Probe;
  readonly steps: readonly ProbeStep[];
}
interface ConditionCase {
  readonly condition: 'ContainersReady' | 'Ready' | 'Initialized';
  readonly spec: Pod['spec'];
  readonly containerStatuses?: readonly ContainerStatus[] | null;
  readonly podConditions?: readonly PodCondition[];
  readonly phase?: string;
}

export const kubeletSuites: Readonly<Record<string, SuiteRunner>> = {
  'pod.phase': ({ pod: given, terminal, previousPhase }: { pod: Pod; terminal?: boolean; previousPhase?: string }) => {
    const pod = wholeCasePod(given);
    const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
    return { phase: podPhase(pod.spec, statuses, terminal ?? false, previousPhase) };
  },
  'pod.conditions': { run: condition, compare: compareWherePresent },
  'pod.ready-to-start': ({ sandboxes = [] }: { sandboxes?: { ready: boolean; ip?: string }[] }) =>
    readyToStartContainersCondition(false, sandboxes),
  'container.restart': ({ pod, history }: { pod: Pod; history?: readonly ContainerRun[] }) => {
    const { metadata, spec } = wholeCasePod(pod);
    return { restart: shouldRestart(spec.restartPolicy, metadata.deletionTimestamp !== undefined, history?.[0]) };
  },
  'probe.container-ready': { run: containerReady, compare: compareWherePresent },
  'probe.worker': ({ type, containerName, restartPolicy, probe, steps }: ProbeCase) => {
    const worker = newProbeWorker();
    return {
      steps: steps.map((step) => {
        const { podStatus, runningForSeconds, deleting, outcome } = step;
        const status = statusOf([...(podStatus?.containerStatuses ?? []), ...(podStatus?.initContainerStatuses ?? [])], containerName);
        const view = {
          whose: () => containerName,
          phase: podStatus === null || podStatus === undefined ? null : (podStatus.phase ?? ''),
          containerId: status?.containerID ?? '',
          running: status?.state?.running !== undefined,
          terminated: status?.state?.terminated !== undefined,
          started: status?.started === true,
          runningForMs: runningForSeconds * 1000,
          deleting,
          restartable: restartPolicy !== 'Never',
          outcome: () => outcome,
        };
        return { keepProbing: tickProbe(worker, type, probe, view, 0), result: worker.result };
      }),
    };
  },
};

function condition({ condition: type, spec, containerStatuses = null, podConditions = [], phase = '' }: ConditionCase) {
  const verdict = {
    ContainersReady: () => containersReadyCondition(spec, containerStatuses, phase),
    Ready: () => readyCondition(spec, containerStatuses, podConditions, phase),
    Initialized: () => initializedCondition(spec, containerStatuses, phase),
  }[type]();
  return { reason: '', message: '', ...verdict };
}

interface ReadyCase {
  readonly kind: 'main' | 'init' | 'sidecar';
  readonly state?: ContainerStateValue;
  readonly probes?: readonly ProbeType[];
  readonly results?: { readonly readiness: ProbeResult | null; readonly startup: ProbeResult | null };
}

function containerReady({ kind, state = {}, probes = [], results }: ReadyCase) {
  return readyAndStarted({
    kind,
    state,
    readiness: results?.readiness ?? null,
    startup: results?.startup ?? null,
    hasReadiness: probes.includes('readiness'),
    hasStartup: probes.includes('startup'),
  });
}
