// Gives a claim that names no storage class the default one. upstream: plugin/pkg/admission/storage/storageclass/setdefault/admission.go, pkg/volume/util GetDefaultClass
import { persistentVolumeClaimKind } from '../../kinds/core/persistent-volume-claim.ts';
import { isDefaultClass, type StorageClass, storageClassKind } from '../../kinds/storage/storage-class.ts';
import { type AdmissionPlugin, type AdmissionReader, isAbout } from './admission-plugin.ts';

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';

export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  admit: (request, reader) => {
    if (request.operation !== 'CREATE' || !isAbout(request, persistentVolumeClaimKind)) return request.object;
    const claim = request.object;
    const named = claim.spec.storageClassName !== undefined || claim.metadata.annotations?.[BETA_CLASS] !== undefined;
    const found = named ? undefined : defaultClass(reader);
    return found === undefined ? claim : { ...claim, spec: { ...claim.spec, storageClassName: found.metadata.name } };
  },
};

/** The newest of several default classes; of equally old ones the first by name. */
function defaultClass(reader: AdmissionReader): StorageClass | undefined {
  const [first] = reader.list(storageClassKind).filter(isDefaultClass).toSorted(newerFirst);
  return first;
}

function newerFirst({ metadata: a }: StorageClass, { metadata: b }: StorageClass): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp > b.creationTimestamp ? -1 : 1;
  return a.name < b.name ? -1 : 1;
}
