// Why the containers of a pod do not run with the resources that are wanted of them: what the node said, what they have meanwhile, and when it looks again.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { RESIZE_IN_PROGRESS, RESIZE_PENDING } from '../../engine/kinds/core/pod-resize.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { settings } from '../settings.ts';
import { podStateOf } from './kubelet-memory.ts';
import { line, type Question } from './question.ts';

type Lists = { readonly [Side in 'requests' | 'limits']?: Readonly<Record<string, string>> | undefined };

export const resizeWaits: Question = {
  name: 'resizeWaits',
  answer: (cluster, kind, object) => {
    if (kind !== 'Pod') return [];
    const pod = object as Pod;
    const pending = findCondition(pod.status.conditions, RESIZE_PENDING);
    const isGiven = findCondition(pod.status.conditions, RESIZE_IN_PROGRESS) !== undefined;
    if (pending === undefined && !isGiven) return [];
    return [...(pending === undefined ? [line('inProgress')] : [refusal(cluster, pod, pending)]), ...differences(pod)];
  },
};

function refusal(cluster: Cluster, pod: Pod, { reason = '', message = '' }: { reason?: string; message?: string }): WhyLine {
  const node = pod.spec.nodeName ?? '';
  const timer = podStateOf(cluster, pod)?.resize?.timer ?? 0;
  const dueMs = timer === 0 ? null : cluster.timeline.dueMs(timer);
  const about = { kind: 'Node', key: node };
  if (reason === 'Infeasible') return line('infeasible', { node, message }, { about });
  return line('deferred', { node, message, retry: '60–90 s' }, { about, dueMs, settings: { retry: settings.resizeRetry } });
}

/** Of each container that has something else than it wants. */
function differences({ spec, status }: Pod): readonly WhyLine[] {
  return [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])].flatMap(({ name, resources }) => {
    const wanted = [...spec.containers, ...(spec.initContainers ?? [])].find((container) => container.name === name)?.resources;
    const [wants, has] = [amounts(wanted ?? {}, resources ?? {}), amounts(resources ?? {}, wanted ?? {})];
    return wants === has ? [] : [line('differs', { container: name, wants, has })];
  });
}

/** Those of one that the other has not. */
function amounts(own: Lists, other: Lists): string {
  const sides = ['requests', 'limits'] as const;
  const names = (side: (typeof sides)[number]): readonly string[] => Object.keys({ ...own[side], ...other[side] }).sort();
  return sides
    .flatMap((side) =>
      names(side).flatMap((name) => {
        const amount = own[side]?.[name];
        return amount === other[side]?.[name] ? [] : [`${side}.${name} ${amount ?? '–'}`];
      }),
    )
    .join(', ');
}
