// PriorityClass: its type and all of its API rules.
import type { PriorityClass as OpenApiPriorityClass } from 'kubernetes-types/scheduling/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type PriorityClass = Stored<OpenApiPriorityClass>;

export const priorityClassKind = defineKind<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  shortNames: ['pc'],
  categories: [],
  namespaced: false,
  hasStatus: false,
});
