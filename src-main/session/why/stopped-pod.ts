// Why a pod was ended from outside: the kubelet says it in the status, a controller in the condition DisruptionTarget.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Node } from '../../engine/kinds/core/node.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import { findCondition } from '../../engine/meta/conditions.ts';
import { settings } from '../settings.ts';
import { line, type Question } from './question.ts';

const PRESSURES = ['MemoryPressure', 'DiskPressure', 'PIDPressure'];

export const stoppedPod: Question = {
  name: 'stoppedPod',
  answer: (cluster, kind, object) => {
    if (kind !== 'Pod') return [];
    const pod = object as Pod;
    if (pod.status.phase !== 'Failed') return [];
    const { reason } = pod.status;
    const message = (pod.status.message ?? '').trim();
    const disruption = findCondition(pod.status.conditions, 'DisruptionTarget');
    if (reason !== undefined) return [line('byKubelet', { reason, message }), ...pressure(cluster, pod), line('kept')];
    if (disruption?.status !== 'True') return [];
    return [line('disrupted', { reason: disruption.reason ?? '', message: disruption.message ?? '' }), line('kept')];
  },
};

/** As long as it lasts the node takes no new pods, and other pods may follow. */
function pressure({ store }: Cluster, { spec, status }: Pod): readonly WhyLine[] {
  const node = store.get('Node', spec.nodeName ?? '') as Node | undefined;
  if (status.reason !== 'Evicted' || node === undefined) return [];
  const about = { kind: 'Node', key: node.metadata.name };
  return (node.status.conditions ?? [])
    .filter(({ type, status: value }) => PRESSURES.includes(type) && value === 'True')
    .map(({ type: condition }) =>
      line(
        'pressure',
        { node: about.key, condition, transition: settings.pressureTransition.default },
        { about, settings: { transition: settings.pressureTransition } },
      ),
    );
}
