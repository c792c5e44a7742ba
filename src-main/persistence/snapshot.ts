// A world as text and back: a line that says what it is, then the world in lines of moderate size. Compression, bytes and digests belong to whoever keeps the file.
import * as v from 'valibot';
import type { ClusterState } from '../engine/cluster.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import { FieldOwnersWriter, readFieldOwners } from './field-owners.ts';
import { LineReader, linesOf } from './json-lines.ts';
import { mapValues, type PooledCache, type PooledDelta, type PooledStore, PoolReader, PoolWriter } from './object-pool.ts';
import { PodSpecWriter, readPodSpecs, SharedMembers } from './pod-specs.ts';
import { bodyMembers, headerSchema, type SnapshotHeader } from './snapshot-schema.ts';

export const SNAPSHOT_VERSION = 1;
export const KUBERNETES_RELEASE = '1.33';
const OBJECTS_PER_STEP = 64;

/** A file that cannot be opened; the message is for the person who tried. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** Changes bodies of older versions, by the version they come from. */
const migrations: Readonly<Record<number, (body: unknown) => unknown>> = {};

/** Takes the body line by line. */
export interface BodySink {
  /** Each text ends with a newline. */
  write(line: string): void;
  /** After the last line: bytes of all, and their SHA-256 in hexadecimal. */
  end(): { readonly length: number; readonly digest: string };
}

/** In steps: the body goes to `sink`, the line that comes before it is returned. */
export function* writeSnapshotInSteps(state: ClusterState, sink: BodySink): Generator<void, string> {
  const pool = new PoolWriter();
  const store = pool.store(state.store);
  yield;
  const caches: Record<string, PooledCache> = {};
  for (const [id, cache] of Object.entries(state.components.caches)) {
    caches[id] = pool.cache(cache);
    yield;
  }
  const everything = pool.deltas(state.components.everything);
  const specs = new PodSpecWriter();
  const owners = new FieldOwnersWriter();
  const objects: unknown[] = [];
  for (const object of pool.objects) {
    objects.push(owners.write(specs.write(object)));
    if (objects.length % OBJECTS_PER_STEP === 0) yield;
  }
  const components = { ...state.components, caches, everything };
  const body = { pool: objects, specs: specs.specs, owners: owners.lists, ...state, store, components };
  for (const line of linesOf(body)) yield sink.write(`${JSON.stringify(line)}\n`);
  const { length, digest } = sink.end();
  const header: SnapshotHeader = {
    format: 'orrery-snapshot',
    version: SNAPSHOT_VERSION,
    kubernetes: KUBERNETES_RELEASE,
    scenario: state.scenario.name,
    seed: state.scenario.seed,
    nowMs: state.timeline.nowMs,
    bodyLength: length,
    bodyDigest: digest,
  };
  return `${JSON.stringify(header)}\n`;
}

/** A snapshot's text as it is read: the first line, and what comes after it. */
export interface SnapshotText {
  readonly header: string;
  /** Bytes after the first line, and their SHA-256 in hexadecimal. */
  readonly length: number;
  digest(): string;
  lines(): Iterable<string>;
  /** Is this text anywhere after the first line? */
  mentions(text: string): boolean;
}

/** Throws SnapshotError with a sentence for a person; never gives half a world. */
export function* readSnapshotInSteps(text: SnapshotText): Generator<void, ClusterState> {
  const header = readHeader(text.header);
  if (text.length !== header.bodyLength)
    throw new SnapshotError(`This snapshot is incomplete: ${text.length} of ${header.bodyLength} bytes are there. Export it again.`);
  yield;
  if (text.digest() !== header.bodyDigest)
    throw new SnapshotError(
      'This snapshot was changed after it was saved (its checksum does not match), so it would not continue as it did. Export it again.',
    );
  yield;
  let body = yield* readBody(text);
  for (let version = header.version; version < SNAPSHOT_VERSION; version += 1) body = migrations[version]?.(body);
  for (const [name, schema] of Object.entries(bodyMembers)) {
    const checked = v.safeParse(schema, (body as Record<string, unknown> | undefined)?.[name]);
    if (!checked.success) throw new SnapshotError(`This snapshot is damaged: ${faultOf(checked.issues, name)}.`);
    yield;
  }
  return yield* toState(body as StoredBody);
}

function* readBody(text: SnapshotText): Generator<void, unknown> {
  const reader = new LineReader();
  // To look at every key is slow, and the text is almost never suspicious: an escape of a letter or of an underscore could hide the name.
  const isSuspicious = ['__proto__', '\\u005', '\\u006', '\\u007'].some((hint) => text.mentions(hint));
  yield;
  for (const line of text.lines()) {
    const parsed = parseJson(line);
    if (isSuspicious && hasForbiddenKey(parsed)) throw new SnapshotError('This snapshot was refused: it holds a key named __proto__.');
    yield damaged(() => reader.add(parsed));
  }
  return reader.whole();
}

type StoredBody = Omit<ClusterState, 'store' | 'components'> & {
  readonly pool: readonly ApiObject[];
  readonly specs: Parameters<typeof readPodSpecs>[1];
  readonly owners?: Parameters<typeof readFieldOwners>[1];
  readonly store: PooledStore;
  readonly components: Omit<ClusterState['components'], 'caches' | 'everything'> & {
    readonly caches: Readonly<Record<string, PooledCache>>;
    readonly everything: readonly PooledDelta[];
  };
};

function* toState({ pool, specs, owners = [], store, components, ...rest }: StoredBody): Generator<void, ClusterState> {
  const shared = new SharedMembers();
  for (let from = 0; from < pool.length; from += OBJECTS_PER_STEP)
    yield damaged(() => {
      const objects = pool.slice(from, from + OBJECTS_PER_STEP);
      readFieldOwners(objects, owners);
      readPodSpecs(objects, specs, shared);
    });
  const reader = new PoolReader(pool);
  return damaged(() => ({
    ...rest,
    store: reader.store(store),
    components: {
      ...components,
      caches: mapValues(components.caches, (cache) => reader.cache(cache)),
      everything: reader.deltas(components.everything),
    },
  }));
}

/** What does not fit together makes no world: only a hand can have changed it. */
function damaged<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new SnapshotError(`This snapshot is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function readHeader(line: string): SnapshotHeader {
  if (line.length > 10_000 || !line.startsWith('{')) throw new SnapshotError('This is not an Orrery snapshot.');
  const parsed = parseJson(line);
  const { format, version } = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as Record<string, unknown>;
  if (format !== 'orrery-snapshot') throw new SnapshotError('This is not an Orrery snapshot.');
  if (typeof version === 'number' && version > SNAPSHOT_VERSION)
    throw new SnapshotError(
      `This snapshot has version ${version}; this Orrery reads up to version ${SNAPSHOT_VERSION}. Open it with a newer Orrery.`,
    );
  const checked = v.safeParse(headerSchema, parsed);
  if (!checked.success) throw new SnapshotError(`The header of this snapshot is damaged: ${faultOf(checked.issues)}.`);
  return checked.output;
}

function faultOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]], member?: string): string {
  const path = [member, v.getDotPath(issues[0])].filter((part) => part !== undefined && part !== null).join('.');
  return `${path === '' ? 'it' : path}: ${issues[0].message}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SnapshotError('This snapshot is damaged: it is not JSON.');
  }
}

/** A key named __proto__ could reach into every object when values are copied; no object of ours has one. */
function hasForbiddenKey(root: unknown): boolean {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    // In the path of a line it would be a key.
    if (value === '__proto__') return true;
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const part of Object.values(value)) left.push(part);
  }
  return false;
}
