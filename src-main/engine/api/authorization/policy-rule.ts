// One RBAC rule: which requests it allows, and which other rules it covers. upstream: pkg/apis/rbac/v1/evaluation_helpers.go, component-helpers/auth/rbac/validation

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

/** What somebody wants to do. `path` is empty for a request on a resource. */
export interface Attributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  /** '' for the cluster's scope. */
  readonly namespace: string;
  readonly path: string;
}

const ALL = '*';

export function ruleAllows(rule: PolicyRule, wanted: Attributes): boolean {
  if (!hasOrAll(rule.verbs, wanted.verb)) return false;
  if (wanted.path !== '') return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, wanted.path));
  const names = rule.resourceNames ?? [];
  return (
    hasOrAll(rule.apiGroups ?? [], wanted.group) &&
    (rule.resources ?? []).some((resource) => resourceAllows(resource, wanted)) &&
    (names.length === 0 || names.includes(wanted.name))
  );
}

/** The smallest parts of the requested rules that none of the owner's rules grants. upstream: Covers */
export function uncoveredRules(owned: readonly PolicyRule[], requested: readonly PolicyRule[]): readonly PolicyRule[] {
  return requested.flatMap(brokenDown).filter((part) => !owned.some((rule) => ruleCovers(rule, part)));
}

function resourceAllows(resource: string, { resource: plural, subresource }: Attributes): boolean {
  if (resource === ALL) return true;
  if (subresource === '') return resource === plural;
  return resource === `${plural}/${subresource}` || resource === `${ALL}/${subresource}`;
}

/** One part for each verb, group, resource and name, or each verb and URL. */
function brokenDown({
  verbs,
  apiGroups = [],
  resources = [],
  resourceNames = [],
  nonResourceURLs = [],
}: PolicyRule): readonly PolicyRule[] {
  const names = resourceNames.length === 0 ? [undefined] : resourceNames;
  const onResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        names.map((name) => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name === undefined ? {} : { resourceNames: [name] }),
        })),
      ),
    ),
  );
  const onPaths = nonResourceURLs.flatMap((url) => verbs.map((verb) => ({ verbs: [verb], nonResourceURLs: [url] })));
  return [...onResources, ...onPaths];
}

function ruleCovers(owner: PolicyRule, part: PolicyRule): boolean {
  const ownNames = owner.resourceNames ?? [];
  const names = part.resourceNames ?? [];
  const namesMatch = ownNames.length === 0 || (names.length > 0 && names.every((name) => ownNames.includes(name)));
  return (
    namesMatch &&
    part.verbs.every((verb) => hasOrAll(owner.verbs, verb)) &&
    (part.apiGroups ?? []).every((group) => hasOrAll(owner.apiGroups ?? [], group)) &&
    (part.resources ?? []).every((resource) => resourceCovered(owner.resources ?? [], resource)) &&
    (part.nonResourceURLs ?? []).every((path) => (owner.nonResourceURLs ?? []).some((url) => urlCovers(url, path)))
  );
}

function resourceCovered(owned: readonly string[], resource: string): boolean {
  if (hasOrAll(owned, resource)) return true;
  const slash = resource.indexOf('/');
  return slash >= 0 && owned.includes(`${ALL}${resource.slice(slash)}`);
}

function urlCovers(url: string, path: string): boolean {
  return url === ALL || url === path || (url.endsWith(ALL) && path.startsWith(url.replace(/\*+$/, '')));
}

function hasOrAll(list: readonly string[], wanted: string): boolean {
  return list.includes(ALL) || list.includes(wanted);
}
