// Which requests a policy is about: the type, its defaults, and what it may say. upstream: pkg/apis/admissionregistration/{v1/defaults.go,validation/validation.go}
import { type FieldError, type FieldPath, fieldDuplicate, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { type LabelSelector, validateLabelSelector } from '../../meta/label-selector.ts';
import { pathSegmentName } from '../../meta/names.ts';
import { goStrings, goTexts } from '../go-syntax.ts';
import { each, invalidBy, oneOf, requiredOneOf } from '../rules.ts';

export interface NamedRule {
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}

export interface MatchResources {
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly resourceRules?: readonly NamedRule[];
  readonly excludeResourceRules?: readonly NamedRule[];
}

export function defaultMatchResources(given: MatchResources): MatchResources {
  const { resourceRules, excludeResourceRules } = given;
  return {
    ...given,
    matchPolicy: given.matchPolicy ?? 'Equivalent',
    namespaceSelector: given.namespaceSelector ?? {},
    objectSelector: given.objectSelector ?? {},
    ...(resourceRules === undefined ? {} : { resourceRules: resourceRules.map(defaultRule) }),
    ...(excludeResourceRules === undefined ? {} : { excludeResourceRules: excludeResourceRules.map(defaultRule) }),
  };
}

export function validateMatchResources(match: MatchResources, path: FieldPath): readonly FieldError[] {
  return [
    ...requiredOneOf(path.child('matchPolicy'), match.matchPolicy, ['Equivalent', 'Exact']),
    ...validateSelector(path.child('namespaceSelector'), match.namespaceSelector),
    ...validateSelector(path.child('objectSelector'), match.objectSelector),
    ...each(path.child('resourceRules'), match.resourceRules, validateRule),
    ...each(path.child('excludeResourceRules'), match.excludeResourceRules, validateRule),
  ];
}

function defaultRule(rule: NamedRule): NamedRule {
  return rule.scope === undefined ? { ...rule, scope: '*' } : rule;
}

function validateSelector(path: FieldPath, selector: LabelSelector | undefined): readonly FieldError[] {
  return selector === undefined ? [fieldRequired(path, '')] : validateLabelSelector(selector, path);
}

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE'];

function validateRule(rule: NamedRule, path: FieldPath): readonly FieldError[] {
  const { resourceNames = [], operations = [], apiGroups = [], apiVersions = [], resources = [], scope } = rule;
  const names = resourceNames.flatMap((name, index) => [
    ...invalidBy(path.child('resourceNames').index(index), name, pathSegmentName(name)),
    ...(resourceNames.indexOf(name) < index ? [fieldDuplicate(path.child('resourceNames').index(index), name)] : []),
  ]);
  return [
    ...names,
    ...notEmpty(path.child('operations'), operations),
    ...alone(
      path.child('operations'),
      operations,
      "if '*' is present, must not specify other operations",
      'admissionregistration.OperationType',
    ),
    ...each(path.child('operations'), operations, (operation, at) =>
      OPERATIONS.includes(operation) ? [] : [fieldNotSupported(at, operation, OPERATIONS)],
    ),
    ...notEmpty(path.child('apiGroups'), apiGroups),
    ...alone(path.child('apiGroups'), apiGroups, "if '*' is present, must not specify other API groups"),
    ...notEmpty(path.child('apiVersions'), apiVersions),
    ...alone(path.child('apiVersions'), apiVersions, "if '*' is present, must not specify other API versions"),
    ...each(path.child('apiVersions'), apiVersions, (version, at) => (version === '' ? [fieldRequired(at, '')] : [])),
    ...validateResources(path.child('resources'), resources),
    ...oneOf(path.child('scope'), scope, ['*', 'Cluster', 'Namespaced']),
  ];
}

function notEmpty(path: FieldPath, items: readonly string[]): readonly FieldError[] {
  return items.length === 0 ? [fieldRequired(path, '')] : [];
}

function alone(path: FieldPath, items: readonly string[], why: string, type = 'string'): readonly FieldError[] {
  return items.length > 1 && items.includes('*') ? [fieldInvalid(path, goTexts(type, items), why)] : [];
}

/** upstream: validateResources */
function validateResources(path: FieldPath, resources: readonly string[]): readonly FieldError[] {
  const errors: FieldError[] = [...notEmpty(path, resources)];
  const wildSubresources = new Set<string>();
  const wildResources = new Set<string>();
  let isPlain = false;
  for (const [index, text] of resources.entries()) {
    const at = path.index(index);
    if (text === '') {
      errors.push(fieldRequired(at, ''));
      continue;
    }
    const slash = text.indexOf('/');
    if (slash < 0) {
      isPlain = text !== '*';
      continue;
    }
    const [resource, subresource] = [text.slice(0, slash), text.slice(slash + 1)];
    if (wildSubresources.has(resource)) errors.push(fieldInvalid(at, text, `if '${resource}/*' is present, must not specify ${text}`));
    if (wildResources.has(subresource)) errors.push(fieldInvalid(at, text, `if '*/${subresource}' is present, must not specify ${text}`));
    if (subresource === '*') wildSubresources.add(resource);
    if (resource === '*') wildResources.add(subresource);
  }
  if (resources.length > 1 && resources.includes('*/*'))
    errors.push(fieldInvalid(path, goStrings(resources), "if '*/*' is present, must not specify other resources"));
  if (resources.includes('*') && isPlain)
    errors.push(fieldInvalid(path, goStrings(resources), "if '*' is present, must not specify other resources without subresources"));
  return errors;
}
