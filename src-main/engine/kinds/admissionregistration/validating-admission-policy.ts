// ValidatingAdmissionPolicy: its type and its API rules; what it decides is the admission plugin's of the same name.
// upstream: pkg/registry/admissionregistration/validatingadmissionpolicy/strategy.go
import type { Condition } from '../../meta/conditions.ts';
import type { ApiObject } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { defaultMatchResources, type MatchResources } from './match-resources.ts';
import { validatePolicy } from './policy-validation.ts';

export interface PolicyValidation {
  readonly expression?: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

export interface ValidatingAdmissionPolicy extends ApiObject {
  readonly spec: {
    readonly failurePolicy?: string;
    readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
    readonly matchConstraints?: MatchResources;
    readonly matchConditions?: readonly { readonly name?: string; readonly expression?: string }[];
    readonly variables?: readonly { readonly name?: string; readonly expression?: string }[];
    readonly validations?: readonly PolicyValidation[];
    readonly auditAnnotations?: readonly { readonly key?: string; readonly valueExpression?: string }[];
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly { readonly fieldRef: string; readonly warning: string }[] };
    readonly conditions?: readonly Condition[];
  };
}

export const validatingAdmissionPolicyKind = defineKind<ValidatingAdmissionPolicy>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  namespaced: false,
  hasStatus: true,
  tracksGeneration: true,
  defaults: (given) => {
    const spec: ValidatingAdmissionPolicy['spec'] = given.spec ?? {};
    const { failurePolicy = 'Fail', matchConstraints } = spec;
    return {
      ...given,
      spec: {
        ...spec,
        failurePolicy,
        ...(matchConstraints === undefined ? {} : { matchConstraints: defaultMatchResources(matchConstraints) }),
      },
    };
  },
  prepareForCreate: ({ status: _status, ...policy }) => ({ ...policy, status: {} }),
  prepareForUpdate: (next, previous) => ({ ...next, status: previous.status ?? {} }),
  validate: ({ metadata, spec }) => validatePolicy(metadata.name, spec),
  columns: [
    nameColumn,
    { name: 'Validations', type: 'integer', value: ({ spec }) => (spec.validations ?? []).length },
    {
      name: 'ParamKind',
      type: 'string',
      value: ({ spec: { paramKind } }) => (paramKind === undefined ? '<unset>' : `${paramKind.apiVersion}/${paramKind.kind}`),
    },
    ageColumn,
  ],
});
