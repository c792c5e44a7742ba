// The documents by which clients learn what the API server serves, one group at a time or all at once.
// upstream: apiserver pkg/endpoints/discovery, discovery/aggregated
import { RELEASE } from '../../kinds/release.ts';
import type { Resource, ResourceCatalogue, Subresource, VirtualKind } from './resource-catalogue.ts';

/** `GET /version`: the release that the lab is modelled on. */
export const VERSION_INFO = {
  major: '1',
  minor: '33',
  gitVersion: RELEASE,
  gitCommit: '60a317eadfcb839692a68eab88b2096f4d708f4f',
  gitTreeState: 'clean',
  buildDate: '2025-04-23T13:00:00Z',
  goVersion: 'go1.24.2',
  compiler: 'gc',
  platform: 'linux/amd64',
};

/** `GET /api`. */
export function coreVersions(): object {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
}

/** `GET /apis`. */
export function groupList(catalogue: ResourceCatalogue): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(catalogue).map((group) => groupBody(catalogue, group)) };
}

/** `GET /apis/{group}`; undefined when there is no such group. */
export function groupDocument(catalogue: ResourceCatalogue, group: string): object | undefined {
  if (!groupsOf(catalogue).includes(group)) return undefined;
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupBody(catalogue, group) };
}

/** `GET /api/v1`, `/apis/{group}/{version}`; undefined when there is no such version. */
export function resourceList(catalogue: ResourceCatalogue, group: string, version: string): object | undefined {
  const stored = catalogue.all().filter(({ kind }) => kind.group === group && kind.version === version);
  const virtual = catalogue.virtuals().filter((kind) => kind.group === group && kind.version === version);
  if (stored.length + virtual.length === 0) return undefined;
  const resources = [...stored.flatMap(listEntries), ...virtual.map(virtualEntry)];
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group === '' ? version : `${group}/${version}`, resources };
}

/** `GET /api` and `/apis` for clients that take all in one. */
export function aggregatedDiscovery(catalogue: ResourceCatalogue, core: boolean): object {
  const groups = core ? [''] : groupsOf(catalogue);
  const items = groups.map((group) => ({
    metadata: group === '' ? { creationTimestamp: null } : { name: group, creationTimestamp: null },
    versions: versionsOf(catalogue, group).map((version) => ({
      version,
      freshness: 'Current',
      resources: entriesOf(catalogue, group, version),
    })),
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function entriesOf(catalogue: ResourceCatalogue, group: string, version: string): readonly object[] {
  const stored = catalogue.all().filter(({ kind }) => kind.group === group && kind.version === version);
  const virtual = catalogue.virtuals().filter((kind) => kind.group === group && kind.version === version);
  return [...stored.map(aggregatedEntry), ...virtual.map(aggregatedVirtual)];
}

/** All groups but the core one. */
function groupsOf(catalogue: ResourceCatalogue): readonly string[] {
  const stored = catalogue.all().map(({ kind }) => kind.group);
  const virtual = catalogue.virtuals().map(({ group }) => group);
  return [...new Set([...stored, ...virtual])].filter((group) => group !== '');
}

function versionsOf(catalogue: ResourceCatalogue, group: string): readonly string[] {
  const stored = catalogue.groupVersions().filter((one) => one.group === group);
  const virtual = catalogue.virtuals().filter((one) => one.group === group);
  return [...new Set([...stored, ...virtual].map(({ version }) => version))];
}

function groupBody(catalogue: ResourceCatalogue, name: string): object {
  const versions = versionsOf(catalogue, name).map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions, preferredVersion: versions[0] };
}

function listEntries({ kind, singular, verbs, subresources }: Resource): readonly object[] {
  const { plural, namespaced, shortNames, categories } = kind;
  const names = { ...(shortNames.length > 0 && { shortNames }), ...(categories.length > 0 && { categories }) };
  const own = { name: plural, singularName: singular, namespaced, kind: kind.kind, verbs, ...names };
  return [own, ...subresources.map((one) => subresourceEntry(kind, one))];
}

function subresourceEntry(parent: Resource['kind'], { name, group, version, kind, verbs }: Subresource): object {
  const foreign = group === parent.group && version === parent.version ? {} : { group, version };
  return { name: `${parent.plural}/${name}`, singularName: '', namespaced: parent.namespaced, ...foreign, kind, verbs };
}

function virtualEntry({ plural, kind, namespaced, shortNames, verbs = ['create'] }: VirtualKind): object {
  return { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs, ...(shortNames !== undefined && { shortNames }) };
}

function aggregatedEntry({ kind, singular, verbs, subresources }: Resource): object {
  const { group, version, plural, namespaced, shortNames, categories } = kind;
  const foreign = subresources.map((one) => ({
    subresource: one.name,
    responseKind: { group: one.group, version: one.version, kind: one.kind },
    verbs: one.verbs,
  }));
  return {
    resource: plural,
    responseKind: { group, version, kind: kind.kind },
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(foreign.length > 0 && { subresources: foreign }),
  };
}

function aggregatedVirtual({ group, version, plural, kind, namespaced, shortNames, verbs = ['create'] }: VirtualKind): object {
  const scope = namespaced ? 'Namespaced' : 'Cluster';
  const singularResource = kind.toLowerCase();
  const responseKind = { group, version, kind };
  return { resource: plural, responseKind, scope, singularResource, verbs, ...(shortNames !== undefined && { shortNames }) };
}
