// What the files of pods take of their node's disk, in whole blocks. upstream: pkg/volume/util/fs DiskUsage
import type { Pod } from '../kinds/core/pod.ts';
import { BLOCK_BYTES, diskBytes } from '../runtime/byte-length.ts';
import { type Files, MODE_MARK, type PodState } from './kubelet-state.ts';

export function blocksOf(files: Files | null | undefined): number {
  let bytes = 0;
  // A directory takes one.
  for (const [path, content] of Object.entries(files ?? {}))
    if (path.endsWith('/')) bytes += BLOCK_BYTES;
    else if (!path.endsWith(MODE_MARK)) bytes += diskBytes(content);
  return bytes;
}

/** Of its emptyDir volumes, and of all containers' layers. What lies in memory is not on the disk. */
export function writtenBy(pod: PodState, object: Pod): { readonly volumes: number; readonly layers: ReadonlyMap<string, number> } {
  let volumes = 0;
  if (pod.files !== null)
    for (const { name, emptyDir } of object.spec.volumes ?? [])
      if (emptyDir !== undefined && emptyDir.medium !== 'Memory') volumes += blocksOf(pod.files[name]);
  const layers = new Map<string, number>();
  for (const [name, { files }] of Object.entries(pod.containers)) if (files !== null) layers.set(name, blocksOf(files));
  return { volumes, layers };
}
