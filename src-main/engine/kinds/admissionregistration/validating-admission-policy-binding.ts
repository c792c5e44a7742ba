// ValidatingAdmissionPolicyBinding: where a policy holds, with which parameters, and what happens to those who break it.
// upstream: pkg/registry/admissionregistration/validatingadmissionpolicybinding/strategy.go, pkg/apis/admissionregistration/validation/validation.go
import {
  type FieldError,
  FieldPath,
  fieldDuplicate,
  fieldForbidden,
  fieldInvalid,
  fieldNotSupported,
  fieldRequired,
} from '../../meta/field-error.ts';
import { type LabelSelector, validateLabelSelector } from '../../meta/label-selector.ts';
import { dns1123Subdomain, pathSegmentName } from '../../meta/names.ts';
import type { ApiObject } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { goTexts } from '../go-syntax.ts';
import { invalidBy, requiredOneOf } from '../rules.ts';
import { defaultMatchResources, type MatchResources, validateMatchResources } from './match-resources.ts';

export interface ParamRef {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: LabelSelector;
  readonly parameterNotFoundAction?: string;
}

export interface ValidatingAdmissionPolicyBinding extends ApiObject {
  readonly spec: {
    readonly policyName?: string;
    readonly paramRef?: ParamRef;
    readonly matchResources?: MatchResources;
    readonly validationActions?: readonly string[];
  };
}

const ACTIONS = ['Audit', 'Deny', 'Warn'];

export const validatingAdmissionPolicyBindingKind = defineKind<ValidatingAdmissionPolicyBinding>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  namespaced: false,
  tracksGeneration: true,
  defaults: (given) => {
    const spec: ValidatingAdmissionPolicyBinding['spec'] = given.spec ?? {};
    const { matchResources } = spec;
    return { ...given, spec: matchResources === undefined ? spec : { ...spec, matchResources: defaultMatchResources(matchResources) } };
  },
  validate: ({ spec }) => validateSpec(spec, new FieldPath('spec')),
  columns: [
    nameColumn,
    { name: 'PolicyName', type: 'string', value: ({ spec }) => spec.policyName ?? '' },
    { name: 'ParamRef', type: 'string', value: paramText },
    ageColumn,
  ],
});

function validateSpec(spec: ValidatingAdmissionPolicyBinding['spec'], path: FieldPath): readonly FieldError[] {
  const { policyName = '', paramRef, matchResources, validationActions = [] } = spec;
  const name = path.child('policyName');
  return [
    ...(policyName === '' ? [fieldRequired(name, '')] : invalidBy(name, policyName, dns1123Subdomain(policyName))),
    ...(paramRef === undefined ? [] : validateParamRef(paramRef, path.child('paramRef'))),
    // Upstream spells the path so.
    ...(matchResources === undefined ? [] : validateMatchResources(matchResources, path.child('matchResouces'))),
    ...validateActions(validationActions, path.child('validationActions')),
  ];
}

function validateParamRef({ name = '', selector, parameterNotFoundAction }: ParamRef, path: FieldPath): readonly FieldError[] {
  const both = 'name and selector are mutually exclusive';
  const errors: FieldError[] = name === '' ? [] : [...invalidBy(path.child('name'), name, pathSegmentName(name))];
  if (name !== '' && selector !== undefined) errors.push(fieldForbidden(path.child('name'), both));
  if (selector !== undefined) errors.push(...validateLabelSelector(selector, path.child('selector')));
  if (name !== '' && selector !== undefined) errors.push(fieldForbidden(path.child('selector'), both));
  if (name === '' && selector === undefined) errors.push(fieldRequired(path, 'one of name or selector must be specified'));
  return [...errors, ...requiredOneOf(path.child('parameterNotFoundAction'), parameterNotFoundAction, ['Deny', 'Allow'])];
}

function validateActions(actions: readonly string[], path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (const [index, action] of actions.entries()) {
    if (!ACTIONS.includes(action)) errors.push(fieldNotSupported(path.index(index), action, ACTIONS));
    if (actions.indexOf(action) < index) errors.push(fieldDuplicate(path.index(index), action));
  }
  if (actions.includes('Deny') && actions.includes('Warn'))
    errors.push(
      fieldInvalid(
        path,
        goTexts('admissionregistration.ValidationAction', actions),
        'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)',
      ),
    );
  if (actions.length === 0) errors.push(fieldRequired(path, 'at least one validation action is required'));
  return errors;
}

/** upstream: printValidatingAdmissionPolicyBinding */
function paramText({ spec: { paramRef } }: ValidatingAdmissionPolicyBinding): string {
  const { name = '', namespace = '' } = paramRef ?? {};
  return name === '' ? '<unset>' : namespace === '' ? `*/${name}` : `${namespace}/${name}`;
}
