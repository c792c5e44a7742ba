// Why a container has no image yet: which registry is asked, what it said, and when the kubelet asks again.
import type { WhyLine } from '../../contract/why.ts';
import type { Cluster } from '../../engine/cluster.ts';
import type { Pod } from '../../engine/kinds/core/pod.ts';
import type { ContainerState } from '../../engine/kubelet/kubelet-state.ts';
import { parseImage } from '../../engine/runtime/image-catalogue.ts';
import { imageFault } from '../../engine/runtime/image-fault.ts';
import { settings } from '../settings.ts';
import { type ContainerSpec, containersOf, delayOf, kubeletOf } from './kubelet-memory.ts';
import { line, type Question } from './question.ts';

export const imagePull: Question = {
  name: 'imagePull',
  answer: (cluster, kind, object) => {
    if (kind !== 'Pod') return [];
    const pod = object as Pod;
    return containersOf(cluster, pod).flatMap(({ spec, state }) => ofContainer(cluster, pod, spec, state));
  },
};

function ofContainer(cluster: Cluster, pod: Pod, spec: ContainerSpec, state: ContainerState): readonly WhyLine[] {
  const image = spec.image ?? '';
  const { registry } = parseImage(image);
  const values = { container: spec.name, image, registry };
  switch (state.life.value) {
    case 'waiting.pulling':
      return [pulling(cluster, pod, spec, values)];
    case 'waiting.errImagePull':
      return [line('failed', { ...values, error: state.trouble })];
    case 'waiting.imagePullBackOff': {
      const backOff = `${Math.round((state.image?.waitMs ?? 0) / 1000)} s`;
      const failed = state.trouble === '' ? [] : [line('failed', { ...values, error: state.trouble })];
      const dueMs = delayOf(cluster, state, 'imageBackOff');
      return [...failed, line('nextTry', { ...values, backOff }, { settings: { backOff: settings.imageBackOff }, dueMs })];
    }
    case 'waiting.invalidImageName':
      return [line('invalid', { ...values, error: imageFault(image) })];
    case 'waiting.imageNeverPull':
      return [line('never', values)];
    default:
      return [];
  }
}

/** A node pulls one image at a time. upstream: serializeImagePulls */
function pulling(cluster: Cluster, { metadata, spec: { nodeName = '' } }: Pod, spec: ContainerSpec, values: WhyLine['values']): WhyLine {
  const node = kubeletOf(cluster)?.nodes[nodeName];
  const place = node?.pulls.findIndex(({ uid, container }) => uid === metadata.uid && container === spec.name) ?? -1;
  if (place > 0) return line('queued', { ...values, count: place });
  return line('pulling', values, { dueMs: place === 0 && node !== undefined ? cluster.timeline.dueMs(node.pullTimer) : null });
}
