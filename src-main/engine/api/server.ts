// The API server's request pipeline: default, admit, validate, check versions, commit. Every change of an object goes through here.
import { equal } from '../base/equal.ts';
import { copied, extended } from '../base/extended.ts';
import { flat } from '../base/flat.ts';
import { formatTimestamp } from '../base/timestamp.ts';
import { type CustomResourceDefinition, customResourceDefinitionKind } from '../kinds/apiextensions/custom-resource-definition.ts';
import type { Pod } from '../kinds/core/pod.ts';
import { podKind } from '../kinds/core/pod.ts';
import type { Service } from '../kinds/core/service.ts';
import { apiVersionOf, type Kind, kindKey } from '../kinds/kind.ts';
import { validateObjectMeta, validateObjectMetaUpdate } from '../kinds/object-meta.ts';
import { type ApiObject, keyOf, type ObjectMeta, splitKey } from '../meta/object.ts';
import { badRequest, conflict, invalid, notFound } from '../meta/status-error.ts';
import type { Entry, Timeline } from '../time/timeline.ts';
import { beginDeletion, type DeletionRequest, removable, requireFree, terminating } from './deletion.ts';
import { withGeneration } from './generation.ts';
import { releaseAddresses, takeAddresses } from './ip-addresses.ts';
import { ComponentOwners } from './managed-fields/component-owners.ts';
import { fieldWriter } from './managed-fields/field-writer.ts';
import type { ManagerEntry, Writer } from './managed-fields/manager-entry.ts';
import { withOwners } from './managed-fields/owners-of.ts';
import { asScaling } from './scale-of.ts';
import { leaveNamespaces } from './scope-change.ts';
import type { ServiceAddresses } from './service-addresses.ts';
import type { Cause, Store } from './store.ts';

/** Which part of an object an update may change. */
export type Part = 'spec' | 'status' | 'finalize' | 'ephemeralcontainers' | 'resize' | 'scale';

/** What admission plugins are asked about. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly kind: Kind;
  readonly object: ApiObject;
  readonly previous: ApiObject | null;
  readonly namespace: string;
  /** Absent: the object itself is written. */
  readonly subresource?: string | undefined;
  /** What is sent to the subresource, where that is no version of the object, and to which object. */
  readonly sent?: SentKind | undefined;
  readonly user: string;
  /** A component's name tells them. */
  readonly groups?: readonly string[] | null;
  /** Nothing of it will be kept. */
  readonly isDryRun?: boolean;
}

/** The kind of a Scale, a Binding, an Eviction... */
export interface SentKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Of the object whose subresource it is. */
  readonly name: string;
}

/** Something that is sent to a subresource and not stored. */
export interface Sent {
  readonly operation: AdmissionRequest['operation'];
  readonly subresource: string;
  readonly namespace: string;
  readonly object: object;
  readonly kind: SentKind;
}

/** What may change an object, or refuse it, before it is stored. */
export interface Admission {
  /** Returns the object as admitted (the same one if nothing was changed); throws StatusError to refuse. */
  readonly admit: (request: AdmissionRequest) => ApiObject;
  /** Asked after the object was found valid; throws StatusError to refuse. */
  readonly validate: (request: AdmissionRequest) => void;
}

/** Lets everything in as it is: for worlds without plugins. */
export const noAdmission: Admission = { admit: ({ object }) => object, validate: () => {} };

/** To which node a pod goes; '' as the uid: whatever pod has the name. */
export interface Binding {
  readonly uid: string;
  readonly node: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface DeleteCall extends DeletionRequest {
  readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string };
}

const NAME_ATTEMPTS_MAX = 8;
const DEFINITION = kindKey(customResourceDefinitionKind);

export class ApiServer {
  readonly store: Store;
  readonly #timeline: Timeline;
  readonly #admission: Admission;
  readonly #addresses: ServiceAddresses;
  readonly #owners = new ComponentOwners();
  #keepsNothing = false;
  #isJudging = true;
  /** Whoever writes has said whose the fields are. */
  #areOwnersTold = false;
  #warnings: string[] = [];
  /** Of the client on whose behalf is written; those of components are told by their names. */
  #groups: readonly string[] | null = null;
  /** The stream of chance that uids and generated names come from. */
  #chance = 'api';
  #cause: { readonly entry: Entry | null; readonly cause: Cause } = { entry: null, cause: { actor: '', trigger: '' } };

  constructor(store: Store, timeline: Timeline, admission: Admission, addresses: ServiceAddresses) {
    this.store = store;
    this.#timeline = timeline;
    this.#admission = admission;
    this.#addresses = addresses;
  }

