// The rules of roles and bindings. upstream: pkg/apis/rbac/validation/validation.go (release 1.33)
import type { PolicyRule as OpenApiPolicyRule, RoleRef as OpenApiRoleRef, Subject as OpenApiSubject } from 'kubernetes-types/rbac/v1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldNotSupported, fieldRequired, GoSyntax } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { dns1123Subdomain, pathSegmentName } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { mapShared } from '../core/pod-spec.ts';
import { goStrings } from '../go-syntax.ts';
import { each, invalidBy } from '../rules.ts';

export type PolicyRule = Value<OpenApiPolicyRule>;
export type RoleRef = Value<OpenApiRoleRef>;
export type Subject = Value<OpenApiSubject>;

export const RBAC_GROUP = 'rbac.authorization.k8s.io';

const roleRefPath = new FieldPath('roleRef');

export function validateRules(rules: readonly PolicyRule[] | undefined, isNamespaced: boolean): readonly FieldError[] {
  return each(new FieldPath('rules'), rules, (rule, path) => validateRule(rule, isNamespaced, path));
}

/** `roleKinds`: what the binding may refer to. */
export function validateBinding(
  { roleRef, subjects }: { readonly roleRef: RoleRef; readonly subjects?: readonly Subject[] },
  roleKinds: readonly string[],
): readonly FieldError[] {
  const { apiGroup = '', kind = '', name = '' } = roleRef ?? {};
  const isNamespaced = roleKinds.includes('Role');
  return [
    ...(apiGroup === RBAC_GROUP ? [] : [fieldNotSupported(roleRefPath.child('apiGroup'), apiGroup, [RBAC_GROUP])]),
    ...(roleKinds.includes(kind) ? [] : [fieldNotSupported(roleRefPath.child('kind'), kind, roleKinds)]),
    ...(name === '' ? [fieldRequired(roleRefPath.child('name'), '')] : invalidBy(roleRefPath.child('name'), name, pathSegmentName(name))),
    ...each(new FieldPath('subjects'), subjects, (subject, path) => validateSubject(subject, isNamespaced, path)),
  ];
}

export function validateRoleRefUpdate(next: RoleRef, previous: RoleRef): readonly FieldError[] {
  if (equal(next, previous)) return [];
  const { apiGroup, kind, name } = next;
  const shown = `rbac.RoleRef{APIGroup:${goQuote(apiGroup)}, Kind:${goQuote(kind)}, Name:${goQuote(name)}}`;
  return [fieldInvalid(roleRefPath, new GoSyntax(shown), 'cannot change roleRef')];
}

/** upstream: pkg/apis/rbac/v1/defaults.go */
export function defaultBinding<T extends { readonly roleRef: RoleRef; readonly subjects?: readonly Subject[] }>(binding: T): T {
  const { roleRef, subjects } = binding;
  const ref = (roleRef?.apiGroup ?? '') === '' ? { ...roleRef, apiGroup: RBAC_GROUP } : roleRef;
  const defaulted = subjects === undefined ? undefined : mapShared(subjects, defaultSubject);
  return ref === roleRef && defaulted === subjects ? binding : { ...binding, roleRef: ref, ...(defaulted && { subjects: defaulted }) };
}

function defaultSubject(subject: Subject): Subject {
  if ((subject.apiGroup ?? '') !== '' || (subject.kind !== 'User' && subject.kind !== 'Group')) return subject;
  return { ...subject, apiGroup: RBAC_GROUP };
}

function validateRule(rule: PolicyRule, isNamespaced: boolean, path: FieldPath): readonly FieldError[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const errors: FieldError[] = [];
  if (verbs.length === 0) errors.push(fieldRequired(path.child('verbs'), 'verbs must contain at least one value'));
  if (nonResourceURLs.length > 0) {
    const at = path.child('nonResourceURLs');
    const shown = goStrings(nonResourceURLs);
    if (isNamespaced) errors.push(fieldInvalid(at, shown, 'namespaced rules cannot apply to non-resource URLs'));
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      errors.push(fieldInvalid(at, shown, 'rules cannot apply to both regular resources and non-resource URLs'));
    return errors;
  }
  if (apiGroups.length === 0) errors.push(fieldRequired(path.child('apiGroups'), 'resource rules must supply at least one api group'));
  if (resources.length === 0) errors.push(fieldRequired(path.child('resources'), 'resource rules must supply at least one resource'));
  return errors;
}

function validateSubject({ kind = '', name = '', apiGroup = '', namespace = '' }: Subject, isNamespaced: boolean, path: FieldPath) {
  const errors: FieldError[] = name === '' ? [fieldRequired(path.child('name'), '')] : [];
  if (kind === 'ServiceAccount') {
    if (name !== '') errors.push(...invalidBy(path.child('name'), name, dns1123Subdomain(name)));
    if (apiGroup !== '') errors.push(fieldNotSupported(path.child('apiGroup'), apiGroup, ['']));
    if (!isNamespaced && namespace === '') errors.push(fieldRequired(path.child('namespace'), ''));
  } else if (kind !== 'User' && kind !== 'Group')
    errors.push(fieldNotSupported(path.child('kind'), kind, ['ServiceAccount', 'User', 'Group']));
  else if (apiGroup !== RBAC_GROUP) errors.push(fieldNotSupported(path.child('apiGroup'), apiGroup, [RBAC_GROUP]));
  return errors;
}
