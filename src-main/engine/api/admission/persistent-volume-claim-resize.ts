// Lets a claim grow only where its class allows it. upstream: plugin/pkg/admission/storage/persistentvolume/resize/admission.go
import { claimClass } from '../../kinds/core/find-matching-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { storageClassKind } from '../../kinds/storage/storage-class.ts';
import { quantityValue } from '../../meta/quantity.ts';
import { forbidden } from '../../meta/status-error.ts';
import { type AdmissionPlugin, isAbout } from './admission-plugin.ts';

export const persistentVolumeClaimResize: AdmissionPlugin = {
  name: 'PersistentVolumeClaimResize',
  kinds: ['PersistentVolumeClaim'],
  validate: (request, server) => {
    if (request.operation !== 'UPDATE' || !isAbout(request, persistentVolumeClaimKind)) return;
    const next = request.object;
    const previous = request.previous as PersistentVolumeClaim;
    if (sizeOf(next) <= sizeOf(previous)) return;
    const refuse = (why: string): never => {
      throw forbidden({ group: '', resource: 'persistentvolumeclaims' }, next.metadata.name, why);
    };
    if (previous.status?.phase !== 'Bound') refuse('Only bound persistent volume claims can be expanded');
    const name = claimClass(next);
    const storageClass = name === '' || name !== claimClass(previous) ? undefined : server.find(storageClassKind, name);
    if (storageClass?.allowVolumeExpansion !== true)
      refuse('only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize');
  },
};

function sizeOf({ spec }: PersistentVolumeClaim): number {
  return quantityValue(spec.resources?.requests?.['storage'] ?? '0');
}
