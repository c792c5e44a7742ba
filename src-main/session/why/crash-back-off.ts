// Why a container does not run although its image is there: how it ended, what it waits for, and when it is started again.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import type { ContainerState } from '../../engine/kubelet/kubelet-state.ts';
import { settings } from '../settings.ts';
import { type ContainerSpec, containersOf, delayOf } from './kubelet-memory.ts';
import { line, type Question } from './question.ts';

export const crashBackOff: Question = {
  name: 'crashBackOff',
  answer: (cluster, kind, object) =>
    kind === 'Pod' ? containersOf(cluster, object as Pod).flatMap(({ spec, state }) => ofContainer(cluster, spec, state)) : [],
};

function ofContainer(cluster: Cluster, { name }: ContainerSpec, state: ContainerState): readonly WhyLine[] {
  if (state.life.value === 'waiting.configError') return [line('configError', { container: name, error: state.trouble })];
  if (state.life.value !== 'waiting.crashBackOff') return [];
  const { exitCode = 0, reason = '' } = state.ended ?? {};
  const backOff = `${Math.round((state.crash?.waitMs ?? 0) / 1000)} s`;
  return [
    line('ended', { container: name, code: exitCode, reason, restarts: state.restarts }),
    line(
      'nextStart',
      { container: name, backOff },
      { settings: { backOff: settings.crashBackOff }, dueMs: delayOf(cluster, state, 'crashBackOff') },
    ),
  ];
}
