// The API server as clients meet it: a path and a method become a verb on a resource, and a Status document tells what went wrong.
// It is synchronous and knows nothing of sockets, so that a request can be logged, replayed and tested as a value.
import { kindKey } from '../../kinds/kind.ts';
import type { ResourceMetrics } from '../../kinds/metrics/resource-metrics.ts';
import type { ApiObject } from '../../meta/object.ts';
import { badRequest, StatusError, unknownResource } from '../../meta/status-error.ts';
import { isAllowed, type Policy } from '../authorization/authorizer.ts';
import { impersonate } from '../authorization/impersonation.ts';
import { pathAttributes, refusal, resourceAttributes } from '../authorization/request-attributes.ts';
import { storedPolicy } from '../authorization/stored-policy.ts';
import type { KindRegistry } from '../kind-registry.ts';
import { isObject } from '../patch/merge-patch.ts';
import type { ApiServer } from '../server.ts';
import { type Call, typeMeta, versionOf } from './call.ts';
import { answerComponentStatuses, componentStatusKind } from './component-statuses.ts';
import type { ContainerAccess } from './container-access.ts';
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList, VERSION_INFO } from './discovery.ts';
import { healthAnswer, metricsText, rootPaths } from './health.ts';
import { listObjects } from './list.ts';
import { negotiate } from './negotiate.ts';
import { bindingKind, toPodsBinding } from './older-binding.ts';
import { openApiDocument, openApiIndex } from './openapi.ts';
import { openApiV2Document } from './openapi-v2.ts';
import { listDocument, oneObject, type Present, readList, readObject, type StartedWatch, selectionOfCall, startWatch } from './read.ts';
import { bodyObject } from './request-body.ts';
import { ResourceCatalogue } from './resource-catalogue.ts';
import { answerMetrics, measuredKinds } from './resource-metrics.ts';
import { isSet, jsonAnswer, methodNotAllowed, type RestAnswer, type RestRequest, statusAnswer, textAnswer } from './rest-request.ts';
import { reviews } from './reviews/registry.ts';
import { type ResourceRoute, type Route, routeOf } from './route.ts';
import { applyObject } from './server-side-apply.ts';
import { LogFollower } from './subresources/log.ts';
import { subresources } from './subresources/registry.ts';
import type { WatchEvent } from './watch.ts';
import { createObject, deleteAll, deleteObject, deletionWarnings, patchObject, updateObject } from './write.ts';
import { APPLY_TYPES, requireWriteOptions } from './write-options.ts';

/** The world as far as it shows through the API. */
export interface RestWorld {
  readonly server: ApiServer;
  readonly kinds: KindRegistry;
  readonly unixMs: () => number;
  /** Who measures use, in virtual time; there may be nobody. */
  readonly measured?: { readonly metrics: ResourceMetrics; readonly epochMs: number };
  /** Does a process of the control plane run? All do, where nobody says. */
  readonly runs?: (process: string) => boolean;
  readonly look: <T extends ApiObject>(object: T) => T;
  readonly containers: ContainerAccess;
}

export class RestServer {
  readonly #world: RestWorld;
  readonly #catalogue: ResourceCatalogue;

  readonly #policy: Policy;

  constructor(world: RestWorld) {
    this.#world = world;
    this.#catalogue = new ResourceCatalogue(world.kinds, [...reviews, ...measuredKinds, componentStatusKind, bindingKind]);
    this.#policy = storedPolicy(world.server.store);
  }

  /** Answers everything but watches. Whatever the client got wrong is in the answer. */
  answer(request: RestRequest): RestAnswer {
    try {
      return this.#world.server.tellingOwners(() => this.#answer(request));
    } catch (error) {
      if (error instanceof StatusError) return statusAnswer(error);
      throw error;
    }
  }

