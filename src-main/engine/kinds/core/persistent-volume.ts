// PersistentVolume: its type and all of its API rules.
import type { PersistentVolume as OpenApiPersistentVolume } from 'kubernetes-types/core/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type PersistentVolume = Stored<OpenApiPersistentVolume, 'spec' | 'status'>;

export const persistentVolumeKind = defineKind<PersistentVolume>({
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  shortNames: ['pv'],
  categories: [],
  namespaced: false,
  hasStatus: true,
});
