// Where the lives of an object are on their statecharts, read from the memory of the component that lives them or from what the object itself says.
import type { ObjectDetail } from '../contract/bridge.ts';
import { parseTimestamp } from '../engine/base/timestamp.ts';
import type { Cluster } from '../engine/cluster.ts';
import { progressState } from '../engine/controllers/deployment/progress.ts';
import { stuckCheckMs } from '../engine/controllers/deployment/status.ts';
import type { DeploymentMemory } from '../engine/controllers/deployment-controller.ts';
import type { NodeLifeMemory } from '../engine/controllers/node-life/node-monitor.ts';
import { evictionState, readyState } from '../engine/controllers/node-life/node-states.ts';
import { zoneOf } from '../engine/controllers/node-life/zone-state.ts';
import { protectionState } from '../engine/controllers/protect.ts';
import type { Deployment } from '../engine/kinds/apps/deployment.ts';
import type { Node } from '../engine/kinds/core/node.ts';
import { claimProtectionFinalizer, volumeProtectionFinalizer } from '../engine/kinds/core/volume-annotations.ts';
import type { KubeletState } from '../engine/kubelet/kubelet-state.ts';
import { findCondition } from '../engine/meta/conditions.ts';
import { type ApiObject, keyOf } from '../engine/meta/object.ts';
import { unschedulableReasons, type Verdicts } from '../engine/scheduler/verdicts.ts';
import type { Life } from '../engine/statecharts/interpreter.ts';

type Lives = ObjectDetail['lives'];
type LifeRecord = Lives[number];
type Reader = (cluster: Cluster, object: ApiObject) => Lives;

const readers: Readonly<Record<string, Reader>> = {
  Pod: livesOfPod,
  Node: (cluster, node) => [lifeOfNode(cluster, node as Node)],
  'Deployment.apps': (cluster, deployment) => [lifeOfRollout(cluster, deployment as Deployment)],
  PersistentVolumeClaim: (_, claim) => lifeByPhase('claim', claim, claimProtectionFinalizer),
  PersistentVolume: (_, volume) => lifeByPhase('volume', volume, volumeProtectionFinalizer),
  'VolumeAttachment.storage.k8s.io': livesOfAttachment,
};

export function livesOf(cluster: Cluster, kind: string, object: ApiObject): Lives {
  return readers[kind]?.(cluster, object) ?? [];
}

/** Why the scheduler put the pod on no node, node by node. */
export function whyUnscheduled(cluster: Cluster, kind: string, key: string): ObjectDetail['unschedulable'] {
  if (kind !== 'Pod') return [];
  const memory = cluster.components.memoryOf('default-scheduler') as { readonly verdicts: Verdicts } | undefined;
  const verdict = memory === undefined ? null : unschedulableReasons(memory, key);
  return Object.entries(verdict?.nodes ?? {}).map(([node, reasons]) => ({ node, reasons }));
}

/** A life that its owner holds, with the delays that run. */
function held(cluster: Cluster, chart: string, title: string, { value, sinceMs, timers }: Life): LifeRecord {
  const waits = Object.entries(timers).flatMap(([name, id]) => {
    const dueMs = cluster.timeline.dueMs(id);
    return dueMs === null ? [] : [{ name, fromMs: sinceMs, dueMs }];
  });
  return { chart, title, state: value, sinceMs, waits };
}

function livesOfPod(cluster: Cluster, { metadata }: ApiObject): Lives {
  const memory = cluster.components.memoryOf('kubelet') as KubeletState | undefined;
  const pod = memory?.pods[metadata.uid];
  if (pod === undefined) return [];
  const lives: LifeRecord[] = [held(cluster, 'pod', 'Pod', pod.life)];
  for (const [name, container] of Object.entries(pod.containers)) {
    lives.push(held(cluster, 'container', name, container.life));
    for (const [type, probe] of Object.entries(container.probes ?? {})) lives.push(held(cluster, 'probe', `${name} · ${type}`, probe.life));
  }
  return lives;
}

function livesOfAttachment(cluster: Cluster, { kind, metadata }: ApiObject): Lives {
  const memory = cluster.components.memoryOf('csi-attacher') as
    | { readonly attachments: Readonly<Record<string, { readonly life: Life }>> }
    | undefined;
  const attachment = memory?.attachments[metadata.name];
  return attachment === undefined ? [] : [held(cluster, 'attachment', kind, attachment.life)];
}

function lifeOfNode(cluster: Cluster, node: Node): LifeRecord {
  const memory = cluster.components.memoryOf('node-controller') as NodeLifeMemory | undefined;
  const { name } = node.metadata;
  const ready = findCondition(node.status.conditions, 'Ready');
  const isQueued = memory?.queues[zoneOf(node)]?.waiting.includes(name) ?? false;
  const lease = memory?.health[name]?.lease ?? 'fresh';
  const silent = cluster.timeline.countdowns().find(({ sequence }) => sequence === memory?.silent[name]);
  return {
    chart: 'node',
    title: node.kind,
    state: `lease.${lease}|ready.${readyState(ready?.status)}|eviction.${evictionState(node, isQueued, ready?.status)}`,
    sinceMs: momentOf(cluster, ready?.lastTransitionTime),
    waits: silent?.countdown ? [{ name: 'grace', fromMs: silent.countdown.fromMs, dueMs: silent.dueMs }] : [],
  };
}

function lifeOfRollout(cluster: Cluster, deployment: Deployment): LifeRecord {
  const memory = cluster.components.memoryOf('deployment-controller') as DeploymentMemory | undefined;
  const { work, sinceMs } = memory?.rollouts[keyOf(deployment)] ?? { work: 'unseen', sinceMs: null };
  const { nowMs, unixMs } = cluster.timeline;
  const progress = progressState(deployment.status);
  const leftMs = progress === 'complete' ? null : stuckCheckMs(deployment, deployment.status, unixMs);
  const fromMs = momentOf(cluster, findCondition(deployment.status.conditions, 'Progressing')?.lastUpdateTime);
  return {
    chart: 'rollout',
    title: deployment.kind,
    state: `work.${work}|progress.${progress}`,
    sinceMs,
    waits: leftMs === null || fromMs === null ? [] : [{ name: 'progressDeadline', fromMs, dueMs: nowMs + leftMs }],
  };
}

/** Phase and finalizer are all there is to know of it. */
function lifeByPhase(chart: string, object: ApiObject, finalizer: string): Lives {
  const phase = (object as { status?: { phase?: string } }).status?.phase ?? 'Pending';
  return [
    { chart, title: object.kind, state: `phase.${phase}|protection.${protectionState(object, finalizer)}`, sinceMs: null, waits: [] },
  ];
}

function momentOf({ timeline }: Cluster, timestamp: string | null | undefined): number | null {
  const unixMs = parseTimestamp(timestamp ?? '');
  return unixMs === null || unixMs === undefined ? null : unixMs - timeline.epochMs;
}
