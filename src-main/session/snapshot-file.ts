// Snapshots as bytes: compressed, digested, and bounded against files that grow without end when unpacked.
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip, gunzipSync, gzipSync } from 'node:zlib';
import { inOneGo } from '../engine/base/in-one-go.ts';
import { Cluster, type ClusterState } from '../engine/cluster.ts';
import { type BodySink, readSnapshot, SnapshotError, writeSnapshotInSteps } from '../persistence/snapshot.ts';
import { inSlices } from './in-slices.ts';

/** The longest text there can be; that of a world of 100,000 pods fits. */
const TEXT_BYTES_MAX = 536_870_888;
/** Real snapshots become about eleven times as long when unpacked, bombs a thousand times. */
const UNPACKED_SHARE_MAX = 100;
const FILE_BYTES_MAX = 256 * 1024 * 1024;
/** Put together from large pieces, a large world is packed and unpacked in a third less time than from zlib's 16 kB. */
const CHUNK_BYTES = 1024 * 1024;

const PACKED = { level: 1, chunkSize: CHUNK_BYTES };
/** Characters that are handed to the compressor at once. */
const BLOCK_LENGTH = 256 * 1024;

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

export function packSnapshot(state: ClusterState): Buffer {
  return gzipSync(Buffer.concat(inOneGo(blocksOf(state))), PACKED);
}

/**
 * The world as it is now, packed in slices while it goes on; undefined when `cancelled` said so.
 * Unpacked it is what packSnapshot writes.
 */
export async function packInSlices(cluster: Cluster, cancelled: () => boolean = () => false): Promise<Buffer | undefined> {
  const blocks = await inSlices(write(cluster), cancelled);
  if (blocks === undefined) return undefined;
  return buffer(Readable.from(blocks).pipe(createGzip(PACKED)));
}

function* write(cluster: Cluster): Generator<void, readonly Buffer[]> {
  return yield* blocksOf(yield* cluster.saveInSteps());
}

function* blocksOf(state: ClusterState): Generator<void, readonly Buffer[]> {
  const body = new Blocks();
  const head = yield* writeSnapshotInSteps(state, body);
  return [Buffer.from(head), ...body.blocks, Buffer.from('\n')];
}

/** The body in blocks of bytes, made once for its digest and for the compressor. */
class Blocks implements BodySink {
  readonly blocks: Buffer[] = [];
  readonly #hash = createHash('sha256');
  #text = '';

  write(text: string): void {
    this.#text += text;
    if (this.#text.length >= BLOCK_LENGTH) this.#end();
  }

  digest(): string {
    this.#end();
    return this.#hash.digest('hex');
  }

  #end(): void {
    const block = Buffer.from(this.#text);
    this.#text = '';
    this.#hash.update(block);
    this.blocks.push(block);
  }
}

/** Throws SnapshotError with a sentence for a person. */
export function unpackSnapshot(bytes: Uint8Array): ClusterState {
  if (bytes.length > FILE_BYTES_MAX)
    throw new SnapshotError(`This file has ${bytes.length} bytes; a snapshot has at most ${FILE_BYTES_MAX}.`);
  return readSnapshot(inflate(bytes), digest);
}

/** The world of a snapshot, ready to go on. Throws SnapshotError for whatever no world can be made of, before anything else is touched. */
export function openSnapshot(bytes: Uint8Array): Cluster {
  const state = unpackSnapshot(bytes);
  try {
    return Cluster.restore(state);
  } catch (error) {
    // Its parts are of the right form and do not fit together: only a hand can have made that.
    throw new SnapshotError(`This snapshot is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function inflate(bytes: Uint8Array): string {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new SnapshotError('This is not an Orrery snapshot: it is not compressed with gzip.');
  try {
    const maxOutputLength = Math.min(TEXT_BYTES_MAX, bytes.length * UNPACKED_SHARE_MAX);
    return gunzipSync(bytes, { maxOutputLength, chunkSize: Math.min(CHUNK_BYTES, maxOutputLength) }).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'ERR_BUFFER_TOO_LARGE' || code === 'ERR_STRING_TOO_LONG')
      throw new SnapshotError('This file would become far larger than any snapshot when unpacked; it was refused.');
    throw new SnapshotError('This snapshot is incomplete or damaged: it cannot be unpacked.');
  }
}
