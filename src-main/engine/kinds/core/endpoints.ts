// Endpoints: its type and all of its API rules.
import type { Endpoints as OpenApiEndpoints } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type Endpoints = StoredInNamespace<OpenApiEndpoints>;

export const endpointsKind = defineKind<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  shortNames: ['ep'],
  categories: [],
  namespaced: true,
  hasStatus: false,
});
