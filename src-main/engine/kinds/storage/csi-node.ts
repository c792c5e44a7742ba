// CSINode: its type and all of its API rules. upstream: pkg/registry/storage/csinode/strategy.go, pkg/apis/storage/validation
import type { CSINode as OpenApiCSINode } from 'kubernetes-types/storage/v1.d.ts';
import { FieldPath, fieldDuplicate, fieldRequired } from '../../meta/field-error.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { each } from '../rules.ts';

export type CSINode = Stored<OpenApiCSINode, 'spec'>;

export const csiNodeKind = defineKind<CSINode>({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  plural: 'csinodes',
  namespaced: false,
  defaults: (node) => (node.spec === undefined ? { ...node, spec: { drivers: [] } } : node),
  validate: ({ spec }) => {
    const seen = new Set<string>();
    return each(new FieldPath('spec', 'drivers'), spec.drivers, ({ name = '', nodeID = '' }, at) => {
      const errors = name === '' ? [fieldRequired(at.child('name'), '')] : [];
      if (seen.has(name)) errors.push(fieldDuplicate(at.child('name'), name));
      seen.add(name);
      if (nodeID === '') errors.push(fieldRequired(at.child('nodeID'), ''));
      return errors;
    });
  },
  columns: [nameColumn, { name: 'Drivers', type: 'integer', value: ({ spec }) => spec.drivers?.length ?? 0 }, ageColumn],
});
