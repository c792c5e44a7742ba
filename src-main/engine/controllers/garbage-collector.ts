// Deletes what nobody owns any more, in the background, in the foreground or not at all, as the owner's deletion asked.
// upstream: pkg/controller/garbagecollector/{garbagecollector,graph_builder}.go
import { equal } from '../base/equal.ts';
import type { Steps } from '../base/in-one-go.ts';
import { type AnyController, type ControllerContext, defineController, type Everything } from '../client/component.ts';
import type { ApiObject, OwnerReference } from '../meta/object.ts';
import { isNotFound } from '../meta/status-error.ts';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

type Memory = Record<string, never>;

/** `Kind.group namespace/name`: a place in the store, and the work queue's key. */
type Place = string;

/** Owners and what depends on them, as heard so far; rebuilt at each start. */
class Graph {
  readonly #dependents = new Map<string, Set<Place>>();

  update(place: Place, next: ApiObject | undefined, previous: ApiObject | undefined): void {
    const owners = next?.metadata.ownerReferences ?? [];
    const before = previous?.metadata.ownerReferences ?? [];
    if (owners === before || owners.length + before.length === 0) return;
    for (const { uid } of before) {
      if (owners.some((owner) => owner.uid === uid)) continue;
      const places = this.#dependents.get(uid);
      places?.delete(place);
      if (places?.size === 0) this.#dependents.delete(uid);
    }
    for (const { uid } of owners) {
      const places = this.#dependents.get(uid);
      if (places === undefined) this.#dependents.set(uid, new Set([place]));
      else places.add(place);
    }
  }

