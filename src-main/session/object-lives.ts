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
import type { Life } from '../engine/statecharts/interpreter.ts';
import { type LifeWays, UNKNOWN_WAYS } from './life-journal.ts';

type Lives = ObjectDetail['lives'];
type LifeRecord = Lives[number];
type Reader = (cluster: Cluster, object: ApiObject, ways: LifeWays) => Lives;

const readers: Readonly<Record<string, Reader>> = {
  Pod: livesOfPod,
  Node: (cluster, node, ways) => [lifeOfNode(cluster, node as Node, ways)],
  'Deployment.apps': (cluster, deployment, ways) => [lifeOfRollout(cluster, deployment as Deployment, ways)],
  PersistentVolumeClaim: (_, claim, ways) => lifeByPhase('claim', claim, claimState(claim), ways),
  PersistentVolume: (_, volume, ways) => lifeByPhase('volume', volume, volumeState(volume), ways),
  'VolumeAttachment.storage.k8s.io': livesOfAttachment,
};

/** Kinds whose objects tell themselves where their life is. */
const toldByObject: Readonly<Record<string, (cluster: Cluster, object: ApiObject) => string>> = {
  Node: (cluster, node) => nodeState(cluster, node as Node),
  'Deployment.apps': (cluster, deployment) => rolloutState(cluster, deployment as Deployment),
  PersistentVolumeClaim: (_, claim) => claimState(claim),
  PersistentVolume: (_, volume) => volumeState(volume),
};

export const kindsTold: readonly string[] = Object.keys(toldByObject);

export function stateTold(cluster: Cluster, kind: string, object: ApiObject): string | null {
  return toldByObject[kind]?.(cluster, object) ?? null;
}

export function livesOf(cluster: Cluster, kind: string, object: ApiObject, ways: LifeWays = UNKNOWN_WAYS): Lives {
  return readers[kind]?.(cluster, object, ways) ?? [];
}

/** A life that its owner holds and names so, with the delays that run. */
function held(cluster: Cluster, chart: string, title: string, life: Life, steps: LifeRecord['steps']): LifeRecord {
  const { value, sinceMs, timers } = life;
  const waits = Object.entries(timers).flatMap(([name, id]) => {
    const dueMs = cluster.timeline.dueMs(id);
    return dueMs === null ? [] : [{ name, fromMs: sinceMs, dueMs }];
  });
  return { chart, title, state: value, sinceMs, waits, steps };
}

function livesOfPod(cluster: Cluster, { metadata }: ApiObject, ways: LifeWays): Lives {
  const memory = cluster.components.memoryOf('kubelet') as KubeletState | undefined;
  const pod = memory?.pods[metadata.uid];
  if (pod === undefined) return [];
  const lives: LifeRecord[] = [];
  /** As the kubelet's hosts of lives name them. */
  const add = (chart: string, title: string, whose: string, life: Life): void =>
    void lives.push(held(cluster, chart, title, life, ways.ofLife(whose, life.value)));
  add('pod', 'Pod', metadata.uid, pod.life);
  for (const [name, container] of Object.entries(pod.containers)) {
    add('container', name, `${metadata.uid}/${name}`, container.life);
    for (const [type, probe] of Object.entries(container.probes ?? {}))
      add('probe', `${name} · ${type}`, `${metadata.uid}/${name}/${type}`, probe.life);
  }
  return lives;
}

function livesOfAttachment(cluster: Cluster, { kind, metadata }: ApiObject, ways: LifeWays): Lives {
  const memory = cluster.components.memoryOf('csi-attacher') as
    | { readonly attachments: Readonly<Record<string, { readonly life: Life }>> }
    | undefined;
  const attachment = memory?.attachments[metadata.name];
  if (attachment === undefined) return [];
  const { life } = attachment;
  return [held(cluster, 'attachment', kind, life, ways.ofLife(`VolumeAttachment/${metadata.name}`, life.value))];
}

function nodeState(cluster: Cluster, node: Node): string {
  const memory = nodeMemory(cluster);
  const { name } = node.metadata;
  const ready = findCondition(node.status.conditions, 'Ready');
  const isQueued = memory?.queues[zoneOf(node)]?.waiting.includes(name) ?? false;
  const lease = memory?.health[name]?.lease ?? 'fresh';
  return `lease.${lease}|ready.${readyState(ready?.status)}|eviction.${evictionState(node, isQueued, ready?.status)}`;
}

function nodeMemory(cluster: Cluster): NodeLifeMemory | undefined {
  return cluster.components.memoryOf('node-controller') as NodeLifeMemory | undefined;
}

function lifeOfNode(cluster: Cluster, node: Node, ways: LifeWays): LifeRecord {
  const ready = findCondition(node.status.conditions, 'Ready');
  const silence = nodeMemory(cluster)?.silent[node.metadata.name];
  const silent = cluster.timeline.countdowns().find(({ sequence }) => sequence === silence);
  return {
    chart: 'node',
    title: node.kind,
    state: nodeState(cluster, node),
    sinceMs: momentOf(cluster, ready?.lastTransitionTime),
    waits: silent?.countdown ? [{ name: 'grace', fromMs: silent.countdown.fromMs, dueMs: silent.dueMs }] : [],
    steps: ways.ofObject('Node', node),
  };
}

function rolloutState(cluster: Cluster, deployment: Deployment): string {
  return `work.${rolloutMemory(cluster, deployment).work}|progress.${progressState(deployment.status)}`;
}

function rolloutMemory(cluster: Cluster, deployment: Deployment): { readonly work: string; readonly sinceMs: number | null } {
  const memory = cluster.components.memoryOf('deployment-controller') as DeploymentMemory | undefined;
  return memory?.rollouts[keyOf(deployment)] ?? { work: 'unseen', sinceMs: null };
}

function lifeOfRollout(cluster: Cluster, deployment: Deployment, ways: LifeWays): LifeRecord {
  const { nowMs, unixMs } = cluster.timeline;
  const isComplete = progressState(deployment.status) === 'complete';
  const leftMs = isComplete ? null : stuckCheckMs(deployment, deployment.status, unixMs);
  const fromMs = momentOf(cluster, findCondition(deployment.status.conditions, 'Progressing')?.lastUpdateTime);
  return {
    chart: 'rollout',
    title: deployment.kind,
    state: rolloutState(cluster, deployment),
    sinceMs: rolloutMemory(cluster, deployment).sinceMs,
    waits: leftMs === null || fromMs === null ? [] : [{ name: 'progressDeadline', fromMs, dueMs: nowMs + leftMs }],
    steps: ways.ofObject('Deployment.apps', deployment),
  };
}

const claimState = (claim: ApiObject): string => phaseState(claim, claimProtectionFinalizer);
const volumeState = (volume: ApiObject): string => phaseState(volume, volumeProtectionFinalizer);

/** Phase and finalizer are all there is to know of it. */
function phaseState(object: ApiObject, finalizer: string): string {
  const phase = (object as { status?: { phase?: string } }).status?.phase ?? 'Pending';
  return `phase.${phase}|protection.${protectionState(object, finalizer)}`;
}

function lifeByPhase(chart: string, object: ApiObject, state: string, ways: LifeWays): Lives {
  return [{ chart, title: object.kind, state, sinceMs: null, waits: [], steps: ways.ofObject(object.kind, object) }];
}

function momentOf({ timeline }: Cluster, timestamp: string | null | undefined): number | null {
  const unixMs = parseTimestamp(timestamp ?? '');
  return unixMs === null || unixMs === undefined ? null : unixMs - timeline.epochMs;
}
