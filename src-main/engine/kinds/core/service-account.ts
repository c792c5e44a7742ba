// ServiceAccount: its type and all of its API rules.
import type { ServiceAccount as OpenApiServiceAccount } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type ServiceAccount = StoredInNamespace<OpenApiServiceAccount>;

export const serviceAccountKind = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  categories: [],
  namespaced: true,
  hasStatus: false,
});