  /** In one order, whether they were heard of one by one or are all there at a start. */
  dependentsOf(uid: string): readonly Place[] {
    return [...(this.#dependents.get(uid) ?? [])].sort();
  }
}

export const garbageCollector: AnyController = defineController<Memory>({
  name: 'generic-garbage-collector',
  workers: 20,
  initialState: () => ({}),
  start: (context) => {
    const { everything, queue } = context;
    const graph = new Graph();
    context.prepare(learn(graph, everything));
    if (!context.restored) for (const place of leftovers(everything.values())) queue.add(place);
    everything.onChange((kind, key, next, previous) => {
      const place = `${kind} ${key}`;
      graph.update(place, next, previous);
      if (next === undefined || (previous !== undefined && previous.metadata.uid !== next.metadata.uid)) {
        for (const dependent of graph.dependentsOf((previous ?? next)?.metadata.uid ?? '')) queue.add(dependent);
      }
      if (next === undefined) wakeBlockedOwners(context, previous);
      else if (needsAttention(next, previous)) queue.add(place);
    });
    return { reconcile: (place) => attempt(context, graph, place) };
  },
});

function* learn(graph: Graph, everything: Everything): Steps {
  for (const [kind, key, object] of everything.values()) yield graph.update(`${kind} ${key}`, object, undefined);
}

/** What happened while nobody collected: owners that have gone, deletions that wait. upstream: GraphBuilder makes virtual nodes of absent owners */
function leftovers(objects: Iterable<readonly [kind: string, key: string, object: ApiObject]>): readonly Place[] {
  const all = [...objects];
  const uids = new Set(all.map(([, , { metadata }]) => metadata.uid));
  return all
    .filter(([, , object]) => needsAttention(object, undefined))
    .filter(([, , { metadata }]) => metadata.deletionTimestamp !== undefined || metadata.ownerReferences?.some(({ uid }) => !uids.has(uid)))
    .map(([kind, key]) => `${kind} ${key}`);
}

/** New or changed owners may be absent; a deletion that waits for dependents must be looked at. */
function needsAttention(next: ApiObject, previous: ApiObject | undefined): boolean {
  const { ownerReferences, deletionTimestamp, finalizers } = next.metadata;
  if (deletionTimestamp !== undefined && (finalizers ?? []).some((finalizer) => finalizer === FOREGROUND || finalizer === ORPHAN))
    return true;
  return (ownerReferences ?? []).length > 0 && !equal(ownerReferences, previous?.metadata.ownerReferences);
}

/** The last blocking dependent that goes lets its owner go. */
function wakeBlockedOwners({ queue }: ControllerContext<Memory>, gone: ApiObject | undefined): void {
  for (const owner of gone?.metadata.ownerReferences ?? []) queue.add(placeOf(owner, gone?.metadata.namespace));
}

function placeOf(owner: OwnerReference, namespace: string | undefined): Place {
  const slash = owner.apiVersion.indexOf('/');
  const kind = slash < 0 ? owner.kind : `${owner.kind}.${owner.apiVersion.slice(0, slash)}`;
  return `${kind} ${namespace === undefined ? owner.name : `${namespace}/${owner.name}`}`;
}

function attempt(context: ControllerContext<Memory>, graph: Graph, place: Place): void {
  const object = live(context, place);
  if (object === undefined) return;
  const finalizers = object.metadata.deletionTimestamp === undefined ? [] : (object.metadata.finalizers ?? []);
  if (finalizers.includes(ORPHAN)) orphan(context, graph, place, object);
  else if (finalizers.includes(FOREGROUND)) deleteDependents(context, graph, place, object);
  else if (object.metadata.deletionTimestamp === undefined) collect(context, graph, place, object);
}

/** The newest version, read from the API server as upstream does before it deletes anything. */
function live(context: ControllerContext<Memory>, place: Place): ApiObject | undefined {
  const space = place.indexOf(' ');
  const kind = context.kindOf(place.slice(0, space));
  if (kind === undefined) return undefined;
  try {
    return context.client.get(kind, place.slice(space + 1));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** upstream: attemptToDeleteItem */
function collect(context: ControllerContext<Memory>, graph: Graph, place: Place, object: ApiObject): void {
  const references = object.metadata.ownerReferences ?? [];
  if (references.length === 0) return;
  const solid: OwnerReference[] = [];
  const waiting: OwnerReference[] = [];
  for (const reference of references) {
    const owner = ownerOf(context, reference, object.metadata.namespace);
    if (owner === undefined) continue;
    const going = owner.metadata.deletionTimestamp !== undefined && (owner.metadata.finalizers ?? []).includes(FOREGROUND);
    (going ? waiting : solid).push(reference);
  }
  if (solid.length > 0) {
    if (solid.length < references.length) change(context, place, (current) => withOwners(current, solid));
    return;
  }
  // A dependent that waits for dependents of its own goes in the foreground, too.
  const blocks = waiting.length > 0 && graph.dependentsOf(object.metadata.uid).length > 0;
  remove(context, place, object, blocks ? 'Foreground' : policyOf(object));
}

/** An owner in another namespace, or of another uid, is none. */
function ownerOf(context: ControllerContext<Memory>, reference: OwnerReference, namespace: string | undefined): ApiObject | undefined {
  const candidates =
    namespace === undefined ? [placeOf(reference, undefined)] : [placeOf(reference, namespace), placeOf(reference, undefined)];
  for (const place of candidates) {
    const owner = live(context, place);
    if (owner !== undefined && owner.metadata.uid === reference.uid) return owner;
  }
  return undefined;
}

function policyOf(object: ApiObject): 'Background' | 'Foreground' | 'Orphan' {
  const finalizers = object.metadata.finalizers ?? [];
  if (finalizers.includes(ORPHAN)) return 'Orphan';
  return finalizers.includes(FOREGROUND) ? 'Foreground' : 'Background';
}

/** upstream: processDeletingDependentsItem */
function deleteDependents(context: ControllerContext<Memory>, graph: Graph, place: Place, object: ApiObject): void {
  let blocked = false;
  for (const dependent of graph.dependentsOf(object.metadata.uid)) {
    const other = live(context, dependent);
    const reference = other?.metadata.ownerReferences?.find((owner) => owner.uid === object.metadata.uid);
    if (other === undefined || reference === undefined) continue;
    blocked ||= reference.blockOwnerDeletion === true;
    if (other.metadata.deletionTimestamp === undefined) context.queue.add(dependent);
  }
  if (!blocked) change(context, place, (current) => withoutFinalizer(current, FOREGROUND));
}

/** upstream: attemptToOrphan */
function orphan(context: ControllerContext<Memory>, graph: Graph, place: Place, object: ApiObject): void {
  for (const dependent of graph.dependentsOf(object.metadata.uid))
    change(context, dependent, (current) =>
      withOwners(
        current,
        (current.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== object.metadata.uid),
      ),
    );
  change(context, place, (current) => withoutFinalizer(current, ORPHAN));
}

function withOwners(object: ApiObject, owners: readonly OwnerReference[]): ApiObject {
  if (owners.length === (object.metadata.ownerReferences ?? []).length) return object;
  const { ownerReferences: _before, ...metadata } = object.metadata;
  return { ...object, metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: owners } };
}

function withoutFinalizer(object: ApiObject, finalizer: string): ApiObject {
  const finalizers = object.metadata.finalizers ?? [];
  if (!finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: finalizers.filter((other) => other !== finalizer) } };
}

function change(context: ControllerContext<Memory>, place: Place, edit: (current: ApiObject) => ApiObject): void {
  const space = place.indexOf(' ');
  const kind = context.kindOf(place.slice(0, space));
  if (kind === undefined) return;
  try {
    context.client.patch(kind, place.slice(space + 1), edit);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function remove(
  context: ControllerContext<Memory>,
  place: Place,
  object: ApiObject,
  propagationPolicy: 'Background' | 'Foreground' | 'Orphan',
): void {
  const space = place.indexOf(' ');
  const kind = context.kindOf(place.slice(0, space));
  if (kind === undefined) return;
  const { uid, resourceVersion } = object.metadata;
  try {
    context.client.delete(kind, place.slice(space + 1), { preconditions: { uid, resourceVersion }, propagationPolicy });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
