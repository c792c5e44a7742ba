// Classes, volumes, claims and attachments as the window draws them.
import type { AttachmentRecord, ClaimRecord, ClassRecord, VolumeRecord } from '../../contract/view.ts';
import type { PersistentVolume } from '../../engine/kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../engine/kinds/core/persistent-volume-claim.ts';
import type { StorageClass } from '../../engine/kinds/storage/storage-class.ts';
import type { VolumeAttachment } from '../../engine/kinds/storage/volume-attachment.ts';
import { ZONE_LABEL } from './node-record.ts';

const DEFAULT_CLASS = 'storageclass.kubernetes.io/is-default-class';

export function classRecord(storageClass: StorageClass): ClassRecord {
  const { name, uid, annotations } = storageClass.metadata;
  return {
    id: uid,
    name,
    provisioner: storageClass.provisioner,
    reclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
    bindingMode: storageClass.volumeBindingMode ?? 'Immediate',
    isDefault: annotations?.[DEFAULT_CLASS] === 'true',
  };
}

function zoneOf(volume: PersistentVolume): string {
  for (const term of volume.spec.nodeAffinity?.required?.nodeSelectorTerms ?? [])
    for (const { key, operator, values } of term.matchExpressions ?? [])
      if (key.endsWith('/zone') && operator === 'In' && values?.length === 1) return values[0] ?? '';
  return volume.metadata.labels?.[ZONE_LABEL] ?? '';
}

export function volumeRecord(volume: PersistentVolume, diskLost: boolean): VolumeRecord {
  const { name, uid, deletionTimestamp } = volume.metadata;
  const { capacity, accessModes, persistentVolumeReclaimPolicy, storageClassName, claimRef } = volume.spec;
  return {
    id: uid,
    name,
    phase: (volume.status.phase ?? 'Pending') as VolumeRecord['phase'],
    capacity: capacity?.['storage'] ?? '',
    accessModes: accessModes ?? [],
    reclaimPolicy: persistentVolumeReclaimPolicy ?? 'Retain',
    storageClass: storageClassName ?? '',
    claim: claimRef === undefined ? '' : `${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`,
    zone: zoneOf(volume),
    terminating: deletionTimestamp !== undefined,
    diskLost,
  };
}

export function claimRecord(claim: PersistentVolumeClaim, waiting: string): ClaimRecord {
  const { namespace, name, uid, deletionTimestamp } = claim.metadata;
  const { resources, storageClassName, volumeName, accessModes } = claim.spec;
  const phase = (claim.status.phase ?? 'Pending') as ClaimRecord['phase'];
  return {
    id: uid,
    namespace,
    name,
    phase,
    requested: resources?.requests?.['storage'] ?? '',
    storageClass: storageClassName ?? '',
    volume: volumeName ?? '',
    accessModes: accessModes ?? [],
    terminating: deletionTimestamp !== undefined,
    waiting: phase === 'Bound' ? '' : waiting,
  };
}

export function attachmentRecord(attachment: VolumeAttachment, nodeReady: boolean): AttachmentRecord {
  const { uid, deletionTimestamp } = attachment.metadata;
  const attached = attachment.status.attached;
  return {
    id: uid,
    volume: attachment.spec.source.persistentVolumeName ?? '',
    node: attachment.spec.nodeName,
    state: deletionTimestamp !== undefined ? 'detaching' : attached ? 'attached' : 'attaching',
    stuck: !nodeReady,
  };
}
