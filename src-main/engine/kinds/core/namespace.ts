// Namespace: its type and all of its API rules.
import type { Namespace as OpenApiNamespace } from 'kubernetes-types/core/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type Namespace = Stored<OpenApiNamespace, 'spec' | 'status'>;

export const namespaceKind = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  categories: [],
  namespaced: false,
  hasStatus: true,
});
