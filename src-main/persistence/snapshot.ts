// A world as text and back: a line that says what it is, then the world in lines of moderate size. Compression, bytes and digests belong to whoever keeps the file.
import * as v from 'valibot';
import type { ClusterState } from '../engine/cluster.ts';
import type { ApiObject } from '../engine/meta/object.ts';
import { FieldOwnersWriter, readFieldOwners } from './field-owners.ts';
import { LineReader, linesOf } from './json-lines.ts';
import { migrations } from './migrations.ts';
import { mapValues, type PooledCache, type PooledDelta, type PooledStore, PoolReader, PoolWriter } from './object-pool.ts';
import { PodSpecWriter, readPodSpecs } from './pod-specs.ts';
import { bodyMembers, headerSchema, type SnapshotHeader } from './snapshot-schema.ts';
import { MadeList } from './tables.ts';

export const SNAPSHOT_VERSION = 2;
export const KUBERNETES_RELEASE = '1.33';
const OBJECTS_PER_STEP = 64;

/** A file that cannot be opened; the message is for the person who tried. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

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
  const objects = new MadeList(written(pool.objects, specs, owners));
  const components = { ...state.components, caches, everything };
  // The pool comes first: it collects what stands after it.
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

function* written(objects: readonly ApiObject[], specs: PodSpecWriter, owners: FieldOwnersWriter): Generator<unknown> {
  for (const object of objects) yield { ...specs.write(object), metadata: owners.write(object.metadata) };
}

/**
 * Reads a snapshot line by line, as its text comes.
 * What is wrong in the middle is told at the end alone: of a file that was cut or changed it is no more than a consequence.
 */
export class SnapshotReader {
  /** API objects are values: a write makes new ones. */
  readonly #lines = new LineReader('pool');
  #header: SnapshotHeader | undefined;
  #fault: unknown;

  /** The next line, without its newline. Throws SnapshotError for a first line that no snapshot of this or an older version has. */
  add(line: string): void {
    if (this.#header === undefined) this.#header = readHeader(line);
    else if (this.#fault === undefined) this.#addToBody(line);
  }

  #addToBody(line: string): void {
    try {
      const parsed = parseJson(line);
      if (isSuspicious(line) && hasForbiddenKey(parsed))
        throw new SnapshotError('This snapshot was refused: it holds a key named __proto__.');
      damaged(() => this.#lines.add(parsed));
    } catch (fault) {
      this.#fault = fault;
    }
  }

  /**
   * After the last line: the world. `length`: bytes after the first line; `digest`: their SHA-256 in hexadecimal.
   * Throws SnapshotError with a sentence for a person; never gives half a world.
   */
  *end(length: number, digest: string): Generator<void, ClusterState> {
    const header = this.#header ?? readHeader('');
    if (length !== header.bodyLength)
      throw new SnapshotError(`This snapshot is incomplete: ${length} of ${header.bodyLength} bytes are there. Export it again.`);
    if (digest !== header.bodyDigest)
      throw new SnapshotError(
        'This snapshot was changed after it was saved (its checksum does not match), so it would not continue as it did. Export it again.',
      );
    if (this.#fault !== undefined) throw this.#fault;
    let body = this.#lines.whole();
    for (let version = header.version; version < SNAPSHOT_VERSION; version += 1) body = damaged(() => migrations[version]?.(body));
    for (const [name, schema] of Object.entries(bodyMembers)) {
      const checked = v.safeParse(schema, (body as Record<string, unknown> | undefined)?.[name]);
      if (!checked.success) throw new SnapshotError(`This snapshot is damaged: ${faultOf(checked.issues, name)}.`);
      yield;
    }
    return yield* toState(body as StoredBody);
  }
}

/** To look at every key is slow, and a line is almost never suspicious: an escape could hide the name. */
function isSuspicious(line: string): boolean {
  return line.includes('__proto__') || line.includes('\\u00');
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
  for (let from = 0; from < pool.length; from += OBJECTS_PER_STEP)
    yield damaged(() => {
      const objects = pool.slice(from, from + OBJECTS_PER_STEP);
      readFieldOwners(objects, owners);
      readPodSpecs(objects, specs);
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
function hasForbiddenKey(line: unknown): boolean {
  const [path, , , keys] = Array.isArray(line) ? line : [];
  for (const names of [path, keys]) if (Array.isArray(names) && names.includes('__proto__')) return true;
  const left: unknown[] = [line];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const part of Object.values(value)) left.push(part);
  }
  return false;
}