  /** Throws StatusError when there is nothing to watch. */
  watch(request: RestRequest, send: (event: WatchEvent) => void): StartedWatch & Pick<RestAnswer, 'warnings'> {
    const route = routeOf(request.path);
    if (route.to !== 'resource') throw unknownResource();
    const call = this.#callOf(route.resource, this.#authorized(route, request));
    if (call.subresource !== '') throw methodNotAllowed();
    const { deprecation } = call.resource.kind;
    return { ...startWatch(call, () => this.#present(), send), warnings: deprecation === undefined ? [] : [deprecation] };
  }

  /** Follows a container's log. Throws StatusError when there is none. */
  followLog(request: RestRequest): LogFollower {
    const route = routeOf(request.path);
    if (route.to !== 'resource' || route.resource.subresource !== 'log') throw unknownResource();
    return new LogFollower(this.#callOf(route.resource, this.#authorized(route, request)), () => this.#present());
  }

  #answer(asked: RestRequest): RestAnswer {
    // What was said to somebody else.
    this.#world.server.takeWarnings();
    const route = routeOf(asked.path);
    const request = this.#authorized(route, asked);
    if (route.to === 'resource')
      return this.#computed(route.resource, request) ?? this.#warned(this.#callOf(toPodsBinding(route.resource, request), request));
    return this.#document(route, request);
  }

  /** The request as of the one whom it is to be answered for. Throws StatusError (403) when they may not do that. */
  #authorized(route: Route, asked: RestRequest): RestRequest {
    const user = asked.impersonate === undefined ? asked.user : impersonate(this.#policy, asked.user, asked.impersonate);
    const wanted = route.to === 'resource' ? resourceAttributes(route.resource, asked) : pathAttributes(asked);
    if (!isAllowed(this.#policy, user, wanted)) throw refusal(user, wanted);
    return user === asked.user ? asked : { ...asked, user };
  }

  #computed(route: ResourceRoute, request: RestRequest): RestAnswer | undefined {
    const { server, measured } = this.#world;
    const unixMs = this.#world.unixMs();
    return (
      this.#onReview(route, request) ??
      answerMetrics(route, request, { server, measured, unixMs }) ??
      answerComponentStatuses(route, request, { runs: this.#world.runs ?? (() => true), unixMs })
    );
  }

  /** The answer of a kind that is asked and not stored; undefined when it is none. */
  #onReview({ group, version, plural, namespace, name }: ResourceRoute, request: RestRequest): RestAnswer | undefined {
    const review = reviews.find((one) => one.group === group && one.version === version && one.plural === plural);
    if (review === undefined) return undefined;
    if (request.method !== 'POST' || name !== '') throw methodNotAllowed();
    const body = bodyObject(request, review.kind);
    const spec = isObject(body['spec']) ? body['spec'] : {};
    const status = review.status(spec, { user: request.user, policy: this.#policy, namespace });
    const metadata = { creationTimestamp: null };
    return jsonAnswer(201, { kind: review.kind, apiVersion: `${group}/${version}`, metadata, spec, status });
  }

  /** Most are given whatever the method. upstream: apiserver pkg/server/handler.go director: discovery and version are for go-restful, which looks at methods */
  #document(route: Exclude<Route, { to: 'resource' }>, request: RestRequest): RestAnswer {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (route.to === 'discovery') {
      const answer = this.#discovery(route, request);
      if (!isRead) throw methodNotAllowed();
      return answer;
    }
    if (route.to === 'openapi') {
      if (route.document === '') return jsonAnswer(200, openApiIndex(this.#catalogue));
      const document = openApiDocument(this.#catalogue, route.document);
      if (document === undefined) throw unknownResource();
      return { ...jsonAnswer(200, document), immutable: true };
    }
    if (route.path === '/openapi/v2') return jsonAnswer(200, openApiV2Document(this.#catalogue));
    if (route.path === '/version') {
      if (!isRead) throw methodNotAllowed();
      return jsonAnswer(200, VERSION_INFO);
    }
    if (route.path === '/') return jsonAnswer(200, rootPaths(this.#catalogue));
    if (route.path === '/metrics') return textAnswer(200, metricsText(this.#catalogue, this.#world.server));
    const health = healthAnswer(route.path, request);
    if (health === undefined) throw unknownResource();
    return health;
  }

  #discovery({ group, version, core }: Extract<Route, { to: 'discovery' }>, request: RestRequest): RestAnswer {
    const isRoot = core ? version === null : group === null;
    const { form, contentType } = negotiate(request.accept, isRoot ? ['discovery'] : []);
    if (form === 'discovery') return { ...jsonAnswer(200, aggregatedDiscovery(this.#catalogue, core)), contentType };
    if (isRoot) return jsonAnswer(200, core ? coreVersions() : groupList(this.#catalogue));
    const document = version === null ? groupDocument(this.#catalogue, group ?? '') : resourceList(this.#catalogue, group ?? '', version);
    if (document === undefined) throw unknownResource();
    return jsonAnswer(200, document);
  }

  #callOf({ group, version, namespace, plural, name, subresource }: ResourceRoute, request: RestRequest): Call {
    const resource = this.#catalogue.find(group, version, plural);
    if (resource === undefined) throw unknownResource();
    const { kind } = resource;
    const isItem = name !== '' || request.method === 'POST';
    if (kind.namespaced ? isItem && namespace === '' : namespace !== '') throw unknownResource();
    if (subresource !== '' && !resource.subresources.some((one) => one.name === subresource)) throw unknownResource();
    return {
      request,
      resource,
      kind: versionOf({ kind: resource.stored, resource })?.rules ?? this.#written(request, resource.stored, namespace),
      namespace,
      name,
      subresource,
      server: this.#world.server,
      unixMs: this.#world.unixMs(),
    };
  }

  /** A kind that is only stored becomes known to the world when something of it may be written. */
  #written(request: RestRequest, kind: Call['kind'], namespace: string): Call['kind'] {
    if (kind.simulated || request.method === 'GET' || request.method === 'HEAD') return this.#world.kinds.byKey(kindKey(kind)) ?? kind;
    return this.#world.kinds.of(typeMeta(kind).apiVersion, kind.kind, kind.namespaced ? namespace : undefined);
  }

  /** What is wrong with the version comes before what is wrong with the object. upstream: apiserver pkg/endpoints/installer.go, deprecation.WarningMessage */
  #warned(call: Call): RestAnswer {
    const answer = this.#onResource(call);
    const { deprecation } = call.resource.kind;
    return deprecation === undefined ? answer : { ...answer, warnings: [deprecation, ...answer.warnings] };
  }

  #onResource(call: Call): RestAnswer {
    const { subresource } = call;
    if (subresource !== '' && subresource !== 'status' && subresource !== 'finalize') return this.#onSubresource(call);
    switch (call.request.method) {
      case 'GET':
      case 'HEAD':
        return call.name === '' ? readList(call, this.#present()) : readObject(call, this.#present());
      case 'POST':
        if (call.name !== '') throw methodNotAllowed();
        return this.#shown(call, 201, createObject(call));
      case 'PUT':
        if (call.name === '') throw methodNotAllowed();
        return this.#shown(call, 200, updateObject(call));
      case 'PATCH':
        if (call.name === '') throw methodNotAllowed();
        return this.#patched(call);
      case 'DELETE':
        if (subresource !== '') throw methodNotAllowed();
        return call.name === '' ? this.#deleteAll(call) : jsonAnswer(200, deleteObject(call), deletionWarnings(call));
      default:
        throw methodNotAllowed();
    }
  }

  #patched(call: Call): RestAnswer {
    if (!APPLY_TYPES.has(call.request.contentType)) return this.#shown(call, 200, patchObject(call));
    const applied = applyObject(call);
    return this.#shown(call, applied.created ? 201 : 200, applied);
  }

  #onSubresource(call: Call): RestAnswer {
    const handler = subresources.find(({ name, methods }) => name === call.subresource && methods.includes(call.request.method));
    if (handler === undefined) throw methodNotAllowed();
    if (handler.connects !== true) requireWriteOptions(call);
    return handler.answer(call, this.#present());
  }

  #deleteAll(call: Call): RestAnswer {
    if (!call.resource.verbs.includes('deletecollection')) throw methodNotAllowed();
    const { store } = this.#world.server;
    const { objects, metadata } = listObjects(store, call.kind, selectionOfCall(call), { query: [] });
    if (isSet(call.request, 'watch')) throw badRequest('a collection is deleted, not watched');
    return jsonAnswer(200, listDocument(call, deleteAll(call, objects), metadata), deletionWarnings(call));
  }

  #shown(call: Call, code: number, { object, warnings }: { readonly object: ApiObject; readonly warnings: readonly string[] }): RestAnswer {
    const all = [...warnings, ...call.server.takeWarnings()];
    return oneObject(call, this.#present(), code, this.#world.look(object), all);
  }

  #present(): Present {
    return { unixMs: this.#world.unixMs(), look: this.#world.look, containers: this.#world.containers };
  }
}
