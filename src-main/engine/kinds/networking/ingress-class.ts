// IngressClass: its type and all of its API rules. upstream: pkg/registry/networking/ingressclass/strategy.go, pkg/apis/networking/validation
import type { IngressClass as OpenApiIngressClass } from 'kubernetes-types/networking/v1.d.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldRequired, fieldTooLong } from '../../meta/field-error.ts';
import { dns1123Label, domainPrefixedPath } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { immutable, invalidBy, oneOf } from '../rules.ts';
import { validateObjectReference } from './ingress-validation.ts';

export type IngressClass = Stored<OpenApiIngressClass, 'spec'>;
type Parameters = NonNullable<IngressClass['spec']['parameters']>;

const CONTROLLER_LENGTH_MAX = 250;
const specPath = new FieldPath('spec');

export const ingressClassKind = defineKind<IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  tracksGeneration: true,
  defaults: (given) => {
    const { parameters } = given.spec ?? {};
    if (parameters === undefined) return given.spec === undefined ? { ...given, spec: {} } : given;
    return parameters.scope === undefined ? { ...given, spec: { ...given.spec, parameters: { ...parameters, scope: 'Cluster' } } } : given;
  },
  validate: ({ spec: { controller = '', parameters } }) => [
    ...(controller.length > CONTROLLER_LENGTH_MAX ? [fieldTooLong(specPath.child('controller'), CONTROLLER_LENGTH_MAX)] : []),
    ...domainPrefixedPath(specPath.child('controller'), controller),
    ...(parameters === undefined ? [] : validateParameters(parameters, specPath.child('parameters'))),
  ],
  validateUpdate: (next, previous) => immutable(specPath.child('controller'), next.spec.controller, previous.spec.controller),
  columns: [
    nameColumn,
    { name: 'Controller', type: 'string', value: ({ spec }) => spec.controller ?? '' },
    { name: 'Parameters', type: 'string', value: parametersText },
    ageColumn,
  ],
});

/** Does the class serve ingresses that name none? */
export function isDefaultIngressClass({ metadata }: IngressClass): boolean {
  return metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true';
}

/** upstream: validateIngressClassParametersReference */
function validateParameters(parameters: Parameters, path: FieldPath): readonly FieldError[] {
  const { scope, namespace } = parameters;
  const at = path.child('namespace');
  const errors = [...validateObjectReference(parameters, path), ...oneOf(path.child('scope'), scope, ['Cluster', 'Namespace'])];
  if (scope === 'Namespace' && namespace === undefined) errors.push(fieldRequired(at, "`parameters.scope` is set to 'Namespace'"));
  if (scope === 'Namespace' && namespace !== undefined) errors.push(...invalidBy(at, namespace, dns1123Label(namespace)));
  if (scope === 'Cluster' && namespace !== undefined) errors.push(fieldForbidden(at, "`parameters.scope` is set to 'Cluster'"));
  return errors;
}

function parametersText({ spec: { parameters } }: IngressClass): string {
  if (parameters === undefined) return '<none>';
  const { kind, apiGroup, name } = parameters;
  return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
}
