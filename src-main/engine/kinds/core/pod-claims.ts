// Which claims a pod uses: by name, and those made for its generic ephemeral volumes.
// upstream: pkg/controller/volume/common/common.go PodPVCIndexFunc
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';
import type { Pod } from './pod.ts';

/** Name of the index over pods that controllers share. */
export const podClaimIndex = 'claim';

/** Keys of the claims, in the order of the pod's volumes. */
export function podClaimKeys(pod: Pod): readonly string[] {
  const { volumes } = pod.spec;
  if (volumes === undefined) return none;
  const keys: string[] = [];
  for (const volume of volumes) {
    const name = claimNameOf(pod, volume);
    if (name !== undefined) keys.push(`${pod.metadata.namespace}/${name}`);
  }
  return keys;
}

/** The claim behind one of the pod's volumes; undefined for volumes of other sorts. upstream: ephemeral.VolumeClaimName */
export function claimNameOf(pod: Pod, volume: PodVolume): string | undefined {
  return volume.ephemeral === undefined ? volume.persistentVolumeClaim?.claimName : `${pod.metadata.name}-${volume.name}`;
}

/** May the pod use the claim? One made for a generic ephemeral volume belongs to its pod alone. upstream: ephemeral.VolumeIsForPod */
export function claimIsForPod(pod: Pod, { metadata }: Pick<PersistentVolumeClaim, 'metadata'>): boolean {
  return (metadata.ownerReferences ?? []).some(({ controller, uid }) => controller === true && uid === pod.metadata.uid);
}

type PodVolume = NonNullable<Pod['spec']['volumes']>[number];

const none: readonly string[] = [];
