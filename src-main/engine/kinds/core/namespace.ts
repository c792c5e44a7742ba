// Namespace: its type and all of its API rules. upstream: pkg/registry/core/namespace/strategy.go
import type { Namespace as OpenApiNamespace } from 'kubernetes-types/core/v1.d.ts';
import { FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import { dns1123Label } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';

export type Namespace = Stored<OpenApiNamespace, 'spec' | 'status'>;

const NAME_LABEL = 'kubernetes.io/metadata.name';
const FINALIZER = 'kubernetes';

export const namespaceKind = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  hasStatus: true,
  validateName: dns1123Label,
  defaults: (namespace) => {
    const { metadata } = namespace;
    if (metadata.name === '' || metadata.labels?.[NAME_LABEL] === metadata.name) return namespace;
    return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [NAME_LABEL]: metadata.name } } };
  },
  prepareForCreate: (namespace) => {
    const finalizers = namespace.spec?.finalizers ?? [];
    const kept = finalizers.includes(FINALIZER) ? finalizers : [...finalizers, FINALIZER];
    return { ...namespace, spec: { ...namespace.spec, finalizers: kept }, status: { phase: 'Active' } };
  },
  validateStatus: ({ metadata, status = {} }) => {
    const isGoing = metadata.deletionTimestamp !== undefined;
    const phase = isGoing ? 'Terminating' : 'Active';
    if (status.phase === phase) return [];
    const detail = `may only be '${phase}' if \`deletionTimestamp\` is ${isGoing ? 'not empty' : 'empty'}`;
    return [fieldInvalid(new FieldPath('status', 'Phase'), status.phase ?? '', detail)];
  },
  // upstream: pkg/registry/core/namespace/storage/storage.go Delete
  gracePeriodSeconds: () => null,
  selectableFields: ({ status }) => ({ 'status.phase': status.phase ?? '' }),
  columns: [nameColumn, { name: 'Status', type: 'string', value: ({ status }) => status?.phase ?? '' }, ageColumn],
});
