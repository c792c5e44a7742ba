// How large the file system is that a container's files lie on, and what of it is taken: what df says, and where writing ends.
import type { Pod } from '../kinds/core/pod.ts';
import { claimNameOf } from '../kinds/core/pod-claims.ts';
import { podTotals } from '../kinds/core/pod-totals.ts';
import { printQuantity, quantityValue } from '../meta/quantity.ts';
import type { WriteFault } from '../runtime/file-tree.ts';
import { blocksOf } from './disk-blocks.ts';
import { imageBytes } from './image-garbage.ts';
import type { PodState } from './kubelet-state.ts';
import type { KubeletWorld } from './kubelet-world.ts';
import { diskUse } from './node-use.ts';

export interface Space {
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** What the kernel says when it is full. */
  readonly fault?: WriteFault;
}

type Volume = NonNullable<Pod['spec']['volumes']>[number];

/** What a file server has besides one volume. */
const SERVER_BYTES = 2 ** 40;

/** The node's own disk: layers of containers, emptyDir volumes, what hostPath and local volumes lead to. */
export function nodeSpace(world: KubeletWorld, node: string): Space {
  const capacity = world.context.physics.get('machine', node)?.capacity['ephemeral-storage'] ?? '0';
  return { totalBytes: quantityValue(capacity), usedBytes: imageBytes(world.node(node)) + diskUse(world, node).amount };
}

/** Of a volume that has a file system of its own; undefined: it lies on the node's disk, or on none. */
export function volumeSpace(world: KubeletWorld, pod: PodState, object: Pod, volume: Volume): Space | undefined {
  if (volume.emptyDir?.medium === 'Memory')
    return { totalBytes: memorySize(world, pod.node, object, volume.emptyDir.sizeLimit), usedBytes: blocksOf(pod.files?.[volume.name]) };
  return claimSpace(world, object, volume);
}

/** Of the disk behind a claim, in the size that its file system has. */
function claimSpace(world: KubeletWorld, object: Pod, volume: Volume): Space | undefined {
  const key = claimNameOf(object, volume);
  const claim = key === undefined ? undefined : world.claims.get(`${object.metadata.namespace}/${key}`);
  const bound = world.volumes.get(claim?.spec.volumeName ?? '');
  const disk = world.context.physics.get('disk', bound?.spec.csi?.volumeHandle ?? bound?.metadata.name ?? '');
  const capacity = claim?.status?.capacity?.['storage'];
  if (disk === undefined || capacity === undefined) return undefined;
  const usedBytes = blocksOf(disk.files);
  if (disk.bound === 'none') return { totalBytes: Math.max(SERVER_BYTES, quantityValue(capacity)), usedBytes };
  return { totalBytes: quantityValue(capacity), usedBytes, ...(disk.bound === 'quota' ? { fault: 'Disk quota exceeded' } : {}) };
}

/** The least of what the volume, the pod and the node allow. upstream: pkg/volume/emptydir calculateEmptyDirMemorySize */
function memorySize(world: KubeletWorld, node: string, object: Pod, sizeLimit: string | undefined): number {
  const { allocatable, capacity } = world.nodes.get(node)?.status ?? {};
  const ofNode = allocatable?.['memory'] ?? capacity?.['memory'] ?? world.context.physics.get('machine', node)?.capacity.memory ?? '0';
  const sizes = [quantityValue(ofNode), podMemoryLimit(object), sizeLimit === undefined ? 0 : quantityValue(sizeLimit)];
  return Math.min(...sizes.filter((size) => size > 0));
}

/** 0: a container says none, so that the pod has none. upstream: pkg/kubelet/cm ResourceConfigForPod memoryLimitsDeclared */
function podMemoryLimit({ spec }: Pod): number {
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  if (all.some(({ resources }) => quantityValue(resources?.limits?.['memory'] ?? '0') === 0)) return 0;
  const total = podTotals(spec, 'limits').get('memory');
  return total === undefined ? 0 : quantityValue(printQuantity(total));
}
