// Puts a finalizer on claims and volumes, so that none vanishes while something uses it. upstream: plugin/pkg/admission/storage/storageobjectinuseprotection
import { persistentVolumeKind } from '../../kinds/core/persistent-volume.ts';
import { persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { type AdmissionPlugin, isAbout } from './admission-plugin.ts';

const CLAIM_FINALIZER = 'kubernetes.io/pvc-protection';
const VOLUME_FINALIZER = 'kubernetes.io/pv-protection';

export const storageObjectInUseProtection: AdmissionPlugin = {
  name: 'StorageObjectInUseProtection',
  kinds: ['PersistentVolumeClaim', 'PersistentVolume'],
  admit: (request) => {
    const { object, operation } = request;
    if (operation !== 'CREATE') return object;
    const isClaim = isAbout(request, persistentVolumeClaimKind);
    if (!isClaim && !isAbout(request, persistentVolumeKind)) return object;
    const finalizer = isClaim ? CLAIM_FINALIZER : VOLUME_FINALIZER;
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes(finalizer)) return object;
    return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
  },
};
