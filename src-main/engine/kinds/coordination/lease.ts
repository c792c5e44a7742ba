// Lease: its type and all of its API rules. upstream: pkg/apis/coordination/validation/validation.go
import type { Lease as OpenApiLease } from 'kubernetes-types/coordination/v1.d.ts';
import { FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { notNegative } from '../rules.ts';

export type Lease = StoredInNamespace<OpenApiLease, 'spec'>;

const specPath = new FieldPath('spec');

export const leaseKind = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  namespaced: true,
  validate: ({ spec }) => {
    const seconds = spec?.leaseDurationSeconds;
    const path = specPath.child('leaseDurationSeconds');
    const duration = seconds !== undefined && seconds <= 0 ? [fieldInvalid(path, seconds, 'must be greater than 0')] : [];
    return [...duration, ...notNegative(specPath.child('leaseTransitions'), spec?.leaseTransitions)];
  },
  columns: [nameColumn, { name: 'Holder', type: 'string', value: ({ spec }) => spec?.holderIdentity ?? '' }, ageColumn],
});
