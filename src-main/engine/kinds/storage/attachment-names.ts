// How attach/detach controller, CSI attacher and kubelets name one and the same attached volume.
import { sha256 } from '../../base/sha256.ts';
import type { PersistentVolume } from '../core/persistent-volume.ts';

export interface CsiSource {
  readonly driver: string;
  readonly volumeHandle: string;
}

/** The name of the VolumeAttachment. upstream: pkg/volume/csi/csi_attacher.go getAttachmentName */
export function attachmentName({ driver, volumeHandle }: CsiSource, node: string): string {
  return `csi-${sha256(`${volumeHandle}${driver}${node}`)}`;
}

/** The name in node.status.volumesAttached and volumesInUse. upstream: pkg/volume/util GetUniqueVolumeName, csi_plugin.go GetVolumeName */
export function uniqueVolumeName({ driver, volumeHandle }: CsiSource): string {
  return `kubernetes.io/csi/${driver}^${volumeHandle}`;
}

/** May the volume be attached to several nodes at once? upstream: pkg/controller/volume/attachdetach/util IsMultiAttachAllowed */
export function isMultiAttachAllowed({ spec }: PersistentVolume): boolean {
  const modes = spec.accessModes ?? [];
  return modes.length === 0 || modes.includes('ReadOnlyMany') || modes.includes('ReadWriteMany');
}