  get unixMs(): number {
    return this.#timeline.unixMs;
  }

  /** Runs writes whose uids come from a stream of their own, so that they change no name that is drawn later. */
  drawingFrom(stream: string, write: () => void): void {
    const before = this.#chance;
    this.#chance = stream;
    try {
      write();
    } finally {
      this.#chance = before;
    }
  }

  /** Runs writes that the server makes of itself while it does those of somebody else. */
  asItself(stream: string, write: () => void): void {
    const [areOwnersTold, groups, warnings] = [this.#areOwnersTold, this.#groups, this.#warnings];
    this.#areOwnersTold = false;
    this.#groups = null;
    try {
      this.drawingFrom(stream, write);
    } finally {
      this.#areOwnersTold = areOwnersTold;
      this.#groups = groups;
      this.#warnings = warnings;
    }
  }

  /** Runs a write with all its checks and keeps nothing of it; `write` sees what it would have got. upstream: apiserver pkg/registry/generic/registry/dryrun.go */
  dryRun<T>(write: () => T): T {
    this.#keepsNothing = true;
    try {
      return this.#timeline.undrawn(write);
    } finally {
      this.#keepsNothing = false;
    }
  }

  /** Runs writes of clients, who come with managedFields; those of components are put down here. */
  tellingOwners<T>(write: () => T): T {
    this.#areOwnersTold = true;
    try {
      return write();
    } finally {
      this.#areOwnersTold = false;
    }
  }

  /** Runs writes of somebody who belongs to these groups. */
  onBehalfOf<T>(groups: readonly string[], write: () => T): T {
    this.#groups = groups;
    try {
      return write();
    } finally {
      this.#groups = null;
    }
  }

  /** Runs writes that follow from one that admission has judged. */
  unjudged<T>(write: () => T): T {
    this.#isJudging = false;
    try {
      return write();
    } finally {
      this.#isJudging = true;
    }
  }

  /** Throws StatusError when admission refuses what is sent to a subresource. */
  judge<T extends ApiObject>(kind: Kind<T>, { operation, object, namespace, subresource, kind: sent }: Sent, user: string): void {
    this.#judge({
      operation,
      kind: asKind(kind),
      object: object as ApiObject,
      previous: null,
      namespace,
      user,
      groups: this.#groups,
      isDryRun: this.#keepsNothing,
      subresource,
      sent,
    });
  }

  /** What admission had to say about the newest write; asked once. */
  takeWarnings(): readonly string[] {
    const warnings = this.#warnings;
    this.#warnings = [];
    return warnings;
  }

  /** Admission warns the client that writes. */
  warn(text: string): void {
    if (!this.#warnings.includes(text)) this.#warnings.push(text);
  }

  /** 404 when there is none. */
  get<T extends ApiObject>(kind: Kind<T>, key: string): T {
    const object = this.find(kind, key);
    if (object === undefined) throw notFound({ group: kind.group, resource: kind.plural }, splitKey(key).name);
    return object;
  }

  find<T extends ApiObject>(kind: Kind<T>, key: string): T | undefined {
    return this.store.get(kindKey(kind), key) as T | undefined;
  }

  list<T extends ApiObject>(kind: Kind<T>, namespace?: string): readonly T[] {
    const table = this.store.table(kindKey(kind));
    // Admission asks with every write for kinds of which most clusters have none.
    if (table.size === 0) return [];
    const all = [...table.values()] as unknown as T[];
    return namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
  }

  create<T extends ApiObject>(kind: Kind<T>, draft: object, user: string): T {
    const metadata = this.#newMetadata(kind, (draft as { metadata?: Partial<ObjectMeta> }).metadata ?? {});
    let object = extended(draft, { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata }) as unknown as T;
    object = kind.defaults(object);
    const said = object;
    this.#warnings = [];
    // What admission fills in counts: a pod's quality of service is told by its requests and limits.
    object = kind.prepareForCreate(this.#admitted('CREATE', kind, object, null, user));
    const key = keyOf(object);
    const errors = [...validateObjectMeta(kind, object.metadata), ...kind.validate(object), ...(kind.validateCreate?.(object) ?? [])];
    if (errors.length > 0) throw invalid(kind, object.metadata.name, errors);
    this.#judge(this.#requestOf('CREATE', kind, object, null, user));
    requireFree(kind, this.store.get(kindKey(kind), key));
    if (kind.kind === 'Service' && kind.group === '') object = this.#addresses.allocate(object as unknown as Service, null) as unknown as T;
    if (!this.#keepsNothing) takeAddresses(this, object, null);
    const owners = this.#areOwnersTold ? undefined : this.#owners.made(asKind(kind), said, object, this.#writerOf(kind, user, 'spec'));
    const stored = this.#commit(kind, key, object, user, owners);
    if (kindKey(kind) === DEFINITION) this.#settle(stored as unknown as CustomResourceDefinition, user);
    return stored;
  }

  /** Replaces the part; returns the stored object, which is the old one when nothing changed. */
  update<T extends ApiObject>(kind: Kind<T>, object: T, user: string, part: Part = 'spec'): T {
    const key = keyOf(object);
    const current = this.get(kind, key);
    const { resourceVersion, uid } = object.metadata;
    const resource = { group: kind.group, resource: kind.plural };
    if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== current.metadata.resourceVersion)
      throw conflict(resource, object.metadata.name);
    if (uid !== undefined && uid !== '' && uid !== current.metadata.uid)
      throw conflict(
        resource,
        object.metadata.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
      );
    return this.#replace(kind, key, current, object, user, part);
  }

  /** Applies `change` to the newest version, as a PATCH without resourceVersion does. */
  patch<T extends ApiObject>(kind: Kind<T>, key: string, change: (current: T) => T, user: string, part: Part = 'spec'): T {
    const current = this.get(kind, key);
    const next = change(current);
    return next === current ? current : this.#replace(kind, key, current, next, user, part);
  }

  /** The object as deletion leaves it for now; null when it is gone. */
  delete<T extends ApiObject>(kind: Kind<T>, key: string, call: DeleteCall, user: string): T | null {
    const current = this.get(kind, key);
    const resource = { group: kind.group, resource: kind.plural };
    const { uid, resourceVersion } = call.preconditions ?? {};
    if (uid !== undefined && uid !== current.metadata.uid)
      throw conflict(
        resource,
        current.metadata.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${current.metadata.uid}`,
      );
    if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion)
      throw conflict(resource, current.metadata.name);
    this.#warnings = [];
    this.#admitted('DELETE', kind, current, current, user);
    this.#judge(this.#requestOf('DELETE', kind, current, current, user));
    const begins = current.metadata.deletionTimestamp === undefined && kind.prepareForDelete !== undefined;
    const prepared = begins ? (kind.prepareForDelete?.(current, this.#timeline.timestamp()) ?? current) : current;
    const marked = beginDeletion(kind, prepared, call, this.#timeline.unixMs);
    if (marked === current) return current;
    if (marked !== null) return this.#commit(kind, key, kind.kind === 'Namespace' ? terminating(marked) : marked, user);
    this.#remove(kind, key, user);
    return null;
  }

  /** POST pods/binding. upstream: pkg/registry/core/pod/storage/storage.go setPodNodeAndMetadata */
  bind(key: string, binding: Binding, user: string): void {
    const { uid, node, annotations = {} } = binding;
    const pod = this.get(podKind, key);
    this.judge(podKind, bindingTo(pod, binding), user);
    const refuse = (why: string) => conflict({ group: '', resource: 'pods/binding' }, pod.metadata.name, why);
    if (uid !== '' && uid !== pod.metadata.uid)
      throw refuse(`Precondition failed: UID in precondition: ${uid}, UID in object meta: ${pod.metadata.uid}`);
    if (pod.metadata.deletionTimestamp !== undefined)
      throw refuse(`pod ${pod.metadata.name} is being deleted, cannot be assigned to a host`);
    if ((pod.spec.nodeName ?? '') !== '') throw refuse(`pod ${pod.metadata.name} is already assigned to node "${pod.spec.nodeName}"`);
    const others = (pod.status.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled');
    const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: this.#timeline.timestamp() };
    const bound = copied(pod);
    if (Object.keys(annotations).length > 0)
      bound.metadata = { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...annotations } };
    bound.spec = extended(pod.spec, { nodeName: node });
    bound.status = extended(pod.status, { conditions: [...others, scheduled] }) as unknown as Pod['status'];
    this.#commit(podKind, key, bound, user);
  }

  #replace<T extends ApiObject>(kind: Kind<T>, key: string, current: T, wanted: T, user: string, part: Part): T {
    if (part !== 'status' && part !== 'finalize') this.#warnings = [];
    let next = part === 'status' ? this.#withStatusOf(current, wanted) : this.#withSpecOf(kind, current, wanted, part);
    if (part === 'status') {
      const errors = kind.validateStatus?.(next, current) ?? [];
      if (errors.length > 0) throw invalid(kind, next.metadata.name, errors);
      this.#judge(this.#requestOf('UPDATE', kind, next, current, user, part));
    } else {
      next = kind.prepareForUpdate(kind.defaults(next), current);
      if (part === 'spec') next = this.#admitted('UPDATE', kind, next, current, user);
      const errors = [
        ...validateObjectMeta(kind, next.metadata),
        ...validateObjectMetaUpdate(next.metadata, current.metadata),
        ...kind.validate(next),
        // Whoever adds ephemeral containers or resizes a pod has held that against the pod as it is.
        ...(part === 'ephemeralcontainers' || part === 'resize' ? [] : kind.validateUpdate(next, current)),
      ];
      if (errors.length > 0) throw invalid(kind, next.metadata.name, errors);
      const request = this.#requestOf('UPDATE', kind, next, current, user, part === 'spec' ? undefined : part);
      this.#judge(part === 'scale' ? asScaling(request) : request);
      if (kind.kind === 'Service' && kind.group === '')
        next = this.#addresses.allocate(next as unknown as Service, current as unknown as Service) as unknown as T;
    }
    if (removable(next)) {
      this.#remove(kind, key, user);
      return next;
    }
    // Clients come with owners as clients see them.
    if (equal(next, this.#areOwnersTold ? withOwners(asKind(kind), current) : current)) return current;
    if (!this.#keepsNothing) takeAddresses(this, next, current);
    const owners = this.#areOwnersTold
      ? undefined
      : this.#owners.changed(asKind(kind), current, next, this.#writerOf(kind, user, part), part === 'status' ? 'status' : 'rest');
    const stored = this.#commit(kind, key, withGeneration(kind, next, current), user, owners);
    if (!this.#keepsNothing) releaseAddresses(this, stored, current);
    return stored;
  }

  #writerOf<T extends ApiObject>(kind: Kind<T>, user: string, part: Part): Writer {
    const { manager, subresource } = fieldWriter(user, asKind(kind), part);
    return { manager, subresource, time: this.#timeline.timestamp() };
  }

  /** The current object with the status of another version: all that the status subresource may change. */
  #withStatusOf<T extends ApiObject>(current: T, wanted: T): T {
    const { managedFields } = wanted.metadata;
    const isTold = this.#areOwnersTold && managedFields !== undefined && managedFields !== current.metadata.managedFields;
    const metadata = isTold ? extended(current.metadata, { managedFields }) : current.metadata;
    const next = copied<ApiObject & { readonly status?: unknown }>(current);
    next.metadata = metadata;
    next.status = (wanted as { status?: unknown }).status;
    return next as ApiObject as T;
  }

  #withSpecOf<T extends ApiObject>(kind: Kind<T>, current: T, wanted: T, part: Part): T {
    const { uid, creationTimestamp, resourceVersion, generation, deletionTimestamp, deletionGracePeriodSeconds } = current.metadata;
    const kept: Record<string, unknown> = { uid, creationTimestamp, resourceVersion };
    // A request never sets the generation. upstream: apiserver pkg/registry/rest/update.go BeforeUpdate
    if (generation !== undefined || wanted.metadata.generation !== undefined) kept['generation'] = generation;
    if (deletionTimestamp !== undefined) kept['deletionTimestamp'] = deletionTimestamp;
    if (deletionGracePeriodSeconds !== undefined) kept['deletionGracePeriodSeconds'] = deletionGracePeriodSeconds;
    if (!this.#areOwnersTold && current.metadata.managedFields !== undefined) kept['managedFields'] = current.metadata.managedFields;
    const metadata = { ...wanted.metadata, ...kept } as ObjectMeta;
    const next = { ...wanted, metadata } as T & { status?: unknown };
    if (kind.hasStatus && part !== 'finalize' && part !== 'ephemeralcontainers') {
      const { status } = current as { status?: unknown };
      if (status === undefined) delete next.status;
      else next.status = status;
    }
    return next;
  }

  /** What was stored before its kind was defined. */
  #settle(definition: CustomResourceDefinition, user: string): void {
    if (this.#keepsNothing) return;
    leaveNamespaces(this.store, definition, (kind, key, object) => {
      if (object === null) this.#remove(kind, key, user);
      else this.#commit(kind as Kind, key, object, user);
    });
  }

  #judge(request: AdmissionRequest): void {
    if (this.#isJudging) this.#admission.validate(request);
  }

  #remove(kind: Pick<Kind, 'group' | 'kind'>, key: string, user: string): void {
    if (this.#keepsNothing) return;
    const { object } = this.store.commit(kindKey(kind), key, null, this.#timeline.nowMs, this.#causeOf(user));
    releaseAddresses(this, null, object);
  }

  #commit<T extends ApiObject>(kind: Kind<T>, key: string, object: T, user: string, owners?: readonly ManagerEntry[]): T {
    if (this.#keepsNothing) return object;
    const metadata = copied<ObjectMeta>(object.metadata);
    metadata.resourceVersion = String(this.store.nextRevision);
    if (owners !== undefined && owners.length > 0) metadata.managedFields = owners;
    const stored = copied<ApiObject>(object) as { -readonly [Name in keyof T]: T[Name] };
    stored.metadata = metadata;
    this.store.commit(kindKey(kind), key, stored, this.#timeline.nowMs, this.#causeOf(user));
    return stored;
  }

  #admitted<T extends ApiObject>(operation: AdmissionRequest['operation'], kind: Kind<T>, object: T, previous: T | null, user: string): T {
    return this.#admission.admit(this.#requestOf(operation, kind, object, previous, user)) as T;
  }

  #requestOf<T extends ApiObject>(
    operation: AdmissionRequest['operation'],
    kind: Kind<T>,
    object: T,
    previous: T | null,
    user: string,
    subresource?: string,
  ): AdmissionRequest {
    return {
      operation,
      kind: asKind(kind),
      object,
      previous,
      namespace: object.metadata.namespace ?? '',
      user,
      groups: this.#groups,
      isDryRun: this.#keepsNothing,
      subresource,
      sent: undefined,
    };
  }

  #newMetadata(kind: Pick<Kind, 'group' | 'kind' | 'namespaced' | 'tracksGeneration'>, given: Partial<ObjectMeta>): ObjectMeta {
    const random = this.#timeline.stream(this.#chance);
    const { name = '', namespace = '', resourceVersion = '' } = given;
    if (resourceVersion !== '') throw badRequest('resourceVersion should not be set on objects to be created');
    const metadata = copied(serversOwn.some((field) => given[field] !== undefined) || !kind.namespaced ? withoutServersOwn(given) : given);
    if (kind.namespaced) metadata.namespace = namespace === '' ? 'default' : namespace;
    metadata.name = name === '' ? this.#generatedName(kind, given.generateName ?? '', metadata.namespace) : name;
    metadata.uid = random.uuid();
    metadata.resourceVersion = '';
    metadata.creationTimestamp = formatTimestamp(this.#timeline.unixMs);
    if (kind.tracksGeneration === true) metadata.generation = 1;
    return metadata as ObjectMeta;
  }

  /** A prefix of at most 58 characters and five more; names that are taken are drawn again. upstream: apiserver RetryGenerateName, storage/names */
  #generatedName(kind: Pick<Kind, 'group' | 'kind'>, prefix: string, namespace: string | undefined): string {
    if (prefix === '') return '';
    const random = this.#timeline.stream(this.#chance);
    let name = '';
    for (let attempt = 0; attempt < NAME_ATTEMPTS_MAX; attempt += 1) {
      name = flat(`${prefix.slice(0, 58)}${random.suffix(5)}`);
      if (this.store.get(kindKey(kind), namespace === undefined ? name : `${namespace}/${name}`) === undefined) break;
    }
    return name;
  }

  #causeOf(actor: string): Cause {
    const entry = this.#timeline.current;
    if (this.#cause.entry !== entry || this.#cause.cause.actor !== actor || entry === null)
      this.#cause = { entry, cause: { actor, trigger: entry === null ? 'command' : flat(`${entry.owner} ${entry.name} ${entry.key}`) } };
    return this.#cause.cause;
  }
}

const asKind = <T extends ApiObject>(kind: Kind<T>): Kind => kind as unknown as Kind;

/** What a scheduler sends. upstream: pkg/scheduler/framework/plugins/defaultbinder/default_binder.go Bind */
function bindingTo({ metadata: { name, namespace } }: Pod, { uid, node, annotations }: Binding): Sent {
  const metadata = { name, namespace, uid, ...(annotations !== undefined && { annotations }) };
  const object = { apiVersion: 'v1', kind: 'Binding', metadata, target: { kind: 'Node', name: node } };
  return { operation: 'CREATE', subresource: 'binding', namespace, object, kind: { group: '', version: 'v1', kind: 'Binding', name } };
}

const serversOwn = ['uid', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;

/** Without what the server alone gives an object, and without a namespace: kinds that have one get it anew. */
function withoutServersOwn(given: Partial<ObjectMeta>): Partial<ObjectMeta> {
  const { namespace: _namespace, uid: _uid, deletionTimestamp: _when, deletionGracePeriodSeconds: _grace, ...kept } = given;
  return kept;
}
