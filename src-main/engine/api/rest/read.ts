// The verbs that only look: one object, a list, a watch, each in the form that the client asked for.
// upstream: apiserver pkg/endpoints/handlers/get.go
import type { ApiObject } from '../../meta/object.ts';
import { withOwners } from '../managed-fields/owners-of.ts';
import { asEncoded, type Call, keyOfCall, typeMeta, versionOf } from './call.ts';
import type { ContainerAccess } from './container-access.ts';
import { listObjects, requireNotBeyond } from './list.ts';
import { requireListOptions } from './list-options.ts';
import { type Negotiated, negotiate } from './negotiate.ts';
import { JSON_TYPE, parameter, type RestAnswer } from './rest-request.ts';
import { selectionOf } from './selection.ts';
import { includeObject, type ListMeta, partialMetadata, tableOf } from './table.ts';
import { Watch, type WatchEvent } from './watch.ts';

/** The present, and how an object must be shown at it. */
export interface Present {
  readonly unixMs: number;
  readonly look: <T extends ApiObject>(object: T) => T;
  readonly containers: ContainerAccess;
}

export interface StartedWatch {
  readonly watch: Watch;
  readonly contentType: string;
}

/** upstream: apiserver pkg/storage/cacher/delegator.go Get, which waits until the revision is there, and in vain for one that is not to be */
export function readObject(call: Call, present: Present): RestAnswer {
  requireNotBeyond(call.server.store, parameter(call.request, 'resourceVersion') ?? '');
  const object = present.look(call.server.get(call.kind, keyOfCall(call)));
  return oneObject(call, present, 200, object, []);
}

/** Any single object in the form that the client asked for. */
export function oneObject(call: Call, present: Present, code: number, object: ApiObject, warnings: readonly string[]): RestAnswer {
  const { form, contentType } = negotiate(call.request.accept, ['table', 'metadata']);
  const body = shaper(call, present, form)(object);
  return { code, contentType, body, warnings };
}

export function readList(call: Call, present: Present): RestAnswer {
  const { kind, request, server } = call;
  requireListOptions(request);
  const negotiated = negotiate(request.accept, ['table', 'metadata']);
  const { objects, metadata } = listObjects(server.store, kind, selectionOfCall(call), request);
  return {
    code: 200,
    contentType: negotiated.contentType,
    body: listBody(call, present, objects.map(present.look), metadata, negotiated),
    warnings: [],
  };
}

export function listDocument(call: Call, objects: readonly ApiObject[], metadata: ListMeta): object {
  const { kind, apiVersion } = typeMeta(call.resource.kind);
  return { kind: `${kind}List`, apiVersion, metadata, items: objects.map((object) => withoutType(asEncoded(call, object))) };
}

/** Starts a watch; what `send` gets is ready to be written. Returns with it the media type of the stream, which says nothing of the form of its objects. upstream: apiserver pkg/endpoints/handlers/watch.go serveWatchHandler */
export function startWatch(call: Call, present: () => Present, send: (event: WatchEvent) => void): StartedWatch {
  const { kind, request, server } = call;
  requireListOptions(request);
  const { form } = negotiate(request.accept, ['table', 'metadata']);
  let first = true;
  const shape = (object: ApiObject): unknown => {
    const shown = shaper(call, present(), form, first)(present().look(object));
    first = false;
    return shown;
  };
  const options = { type: typeMeta(call.resource.kind), shape, mark: (object: ApiObject) => markOf(object, form), send };
  return { watch: new Watch(server.store, kind, selectionOfCall(call), request, options), contentType: JSON_TYPE };
}

/** A name in the path counts as a selection of that one object. */
export function selectionOfCall(call: Call): ReturnType<typeof selectionOf> {
  const { kind, namespace, name, request } = call;
  const names = versionOf(call)?.selectableNames;
  if (name === '') return selectionOf(kind, namespace, request, names);
  const others = parameter(request, 'fieldSelector') ?? '';
  const fieldSelector = others === '' ? `metadata.name=${name}` : `${others},metadata.name=${name}`;
  const query = [...request.query.filter(([key]) => key !== 'fieldSelector'), ['fieldSelector', fieldSelector] as const];
  return selectionOf(kind, namespace, { query }, names);
}

function listBody(call: Call, present: Present, objects: readonly ApiObject[], metadata: ListMeta, { form }: Negotiated): unknown {
  if (form === 'table')
    return tableOf(call.kind, objects, metadata, {
      nowMs: present.unixMs,
      include: includeObject(parameter(call.request, 'includeObject')),
    });
  if (form === 'metadata')
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata,
      items: objects.map((object) => partialMetadata(withOwners(call.kind, object))),
    };
  return listDocument(call, objects, metadata);
}

/** How far a watch has seen, in the form of its events: clients of other forms cannot read it. upstream: apiserver pkg/endpoints/handlers/response.go doTransformObject */
function markOf(object: ApiObject, form: Negotiated['form']): unknown {
  if (form === 'metadata') return partialMetadata(object);
  if (form !== 'table') return object;
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata, columnDefinitions: null, rows: [] };
}

function shaper(call: Call, present: Present, form: Negotiated['form'], withColumns = true): (object: ApiObject) => unknown {
  if (form === 'metadata') return (object) => partialMetadata(withOwners(call.kind, object));
  if (form !== 'table') return (object) => asEncoded(call, object);
  const include = includeObject(parameter(call.request, 'includeObject'));
  return (object) => {
    const { resourceVersion } = object.metadata;
    return tableOf(call.kind, [object], { resourceVersion }, { nowMs: present.unixMs, include, withColumns });
  };
}

/** Items of a list of one kind do not repeat the kind. */
function withoutType({ apiVersion: _apiVersion, kind: _kind, ...item }: ApiObject): object {
  return item;
}
