// CSIDriver: its type and all of its API rules.
import type { CSIDriver as OpenApiCSIDriver } from 'kubernetes-types/storage/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type CSIDriver = Stored<OpenApiCSIDriver, 'spec'>;

export const csiDriverKind = defineKind<CSIDriver>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSIDriver',
  plural: 'csidrivers',
  shortNames: [],
  categories: [],
  namespaced: false,
  hasStatus: false,
});
