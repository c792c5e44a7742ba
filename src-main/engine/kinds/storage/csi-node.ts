// CSINode: its type and all of its API rules.
import type { CSINode as OpenApiCSINode } from 'kubernetes-types/storage/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type CSINode = Stored<OpenApiCSINode, 'spec'>;

export const csiNodeKind = defineKind<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  shortNames: [],
  categories: [],
  namespaced: false,
  hasStatus: false,
});
