// A world as text and back: two lines of JSON, a small header and the body. Compression and digests belong to whoever writes the file.
import * as v from 'valibot';
import { inOneGo } from '../engine/base/in-one-go.ts';
import type { ClusterState } from '../engine/cluster.ts';
import { FieldOwnersWriter, readFieldOwners } from './field-owners.ts';
import { jsonPieces } from './json-pieces.ts';
import { mapValues, type PooledCache, type PooledDelta, type PooledStore, PoolReader, PoolWriter } from './object-pool.ts';
import { PodSpecWriter, readPodSpecs } from './pod-specs.ts';
import { bodySchema, headerSchema, type SnapshotHeader } from './snapshot-schema.ts';

export const SNAPSHOT_VERSION = 1;
export const KUBERNETES_RELEASE = '1.33';
const OBJECTS_PER_STEP = 64;

/** A file that cannot be opened; the message is for the person who tried. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError';
}

/** Changes bodies of older versions, by the version they come from. */
const migrations: Readonly<Record<number, (body: unknown) => unknown>> = {};

/** SHA-256 in hexadecimal. */
export type Digest = (text: string) => string;

export function writeSnapshot(state: ClusterState, digest: Digest): string {
  let body = '';
  const sink: BodySink = {
    write: (text) => {
      body += text;
    },
    digest: () => digest(body),
  };
  const head = inOneGo(writeSnapshotInSteps(state, sink));
  return `${head}${body}\n`;
}

/** Takes the body piece by piece; `digest` is that of all of them. */
export interface BodySink {
  write(text: string): void;
  digest(): string;
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
  let bodyLength = 0;
  for (const piece of jsonPieces({ pool: objects, specs: specs.specs, owners: owners.lists, ...state, store, components })) {
    bodyLength += piece.length;
    sink.write(piece);
    if (piece.length > 1) yield;
  }
  const header: SnapshotHeader = {
    format: 'orrery-snapshot',
    version: SNAPSHOT_VERSION,
    kubernetes: KUBERNETES_RELEASE,
    scenario: state.scenario.name,
    seed: state.scenario.seed,
    nowMs: state.timeline.nowMs,
    bodyLength,
    bodyDigest: sink.digest(),
  };
  return `${JSON.stringify(header)}\n`;
}

/** Throws SnapshotError with a sentence for a person; never returns half a world. */
export function readSnapshot(text: string, digest: Digest): ClusterState {
  const end = text.indexOf('\n');
  const header = readHeader(end < 0 ? text : text.slice(0, end));
  const body = end < 0 ? '' : text.slice(end + 1).trimEnd();
  if (body.length !== header.bodyLength)
    throw new SnapshotError(`This snapshot is incomplete: ${body.length} of ${header.bodyLength} characters are there. Export it again.`);
  if (digest(body) !== header.bodyDigest)
    throw new SnapshotError(
      'This snapshot was changed after it was saved (its checksum does not match), so it would not continue as it did. Export it again.',
    );
  let parsed = parseJson(body);
  for (let version = header.version; version < SNAPSHOT_VERSION; version += 1) parsed = migrations[version]?.(parsed);
  const checked = v.safeParse(bodySchema, parsed);
  if (!checked.success) throw new SnapshotError(`This snapshot is damaged: ${faultOf(checked.issues)}.`);
  return toState(parsed as StoredBody);
}

type StoredBody = Omit<ClusterState, 'store' | 'components'> & {
  readonly pool: ConstructorParameters<typeof PoolReader>[0];
  readonly specs: Parameters<typeof readPodSpecs>[1];
  readonly owners?: Parameters<typeof readFieldOwners>[1];
  readonly store: PooledStore;
  readonly components: Omit<ClusterState['components'], 'caches' | 'everything'> & {
    readonly caches: Readonly<Record<string, PooledCache>>;
    readonly everything: readonly PooledDelta[];
  };
};

function toState({ pool, specs, owners = [], store, components, ...rest }: StoredBody): ClusterState {
  try {
    readFieldOwners(pool, owners);
    const reader = new PoolReader(readPodSpecs(pool, specs));
    return {
      ...rest,
      store: reader.store(store),
      components: {
        ...components,
        caches: mapValues(components.caches, (cache) => reader.cache(cache)),
        everything: reader.deltas(components.everything),
      },
    };
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

function faultOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  return `${v.getDotPath(issues[0]) ?? 'it'}: ${issues[0].message}`;
}

/** A key named __proto__ could reach into every object when values are copied; no object of ours has one. */
function parseJson(text: string): unknown {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new SnapshotError('This snapshot is damaged: it is not JSON.');
  }
  // The walk is slow and the text almost never suspicious.
  if (/__proto__|\\u00[57]/i.test(text) && hasForbiddenKey(parsed))
    throw new SnapshotError('This snapshot was refused: it holds a key named __proto__.');
  return parsed;
}

function hasForbiddenKey(root: unknown): boolean {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, '__proto__')) return true;
    for (const part of Object.values(value)) left.push(part);
  }
  return false;
}
