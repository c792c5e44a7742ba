// ControllerRevision: one remembered state of a StatefulSet or DaemonSet, to roll out and to go back to. upstream: pkg/registry/apps/controllerrevision/strategy.go
import type { ControllerRevision as OpenApiControllerRevision } from 'kubernetes-types/apps/v1.d.ts';
import { FieldPath, fieldRequired } from '../../meta/field-error.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { controllerOf } from '../../meta/owner-references.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { kindKey, splitApiVersion } from '../kind.ts';
import { immutable, notNegative } from '../rules.ts';

export type ControllerRevision = StoredInNamespace<OpenApiControllerRevision>;

const data = new FieldPath('data');

export const controllerRevisionKind = defineKind<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  namespaced: true,
  validate: (revision) => [
    ...(revision.data === undefined || revision.data === null ? [fieldRequired(data, 'data is mandatory')] : []),
    ...notNegative(new FieldPath('revision'), revision.revision),
  ],
  validateUpdate: (next, previous) => immutable(data, next.data, previous.data),
  columns: [
    nameColumn,
    { name: 'Controller', type: 'string', value: controllerName },
    { name: 'Revision', type: 'integer', value: ({ revision }) => revision ?? 0 },
    ageColumn,
  ],
});

/** `statefulset.apps/db`. upstream: printControllerRevision, formatResourceName */
function controllerName(revision: ControllerRevision): string {
  const reference = controllerOf(revision);
  if (reference === undefined) return '<none>';
  const { group } = splitApiVersion(reference.apiVersion);
  return `${kindKey({ group, kind: reference.kind }).toLowerCase()}/${reference.name}`;
}
