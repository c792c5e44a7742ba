// EndpointSlice: its type and all of its API rules.
import type { EndpointSlice as OpenApiEndpointSlice } from 'kubernetes-types/discovery/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type EndpointSlice = StoredInNamespace<OpenApiEndpointSlice>;

export const endpointSliceKind = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  shortNames: [],
  categories: [],
  namespaced: true,
  hasStatus: false,
});
