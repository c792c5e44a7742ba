// Gives a claim that names no storage class the default one. upstream: plugin/pkg/admission/storage/storageclass/setdefault/admission.go
import { persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { defaultStorageClass } from '../../kinds/storage/default-storage-class.ts';
import { storageClassKind } from '../../kinds/storage/storage-class.ts';
import { type AdmissionPlugin, isAbout } from './admission-plugin.ts';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const setDefaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  kinds: ['PersistentVolumeClaim'],
  admit: (request, reader) => {
    if (request.operation !== 'CREATE' || !isAbout(request, persistentVolumeClaimKind)) return request.object;
    const claim = request.object;
    const named = claim.spec.storageClassName !== undefined || claim.metadata.annotations?.[BETA_CLASS] !== undefined;
    const found = named ? undefined : defaultStorageClass(reader.list(storageClassKind));
    return found === undefined ? claim : { ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } };
  },
};
