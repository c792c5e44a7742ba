// ServiceAccount: its type and all of its API rules. upstream: pkg/registry/core/serviceaccount/strategy.go
import type { ServiceAccount as OpenApiServiceAccount } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';

export type ServiceAccount = StoredInNamespace<OpenApiServiceAccount>;

export const serviceAccountKind = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  columns: [nameColumn, { name: 'Secrets', type: 'integer', value: ({ secrets }) => secrets?.length ?? 0 }, ageColumn],
});
