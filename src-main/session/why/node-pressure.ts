// Why a node takes fewer pods and may evict some although it answers: what its kubelet says it is short of.
import type { Node } from '../../engine/kinds/core/node.ts';
import { settings } from '../settings.ts';
import { momentOf } from './moment.ts';
import { line, type Question } from './question.ts';

/** What the node controller makes of each condition. upstream: node_lifecycle_controller.go nodeConditionToTaintKeyStatusMap */
const TAINTS: Readonly<Record<string, string>> = {
  MemoryPressure: 'node.kubernetes.io/memory-pressure',
  DiskPressure: 'node.kubernetes.io/disk-pressure',
  PIDPressure: 'node.kubernetes.io/pid-pressure',
};

export const nodePressure: Question = {
  name: 'nodePressure',
  answer: (cluster, kind, object) => {
    if (kind !== 'Node') return [];
    const { spec, status } = object as Node;
    const short = (status.conditions ?? []).filter(({ type, status: value }) => type in TAINTS && value === 'True');
    if (short.length === 0) return [];
    const wanted = short.map(({ type }) => TAINTS[type]);
    const taints = (spec.taints ?? []).filter(({ key }) => wanted.includes(key)).map(({ key, effect }) => `${key}:${effect}`);
    return [
      ...short.map(({ type: condition, message = '', lastTransitionTime }) =>
        line('short', { condition, message, sinceAtMs: momentOf(cluster, lastTransitionTime) ?? 0 }),
      ),
      line(
        'rule',
        { threshold: settings.hardEviction.default, transition: settings.pressureTransition.default },
        { settings: { threshold: settings.hardEviction, transition: settings.pressureTransition } },
      ),
      ...(taints.length === 0 ? [] : [line('tainted', { taints: taints.join(', ') })]),
    ];
  },
};
