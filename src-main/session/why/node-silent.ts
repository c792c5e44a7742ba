// Why a node is not ready, and what comes next: how long ago its kubelet was heard, and when its pods are driven off, or why they are not.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { NodeLifeMemory } from '../../engine/controllers/node-life/node-monitor.ts';
import { hasTaint, notReadyTaint, unreachableTaint } from '../../engine/controllers/node-life/node-taints.ts';
import { countsForDisruption, zoneDefaults, zoneOf } from '../../engine/controllers/node-life/zone-state.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import { findCondition, isConditionTrue } from '../../engine/meta/conditions.ts';
import { settings } from '../settings.ts';
import { momentOf } from './moment.ts';
import { line, type Question } from './question.ts';

export const nodeSilent: Question = {
  name: 'nodeSilent',
  answer: (cluster, kind, object) => {
    if (kind !== 'Node') return [];
    const node = object as Node;
    const ready = findCondition(node.status.conditions, 'Ready');
    const grace = countdownOf(cluster, node.metadata.name, 'node-monitor-grace')?.dueMs ?? null;
    if (ready === undefined || ready.status === 'True')
      return grace === null ? [] : [line('late', { grace: '50 s' }, { settings: { grace: settings.monitorGrace }, dueMs: grace })];
    const sinceAtMs = momentOf(cluster, ready.lastTransitionTime) ?? 0;
    const says = ready.status === 'Unknown' ? 'unknown' : 'notReady';
    const lines = [line(says, { reason: ready.reason ?? '', message: ready.message ?? '', sinceAtMs })];
    if (says === 'unknown') lines.push(line('rule', { grace: '50 s' }, { settings: { grace: settings.monitorGrace } }));
    return [...lines, ...evictions(cluster, node)];
  },
};

function evictions(cluster: Cluster, node: Node): readonly WhyLine[] {
  const held = hasTaint(node, unreachableTaint) || hasTaint(node, notReadyTaint) ? [] : heldBack(cluster, node);
  const taints = (node.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute').map(({ key }) => key);
  if (taints.length === 0) return held;
  const next = countdownOf(cluster, node.metadata.name, 'toleration');
  const lines = [...held, line('tainted', { taints: taints.join(', ') })];
  if (next === undefined) return lines;
  const toleration = `${Math.round((next.dueMs - next.fromMs) / 1000)} s`;
  return [...lines, line('evicts', { toleration }, { settings: { toleration: settings.toleration }, dueMs: next.dueMs })];
}

/** Why it has no taint that drives Pods away: what its zone allows. upstream: node_lifecycle_controller.go handleDisruption */
function heldBack({ components, store, timeline }: Cluster, node: Node): readonly WhyLine[] {
  const memory = components.memoryOf('node-controller') as NodeLifeMemory | undefined;
  const zone = zoneOf(node);
  const queue = memory?.queues[zone];
  if (memory === undefined || queue === undefined) return [];
  const states = Object.values(memory.zones);
  if (states.length > 0 && states.every((state) => state === 'FullDisruption')) return [line('allDown')];
  if (memory.zones[zone] === 'PartialDisruption') {
    const nodes = ([...store.table('Node').values()] as Node[]).filter((other) => zoneOf(other) === zone && countsForDisruption(other));
    const silent = nodes.filter(({ status }) => !isConditionTrue(status.conditions, 'Ready')).length;
    const values = { silent, all: nodes.length, threshold: settings.unhealthyZone.default, large: zoneDefaults.largeZone };
    const limits = { threshold: settings.unhealthyZone, rate: settings.secondEvictionRate };
    return [
      line(queue.rate === 0 ? 'zoneHeld' : 'zoneSlow', { ...values, rate: settings.secondEvictionRate.default }, { settings: limits }),
    ];
  }
  const before = queue.waiting.indexOf(node.metadata.name);
  if (before < 0) return [];
  const timer = memory.taintTimers[zone];
  const dueMs = before > 0 || timer === undefined ? null : timeline.dueMs(timer);
  return [line('queued', { count: before, rate: settings.evictionRate.default }, { settings: { rate: settings.evictionRate }, dueMs })];
}

function countdownOf({ timeline }: Cluster, node: string, name: string): { readonly fromMs: number; readonly dueMs: number } | undefined {
  for (const { countdown, dueMs } of timeline.countdowns())
    if (countdown?.kind === 'Node' && countdown.key === node && countdown.name === name) return { fromMs: countdown.fromMs, dueMs };
  return undefined;
}
