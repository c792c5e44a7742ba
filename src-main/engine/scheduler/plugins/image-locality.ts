// Prefers nodes that hold the pod's images already, the more so the bigger and the more widespread these are.
// upstream: pkg/scheduler/framework/plugins/imagelocality/image_locality.go
import { SCORE_MAX, type SchedulerPlugin } from './plugin.ts';

const MEBIBYTE = 1024 * 1024;
const BYTES_MIN = 23 * MEBIBYTE;
const BYTES_MAX_PER_CONTAINER = 1000 * MEBIBYTE;

export const imageLocality: SchedulerPlugin = {
  name: 'ImageLocality',
  weight: 1,
  planScore: (pod, _feasible, view) => {
    const containers = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
    const nodes = view.nodes().length;
    const images = containers.map(({ image }) => normalizedImage(image ?? '')).filter((image) => view.nodesWithImage(image) > 0);
    if (images.length === 0) return null;
    const spreads = images.map((image) => [image, view.nodesWithImage(image) / nodes] as const);
    const bytesMax = BYTES_MAX_PER_CONTAINER * containers.length;
    return {
      score: (node) => {
        let sum = 0;
        for (const [image, spread] of spreads) sum += Math.trunc((node.images.get(image) ?? 0) * spread);
        const clamped = Math.min(Math.max(sum, BYTES_MIN), bytesMax);
        return Math.trunc((SCORE_MAX * (clamped - BYTES_MIN)) / (bytesMax - BYTES_MIN));
      },
    };
  },
};

function normalizedImage(image: string): string {
  return image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image;
}
