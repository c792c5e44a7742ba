// Why a node is not ready, and what comes next: how long ago its kubelet was heard, and when its pods are driven off.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { settings } from '../settings.ts';
import { momentOf } from './moment.ts';
import { line, type Question } from './question.ts';

export const nodeSilent: Question = {
  name: 'nodeSilent',
  answer: (cluster, kind, object) => {
    if (kind !== 'Node') return [];
    const node = object as Node;
    const ready = findCondition(node.status.conditions, 'Ready');
    const grace = dueOf(cluster, node.metadata.name, 'node-monitor-grace');
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
  const taints = (node.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute').map(({ key }) => key);
  if (taints.length === 0) return [];
  const dueMs = dueOf(cluster, node.metadata.name, 'toleration');
  const lines = [line('tainted', { taints: taints.join(', ') })];
  if (dueMs !== null) lines.push(line('evicts', { toleration: '300 s' }, { settings: { toleration: settings.toleration }, dueMs }));
  return lines;
}

function dueOf({ timeline }: Cluster, node: string, name: string): number | null {
  const entry = timeline
    .countdowns()
    .find(({ countdown }) => countdown?.kind === 'Node' && countdown.key === node && countdown.name === name);
  return entry?.dueMs ?? null;
}
