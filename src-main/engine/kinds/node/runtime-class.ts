// RuntimeClass: its type and all of its API rules. upstream: pkg/registry/node/runtimeclass/strategy.go, pkg/apis/node/validation
import type { RuntimeClass as OpenApiRuntimeClass } from 'kubernetes-types/node/v1.d.ts';
import { type FieldError, FieldPath } from '../../meta/field-error.ts';
import { validateLabels } from '../../meta/labels.ts';
import { dns1123Label } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { validateContainerResources } from '../core/resource-validation.ts';
import { validateTolerations } from '../core/toleration-validation.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy } from '../rules.ts';

export type RuntimeClass = Stored<OpenApiRuntimeClass>;

const handlerPath = new FieldPath('handler');

export const runtimeClassKind = defineKind<RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,
  validate: validateClass,
  validateUpdate: (next, previous) => immutable(handlerPath, next.handler ?? '', previous.handler ?? ''),
  columns: [nameColumn, { name: 'Handler', type: 'string', value: ({ handler }) => handler ?? '' }, ageColumn],
});

/** upstream: ValidateRuntimeClass */
function validateClass({ handler = '', overhead, scheduling }: RuntimeClass): readonly FieldError[] {
  const { nodeSelector = {}, tolerations } = scheduling ?? {};
  const schedulingPath = new FieldPath('scheduling');
  return [
    ...invalidBy(handlerPath, handler, dns1123Label(handler)),
    ...validateContainerResources(overhead && { limits: overhead.podFixed ?? {} }, new FieldPath('overhead')),
    ...validateLabels(nodeSelector, schedulingPath.child('nodeSelector')),
    ...validateTolerations(tolerations, schedulingPath.child('tolerations')),
  ];
}
