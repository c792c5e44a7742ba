// Why the disk of a node stays nearly full although its kubelet deletes images that nobody uses: there were too few of them.
import type { Node } from '../../engine/kinds/core/node.ts';
import { settings } from '../settings.ts';
import { kubeletOf } from './kubelet-memory.ts';
import { line, type Question } from './question.ts';

export const diskStaysFull: Question = {
  name: 'diskStaysFull',
  answer: (cluster, kind, object) => {
    const garbage = kind === 'Node' ? kubeletOf(cluster)?.nodes[(object as Node).metadata.name]?.garbage : undefined;
    if (garbage?.failed !== true) return [];
    const dueMs = cluster.timeline.dueMs(garbage.timer);
    const numbers = { high: settings.imageGarbageHigh, low: settings.imageGarbageLow };
    return [line('tooFew', { high: '85 %', low: '80 %' }, { settings: numbers, dueMs })];
  },
};
