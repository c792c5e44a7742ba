// ConfigMap: its type and all of its API rules.
import type { ConfigMap as OpenApiConfigMap } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type ConfigMap = StoredInNamespace<OpenApiConfigMap>;

export const configMapKind = defineKind<ConfigMap>({
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  categories: [],
  namespaced: true,
  hasStatus: false,
});
