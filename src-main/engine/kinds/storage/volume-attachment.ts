// VolumeAttachment: its type and all of its API rules.
import type { VolumeAttachment as OpenApiVolumeAttachment } from 'kubernetes-types/storage/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type VolumeAttachment = Stored<OpenApiVolumeAttachment, 'spec' | 'status'>;

export const volumeAttachmentKind = defineKind<VolumeAttachment>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'VolumeAttachment',
  plural: 'volumeattachments',
  shortNames: [],
  categories: [],
  namespaced: false,
  hasStatus: true,
});
