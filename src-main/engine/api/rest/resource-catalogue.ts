// What the API server serves: the resources of all kinds with their verbs and subresources. Discovery, OpenAPI and the router follow from this alone.
import { apiVersionOf, type Kind, kindKey } from '../../kinds/kind.ts';
import { storedKind, wellKnownKinds } from '../../kinds/stored-kind.ts';
import { byVersionPriority } from '../../meta/version-priority.ts';
import type { KindRegistry } from '../kind-registry.ts';

export interface Subresource {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface Resource {
  readonly kind: Kind;
  /** The kind in the version in which its objects are stored. */
  readonly stored: Kind;
  readonly singular: string;
  readonly verbs: readonly string[];
  readonly subresources: readonly Subresource[];
}

/** A kind that is not stored: what is posted is answered, and forgotten; or what is read is computed. */
export interface VirtualKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  /** `create` alone, unless stated. */
  readonly verbs?: readonly string[];
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const READ_WRITE = ['get', 'patch', 'update'];
const PROXY_VERBS = ['create', 'delete', 'get', 'patch', 'update'];
const PROXIES: Readonly<Record<string, string>> = { Node: 'NodeProxyOptions', Pod: 'PodProxyOptions', Service: 'ServiceProxyOptions' };
/** Kinds with a Scale: replicas in the spec, a selector, replicas in the status. */
const scalable: ReadonlySet<string> = new Set(['Deployment.apps', 'ReplicaSet.apps', 'StatefulSet.apps', 'ReplicationController']);

/** Groups in the API server's order of priority; others come after these. upstream: pkg/controlplane/apiserver/aggregator.go apiVersionPriorities */
const GROUP_ORDER = [
  ...['', 'apiregistration.k8s.io', 'apps', 'events.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io', 'autoscaling', 'batch'],
  ...['certificates.k8s.io', 'networking.k8s.io', 'policy', 'rbac.authorization.k8s.io', 'storage.k8s.io'],
  ...['admissionregistration.k8s.io', 'apiextensions.k8s.io', 'scheduling.k8s.io', 'coordination.k8s.io', 'node.k8s.io'],
  ...['discovery.k8s.io', 'resource.k8s.io', 'flowcontrol.apiserver.k8s.io'],
];

export class ResourceCatalogue {
  readonly #kinds: KindRegistry;
  readonly #virtual: readonly VirtualKind[];
  #known = -1;
  #resources: readonly Resource[] = [];
  #byPath = new Map<string, Resource>();

  constructor(kinds: KindRegistry, virtual: readonly VirtualKind[] = []) {
    this.#kinds = kinds;
    this.#virtual = virtual;
  }

  /** All resources, by group in order of priority, then by plural. */
  all(): readonly Resource[] {
    this.#refresh();
    return this.#resources;
  }

  /** The groups and versions that have resources: groups in the order of `all`, the preferred version of each first. */
  groupVersions(): readonly { readonly group: string; readonly version: string }[] {
    const found = new Map(this.all().map(({ kind: { group, version } }) => [`${group}/${version}`, { group, version }]));
    const own = [...found.values()];
    const first = new Map(own.map(({ group }, index) => [group, index] as const).toReversed());
    const place = ({ group }: { readonly group: string }): number => first.get(group) ?? 0;
    return own.sort((a, b) => place(a) - place(b) || byVersionPriority(a.version, b.version));
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    this.#refresh();
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  virtuals(): readonly VirtualKind[] {
    return this.#virtual;
  }

  #refresh(): void {
    if (this.#kinds.changes === this.#known) return;
    this.#known = this.#kinds.changes;
    const registered = [...this.#kinds.all()];
    const keys = new Set(registered.map(kindKey));
    const stored = wellKnownKinds()
      .filter((known) => !keys.has(kindKey(known)))
      .map((known) => storedKind(apiVersionOf(known), known.kind));
    this.#resources = [...registered, ...stored]
      .flatMap((kind) => inAllVersions(kind).map((form) => resourceOf(form, kind)))
      .sort(byPriority);
    this.#byPath = new Map(this.#resources.map((one) => [`${one.kind.group}/${one.kind.version}/${one.kind.plural}`, one]));
  }
}

/** The version to be preferred comes first: clients take it where they may choose. */
function inAllVersions(kind: Kind): readonly Kind[] {
  const others = (kind.otherVersions ?? []).map(({ group = kind.group, version, rules = kind, deprecation }): Kind => {
    const { deprecation: _stored, isUnserved: _unserved, ...form } = rules;
    return { ...form, group, version, ...(deprecation === undefined ? {} : { deprecation }) };
  });
  return kind.isUnserved === true ? others : [kind, ...others];
}

function resourceOf(kind: Kind, stored: Kind): Resource {
  const verbs = kindKey(kind) === 'Namespace' ? VERBS.filter((verb) => verb !== 'deletecollection') : VERBS;
  return { kind, stored, singular: kind.kind.toLowerCase(), verbs, subresources: subresourcesOf(kind) };
}

function subresourcesOf(kind: Kind): readonly Subresource[] {
  const { group, version } = kind;
  const own = (name: string, verbs: readonly string[]): Subresource => ({ name, group, version, kind: kind.kind, verbs });
  const found: Subresource[] = kind.hasStatus ? [own('status', READ_WRITE)] : [];
  if (scalable.has(kindKey(kind)) || kind.scalePaths !== undefined)
    found.push({ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: READ_WRITE });
  if (kindKey(kind) === 'Namespace') found.push(own('finalize', ['update']));
  if (kindKey(kind) === 'ServiceAccount')
    found.push({ name: 'token', group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] });
  if (kindKey(kind) === 'CertificateSigningRequest.certificates.k8s.io') found.push(own('approval', READ_WRITE));
  const proxied = PROXIES[kindKey(kind)];
  if (proxied !== undefined) found.push({ name: 'proxy', group: '', version: 'v1', kind: proxied, verbs: PROXY_VERBS });
  if (kindKey(kind) === 'Pod')
    found.push(
      { name: 'attach', group: '', version: 'v1', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
      own('ephemeralcontainers', READ_WRITE),
      { name: 'binding', group: '', version: 'v1', kind: 'Binding', verbs: ['create'] },
      { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
      { name: 'exec', group: '', version: 'v1', kind: 'PodExecOptions', verbs: ['create', 'get'] },
      own('log', ['get']),
      own('resize', READ_WRITE),
      { name: 'portforward', group: '', version: 'v1', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
    );
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function byPriority(a: Resource, b: Resource): number {
  const rank = ({ kind }: Resource): number => {
    const index = GROUP_ORDER.indexOf(kind.group);
    return index < 0 ? GROUP_ORDER.length : index;
  };
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a.kind.group !== b.kind.group) return a.kind.group < b.kind.group ? -1 : 1;
  return a.kind.plural < b.kind.plural ? -1 : 1;
}
