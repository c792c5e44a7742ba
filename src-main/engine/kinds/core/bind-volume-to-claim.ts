// The volume's half of a binding, as volume binder and scheduler both write it.
// upstream: k8s.io/component-helpers/storage/volume/pv_helpers.go GetBindVolumeToClaim
import { isVolumeBoundToClaim } from './find-matching-volume.ts';
import type { PersistentVolume } from './persistent-volume.ts';
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';
import { boundByControllerAnnotation, withAnnotation } from './volume-annotations.ts';

/** The volume with a claimRef to exactly this claim; the same object when it has it already. */
export function bindVolumeToClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume {
  const { claimRef } = volume.spec;
  const { name, namespace, uid } = claim.metadata;
  const complete = claimRef?.name === name && claimRef.namespace === namespace && claimRef.uid === uid;
  const bound = complete ? volume : { ...volume, spec: { ...volume.spec, claimRef: claimReference(claim) } };
  return isVolumeBoundToClaim(volume, claim) || bound.metadata.annotations?.[boundByControllerAnnotation] !== undefined
    ? bound
    : withAnnotation(bound, boundByControllerAnnotation, 'yes');
}

/** upstream: client-go tools/reference GetReference */
export function claimReference(claim: PersistentVolumeClaim): NonNullable<PersistentVolume['spec']['claimRef']> {
  const { name, namespace, uid, resourceVersion } = claim.metadata;
  const reference = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid };
  return resourceVersion === undefined ? reference : { ...reference, resourceVersion };
}
