// A list as one request sees it: the state of one revision, in the order of keys, in pages that stay on that revision.
// upstream: apiserver pkg/storage/etcd3/store.go GetList, storage/continue.go
import { type Kind, kindKey } from '../../kinds/kind.ts';
import { type ApiObject, keyOf } from '../../meta/object.ts';
import { badRequest, expired, StatusError } from '../../meta/status-error.ts';
import type { Store } from '../store.ts';
import { exactRevision } from './list-options.ts';
import { numberParameter, parameter, type RestRequest } from './rest-request.ts';
import type { Selection } from './selection.ts';
import type { ListMeta } from './table.ts';

export interface Listed {
  readonly objects: readonly ApiObject[];
  readonly metadata: ListMeta;
}

/** In place of a revision: whatever is there now. */
const LATEST = -1;

export function listObjects(store: Store, kind: Kind, selection: Selection, request: Pick<RestRequest, 'query'>): Listed {
  const limit = numberParameter(request, 'limit') ?? 0;
  const token = parameter(request, 'continue') ?? '';
  const resume = token === '' ? undefined : readToken(token);
  requireNotBeyond(store, parameter(request, 'resourceVersion') ?? '');
  const wanted = exactRevision(request) ?? resume?.revision ?? LATEST;
  const revision = wanted === LATEST ? store.revision : wanted;
  const all = inOrder(objectsAt(store, kindKey(kind), revision) ?? tooOld(resume), selection);
  const rest = resume === undefined ? all : all.filter(([key]) => key > resume.after);
  const resourceVersion = String(revision);
  if (limit === 0 || rest.length <= limit) return { objects: rest.map(([, object]) => object), metadata: { resourceVersion } };
  const page = rest.slice(0, limit);
  const last = page[page.length - 1]?.[0] ?? '';
  const remaining = selection.everything ? { remainingItemCount: rest.length - limit } : {};
  return {
    objects: page.map(([, object]) => object),
    metadata: { resourceVersion, continue: writeToken(revision, last), ...remaining },
  };
}

/** A client may not ask for what has not happened yet. upstream: storage.NewTooLargeResourceVersionError */
export function requireNotBeyond(store: Store, resourceVersion: string): void {
  if (resourceVersion === '') return;
  if (!/^\d{1,15}$/.test(resourceVersion))
    throw badRequest(`Invalid value: "${resourceVersion}": strconv.ParseUint: parsing "${resourceVersion}": invalid syntax`);
  if (Number(resourceVersion) <= store.revision) return;
  const causes = [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }];
  const message = `Timeout: Too large resource version: ${resourceVersion}, current: ${store.revision}`;
  throw new StatusError('Timeout', 504, message, { causes, retryAfterSeconds: 1 });
}

function inOrder(objects: Iterable<ApiObject>, selection: Selection): readonly (readonly [string, ApiObject])[] {
  const found: (readonly [string, ApiObject])[] = [];
  for (const object of objects) if (selection.matches(object)) found.push([keyOf(object), object]);
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** The objects as they were at a revision: the present, with every later change undone; undefined when the revision is compacted away. */
function objectsAt(store: Store, kind: string, revision: number): Iterable<ApiObject> | undefined {
  const present = store.table(kind);
  if (revision === store.revision) return present.values();
  const later = store.since(revision);
  if (later === null) return undefined;
  const objects = new Map(present);
  for (const delta of later.toReversed()) {
    if (delta.kind !== kind) continue;
    if (delta.previous === null) objects.delete(delta.key);
    else objects.set(delta.key, delta.previous);
  }
  return objects.values();
}

/** upstream: apiserver pkg/storage/etcd3/errors.go handleCompactedErrorForPaging */
function tooOld(resume: { readonly after: string } | undefined): never {
  if (resume === undefined) throw expired('The resourceVersion for the provided list is too old.');
  throw expired(
    [
      'The provided continue parameter is too old to display a consistent list result.',
      'You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results.',
      'Continuing with the provided token results in an inconsistent list -',
      'objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    ].join(' '),
    writeToken(LATEST, resume.after),
  );
}

/** Opaque to clients: revision and last key, as hexadecimal UTF-16 units of their JSON. */
function writeToken(revision: number, after: string): string {
  const text = JSON.stringify({ rv: revision, after });
  return Array.from(text, (character) => character.charCodeAt(0).toString(16).padStart(4, '0')).join('');
}

function readToken(token: string): { readonly revision: number; readonly after: string } {
  try {
    const text = (token.match(/.{4}/g) ?? []).map((digits) => String.fromCharCode(Number.parseInt(digits, 16))).join('');
    const { rv, after } = JSON.parse(text) as { rv?: unknown; after?: unknown };
    if (Number.isSafeInteger(rv) && typeof after === 'string') return { revision: rv as number, after };
  } catch {
    // Not one of ours: refused below.
  }
  throw badRequest(`continue key is not valid: ${token.slice(0, 200)}`);
}
