// ReplicaSet: its type and all of its API rules.
import type { ReplicaSet as OpenApiReplicaSet } from 'kubernetes-types/apps/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type ReplicaSet = StoredInNamespace<OpenApiReplicaSet, 'spec' | 'status'>;

export const replicaSetKind = defineKind<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  shortNames: ['rs'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
});
