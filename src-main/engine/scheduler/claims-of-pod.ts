// Which claims a pod mounts, those of its generic ephemeral volumes included.
// upstream: pkg/scheduler/framework/plugins/volumebinding podHasPVCs, k8s.io/component-helpers/storage/ephemeral
import type { PersistentVolumeClaim } from '../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../kinds/core/pod.ts';

export interface ClaimOfPod {
  readonly name: string;
  /** `namespace/name` */
  readonly key: string;
  /** The claim is made for this pod alone. */
  readonly ephemeral: boolean;
}

export function claimsOfPod(pod: Pod): readonly ClaimOfPod[] {
  const { namespace, name } = pod.metadata;
  const claims: ClaimOfPod[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const ephemeral = volume.ephemeral !== undefined;
    const claim = ephemeral ? `${name}-${volume.name}` : volume.persistentVolumeClaim?.claimName;
    if (claim !== undefined) claims.push({ name: claim, key: `${namespace}/${claim}`, ephemeral });
  }
  return claims;
}

/** upstream: ephemeral.VolumeIsForPod */
export function claimIsForPod(pod: Pod, claim: PersistentVolumeClaim): boolean {
  return (claim.metadata.ownerReferences ?? []).some(({ controller, uid }) => controller === true && uid === pod.metadata.uid);
}
