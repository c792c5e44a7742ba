// ReplicationController: its type and all of its API rules.
import type { ReplicationController as OpenApiReplicationController } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type ReplicationController = StoredInNamespace<OpenApiReplicationController, 'spec' | 'status'>;

export const replicationControllerKind = defineKind<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  shortNames: ['rc'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
});
