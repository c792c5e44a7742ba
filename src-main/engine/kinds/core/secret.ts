// Secret: its type and all of its API rules.
import type { Secret as OpenApiSecret } from 'kubernetes-types/core/v1.d.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { defineKind } from '../define-kind.ts';

export type Secret = StoredInNamespace<OpenApiSecret>;

export const secretKind = defineKind<Secret>({
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  shortNames: [],
  categories: [],
  namespaced: true,
  hasStatus: false,
});
