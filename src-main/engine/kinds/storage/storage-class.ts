// StorageClass: its type and all of its API rules.
import type { StorageClass as OpenApiStorageClass } from 'kubernetes-types/storage/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type StorageClass = Stored<OpenApiStorageClass>;

export const storageClassKind = defineKind<StorageClass>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'StorageClass',
  plural: 'storageclasses',
  shortNames: ['sc'],
  categories: [],
  namespaced: false,
  hasStatus: false,
});
