// Is a policy or binding about a request? upstream: apiserver pkg/admission/plugin/policy/matching/matching.go, pkg/admission/plugin/webhook/predicates
import type { MatchResources, NamedRule } from '../../kinds/admissionregistration/match-resources.ts';
import { namespaceKind } from '../../kinds/core/namespace.ts';
import { selectorFor } from '../../meta/label-selector.ts';
import type { ApiObject } from '../../meta/object.ts';
import { notFound } from '../../meta/status-error.ts';
import type { AdmissionRequest } from '../server.ts';
import { type AdmissionReader, isAbout, nameOfRequest } from './admission-plugin.ts';

/** The version of the request's kind that the rules name; undefined: they are not about it. Throws StatusError for a namespace that is gone. */
export function matchedVersion(match: MatchResources | undefined, request: AdmissionRequest, reader: AdmissionReader): Version | undefined {
  const own = { group: request.kind.group, version: request.kind.version };
  if (match === undefined) return own;
  const { excludeResourceRules = [], resourceRules = [], matchPolicy = 'Equivalent' } = match;
  if (!matchesObject(match, request)) return undefined;
  if (namedVersion(excludeResourceRules, request, matchPolicy) !== undefined) return undefined;
  const found = resourceRules.length === 0 ? own : namedVersion(resourceRules, request, matchPolicy);
  // The namespace is asked last: a request that no rule is about needs none.
  return found !== undefined && matchesNamespace(match, request, reader) ? found : undefined;
}

export interface Version {
  readonly group: string;
  readonly version: string;
}

function matchesNamespace({ namespaceSelector }: MatchResources, request: AdmissionRequest, reader: AdmissionReader): boolean {
  if (isEmpty(namespaceSelector)) return true;
  const matcher = selectorFor(namespaceSelector);
  if (isAbout(request, namespaceKind)) return matcher(request.object.metadata.labels ?? {});
  if (!request.kind.namespaced) return true;
  const namespace = reader.find(namespaceKind, request.namespace);
  if (namespace === undefined) throw notFound({ group: '', resource: 'namespaces' }, request.namespace);
  return matcher(namespace.metadata.labels ?? {});
}

function matchesObject({ objectSelector }: MatchResources, { operation, object, previous }: AdmissionRequest): boolean {
  if (isEmpty(objectSelector)) return true;
  const matcher = selectorFor(objectSelector);
  const fits = ({ metadata }: Partial<ApiObject>): boolean => metadata !== undefined && matcher(metadata.labels ?? {});
  return (operation !== 'DELETE' && fits(object)) || (previous !== null && fits(previous));
}

function isEmpty(selector: MatchResources['objectSelector']): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector ?? {};
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

function namedVersion(rules: readonly NamedRule[], request: AdmissionRequest, matchPolicy: string): Version | undefined {
  const { kind } = request;
  const others = (kind.otherVersions ?? []).map(({ group = kind.group, version }) => ({ group, version }));
  const versions = matchPolicy === 'Exact' ? [] : others;
  return [{ group: kind.group, version: kind.version }, ...versions].find((version) =>
    rules.some((rule) => isNamed(rule, request, version)),
  );
}

function isNamed(rule: NamedRule, request: AdmissionRequest, { group, version }: Version): boolean {
  const { apiGroups = [], apiVersions = [], operations = [], resources = [], resourceNames = [], scope = '*' } = rule;
  const { kind, operation, subresource = '' } = request;
  const has = (list: readonly string[], value: string): boolean => list.includes('*') || list.includes(value);
  // A namespace is in the scope of the cluster.
  const fitsScope = scope === '*' || (scope === 'Namespaced') === kind.namespaced;
  return (
    fitsScope &&
    has(operations, operation) &&
    has(apiGroups, group) &&
    has(apiVersions, version) &&
    resources.some((text) => isOfResource(text, kind.plural, subresource)) &&
    (resourceNames.length === 0 || resourceNames.includes(nameOfRequest(request)))
  );
}

function isOfResource(text: string, plural: string, wanted: string): boolean {
  const [resource, subresource = ''] = text.split('/');
  return (resource === '*' || resource === plural) && (subresource === wanted || subresource === '*');
}
