// Which claims a pod uses: by name, and those made for its generic ephemeral volumes.
// upstream: pkg/controller/volume/common/common.go PodPVCIndexFunc
import type { Pod } from './pod.ts';

/** Name of the index over pods that controllers share. */
export const podClaimIndex = 'claim';

/** Keys of the claims, in the order of the pod's volumes. */
export function podClaimKeys(pod: Pod): readonly string[] {
  const { volumes } = pod.spec;
  if (volumes === undefined) return none;
  const keys: string[] = [];
  for (const volume of volumes) {
    if (volume.persistentVolumeClaim !== undefined) keys.push(`${pod.metadata.namespace}/${volume.persistentVolumeClaim.claimName}`);
    else if (volume.ephemeral !== undefined) keys.push(`${pod.metadata.namespace}/${pod.metadata.name}-${volume.name}`);
  }
  return keys;
}

const none: readonly string[] = [];
