// Deployment: its type and all of its API rules.
import type { Deployment as OpenApiDeployment } from 'kubernetes-types/apps/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type Deployment = StoredInNamespace<OpenApiDeployment, 'spec' | 'status'>;

export const deploymentKind = defineKind<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
});
