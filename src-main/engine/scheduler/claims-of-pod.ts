// Which claims a pod mounts, those of its generic ephemeral volumes included.
// upstream: pkg/scheduler/framework/plugins/volumebinding podHasPVCs, k8s.io/component-helpers/storage/ephemeral
import type { Pod } from '../kinds/core/pod.ts';
import { claimNameOf } from '../kinds/core/pod-claims.ts';

export interface ClaimOfPod {
  readonly name: string;
  /** `namespace/name` */
  readonly key: string;
  /** The claim is made for this pod alone. */
  readonly ephemeral: boolean;
}

export function claimsOfPod(pod: Pod): readonly ClaimOfPod[] {
  const { namespace } = pod.metadata;
  const claims: ClaimOfPod[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const ephemeral = volume.ephemeral !== undefined;
    const claim = claimNameOf(pod, volume);
    if (claim !== undefined) claims.push({ name: claim, key: `${namespace}/${claim}`, ephemeral });
  }
  return claims;
}
