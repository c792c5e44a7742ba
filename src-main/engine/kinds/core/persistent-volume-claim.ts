// PersistentVolumeClaim: its type and all of its API rules.
import type { PersistentVolumeClaim as OpenApiPersistentVolumeClaim } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type PersistentVolumeClaim = StoredInNamespace<OpenApiPersistentVolumeClaim, 'spec' | 'status'>;

export const persistentVolumeClaimKind = defineKind<PersistentVolumeClaim>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  shortNames: ['pvc'],
  categories: [],
  namespaced: true,
  hasStatus: true,
});
