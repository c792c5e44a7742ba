// Node: its type and all of its API rules.
import type { Node as OpenApiNode } from 'kubernetes-types/core/v1.d.ts';
import type { Stored } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type Node = Stored<OpenApiNode, 'spec' | 'status'>;

export const nodeKind = defineKind<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  shortNames: ['no'],
  categories: [],
  namespaced: false,
  hasStatus: true,
});
