// Lease: its type and all of its API rules.
import type { Lease as OpenApiLease } from 'kubernetes-types/coordination/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type Lease = StoredInNamespace<OpenApiLease, 'spec'>;

export const leaseKind = defineKind<Lease>({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  shortNames: [],
  categories: [],
  namespaced: true,
  hasStatus: false,
});
