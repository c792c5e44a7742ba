// Why a pod gets no traffic: which probe of which container says no, what its last results were, or which pods of a Service they are.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import { isPodTerminal } from '../../engine/controllers/pod-state.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { isSidecar } from '../../engine/kinds/core/pod-spec.ts';
import type { Service } from '../../engine/kinds/core/service.ts';
import type { ContainerState } from '../../engine/kubelet/kubelet-state.ts';
import { isConditionTrue } from '../../engine/meta/conditions.ts';
import { selectorForMap } from '../../engine/meta/label-selector.ts';
import { type ApiObject, keyOf } from '../../engine/meta/object.ts';
import { settings } from '../settings.ts';
import { type ContainerSpec, containersOf, nodeAnswers } from './kubelet-memory.ts';
import { line, type Question } from './question.ts';

type Probe = NonNullable<ContainerSpec['readinessProbe']>;

const PODS_MAX = 20;

export const endpointNotReady: Question = {
  name: 'endpointNotReady',
  answer: (cluster, kind, object) => {
    if (kind === 'Pod') return ofPod(cluster, object as Pod);
    return kind === 'Service' ? ofService(cluster, object as Service) : [];
  },
};

function ofService(cluster: Cluster, { metadata, spec }: Service): readonly WhyLine[] {
  const { selector } = spec;
  if (selector === undefined || Object.keys(selector).length === 0) return [line('noSelector')];
  const matches = selectorForMap(selector);
  // upstream: staging/src/k8s.io/endpointslice/util ShouldPodBeInEndpoints
  const pods = ([...cluster.store.table('Pod').values()] as Pod[]).filter(
    (pod) => pod.metadata.namespace === metadata.namespace && matches(pod.metadata.labels) && !isPodTerminal(pod),
  );
  const text = Object.entries(selector)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
  if (pods.length === 0) return [line('noPods', { selector: text })];
  const unready = pods.filter((pod) => !isReady(pod) || isGoing(pod));
  const told = unready.slice(0, PODS_MAX).map((pod) => {
    if (isGoing(pod)) return line('podGoes', { pod: pod.metadata.name }, { about: { kind: 'Pod', key: keyOf(pod) } });
    const [first] = whyNot(cluster, pod);
    const about = { kind: 'Pod', key: keyOf(pod) };
    return first === undefined
      ? line('podWaits', { pod: pod.metadata.name, phase: pod.status.phase ?? '' }, { about })
      : { ...first, about };
  });
  return unready.length === 0 ? [] : [line('some', { count: unready.length, all: pods.length }), ...told];
}

function ofPod(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  if (isReady(pod) || pod.status.phase === 'Succeeded') return [];
  const lines = whyNot(cluster, pod);
  return lines.length === 0 ? [] : [...lines, ...services(cluster, pod)];
}

/** Only of pods that have begun: what keeps a pod from beginning is another question. */
function whyNot(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  const node = pod.spec.nodeName ?? '';
  if (node === '' || isGoing(pod)) return [];
  const values = { pod: pod.metadata.name };
  const lines: WhyLine[] = [];
  if (!nodeAnswers(cluster, node)) lines.push(line('nodeSilent', { ...values, node }, { about: { kind: 'Node', key: node } }));
  const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])];
  const before = (pod.spec.initContainers ?? []).filter((container) => !isSidecar(container)).map(({ name }) => name);
  for (const { spec, state } of containersOf(cluster, pod)) {
    const status = statuses.find(({ name }) => name === spec.name);
    if (status === undefined || status.ready === true || before.includes(spec.name)) continue;
    if (state.process !== null) lines.push(...ofProbe(pod, spec, state));
    else if (status.state?.terminated !== undefined)
      lines.push(line('ended', { ...values, container: spec.name, code: status.state.terminated.exitCode }));
    else if (pod.status.phase === 'Running')
      lines.push(line('waits', { ...values, container: spec.name, reason: status.state?.waiting?.reason ?? '' }));
  }
  for (const gate of pod.spec.readinessGates ?? [])
    if (!isConditionTrue(pod.status.conditions, gate.conditionType)) lines.push(line('gate', { ...values, gate: gate.conditionType }));
  return lines;
}

/** The startup probe rules until it has succeeded; then the readiness probe does. */
function ofProbe({ metadata }: Pod, spec: ContainerSpec, state: ContainerState): readonly WhyLine[] {
  const isStarting = spec.startupProbe !== undefined && state.probes?.startup?.result !== 'success';
  const probe = isStarting ? spec.startupProbe : spec.readinessProbe;
  if (probe === undefined) return [];
  const worker = isStarting ? state.probes?.startup : state.probes?.readiness;
  const values = { pod: metadata.name, container: spec.name, probe: isStarting ? 'startupProbe' : 'readinessProbe', asks: actionOf(probe) };
  const period = `${probe.periodSeconds ?? 10} s`;
  const every = { period: settings.probePeriod };
  if (worker === undefined || worker.last === null || worker.containerId !== state.id) {
    const delay = `${probe.initialDelaySeconds ?? 0} s`;
    return [line('notAsked', { ...values, period, delay }, { settings: { ...every, delay: settings.probeDelay } })];
  }
  if (worker.last === 'failure') {
    const failures = isStarting ? (probe.failureThreshold ?? 3) : 0;
    if (isStarting)
      return [
        line('starting', { ...values, period, run: worker.run, failures }, { settings: { ...every, failures: settings.probeFailures } }),
      ];
    return [line('fails', { ...values, period, run: worker.run }, { settings: every })];
  }
  const successes = probe.successThreshold ?? 1;
  return [
    line('notYet', { ...values, period, run: worker.run, successes }, { settings: { ...every, successes: settings.probeSuccesses } }),
  ];
}

function actionOf({ httpGet, tcpSocket, exec, grpc }: Probe): string {
  if (httpGet !== undefined) return `HTTP GET :${httpGet.port}${httpGet.path ?? '/'}`;
  if (tcpSocket !== undefined) return `TCP :${tcpSocket.port}`;
  if (grpc !== undefined) return `gRPC :${grpc.port}`;
  return `exec ${(exec?.command ?? []).join(' ')}`;
}

function services(cluster: Cluster, pod: Pod): readonly WhyLine[] {
  const found = ([...cluster.store.table('Service').values()] as Service[]).filter(({ metadata, spec }) => {
    const { selector } = spec;
    if (metadata.namespace !== pod.metadata.namespace || selector === undefined || Object.keys(selector).length === 0) return false;
    return selectorForMap(selector)(pod.metadata.labels);
  });
  const [first] = found as readonly ApiObject[];
  if (first === undefined) return [];
  const names = found.map(({ metadata }) => metadata.name);
  return [line('outOf', { count: names.length }, { names, about: { kind: 'Service', key: keyOf(first) } })];
}

function isGoing({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined;
}

function isReady({ status }: Pod): boolean {
  return isConditionTrue(status.conditions, 'Ready');
}
