// Snapshots as bytes: compressed, digested, and bounded against files that grow without end when unpacked.
import { createHash } from 'node:crypto';
import { createGunzip, createGzip, gunzipSync, gzipSync, type ZlibOptions } from 'node:zlib';
import { inOneGo } from '../engine/base/in-one-go.ts';
import { Cluster, type ClusterState } from '../engine/cluster.ts';
import { type BodySink, SnapshotError, SnapshotReader, writeSnapshotInSteps } from '../persistence/snapshot.ts';
import type { SnapshotHeader } from '../persistence/snapshot-schema.ts';
import { inSlices } from './in-slices.ts';

/** The longest text there can be; that of a world of 100,000 pods fits. */
const TEXT_BYTES_MAX = 536_870_888;
/** Real snapshots become about ten times as long when unpacked, bombs a thousand times. */
const UNPACKED_SHARE_MAX = 100;
const FILE_BYTES_MAX = 256 * 1024 * 1024;
/** A header and a trailer. */
const GZIP_BYTES_MIN = 18;
const CHUNK_BYTES = 1024 * 1024;
const PACKED = { level: 1, chunkSize: CHUNK_BYTES };

export function packSnapshot(state: ClusterState): Buffer {
  const [head, ...body] = blocksOf(state);
  return Buffer.concat([gzipSync(head as Buffer), gzipSync(Buffer.concat(body), PACKED)]);
}

/** SHA-256 of the whole world, in hexadecimal. */
export function digestOf(state: ClusterState): string {
  const head = inOneGo(writeSnapshotInSteps(state, new Blocks(() => {})));
  return (JSON.parse(head) as SnapshotHeader).bodyDigest;
}

/** The text of a snapshot, as it is when unpacked. */
export function snapshotText(state: ClusterState): Buffer {
  return Buffer.concat(blocksOf(state));
}

/**
 * The world as it is now, packed in slices while it goes on; undefined when `cancelled` said so.
 * Unpacked it is what packSnapshot writes.
 */
export async function packInSlices(cluster: Cluster, cancelled: () => boolean = () => false): Promise<Buffer | undefined> {
  const gzip = createGzip(PACKED);
  const packed: Buffer[] = [];
  // Compressed beside this thread, while the next lines are written.
  const ended = new Promise<void>((resolve, reject) => {
    gzip
      .on('data', (chunk: Buffer) => packed.push(chunk))
      .on('end', resolve)
      .on('error', reject);
  });
  let head: string | undefined;
  try {
    head = await inSlices(writeTo(new Blocks((block) => gzip.write(block)), cluster), cancelled);
  } finally {
    gzip.end();
  }
  await ended;
  return head === undefined ? undefined : Buffer.concat([gzipSync(head), ...packed]);
}

function* writeTo(blocks: Blocks, cluster: Cluster): Generator<void, string> {
  return yield* writeSnapshotInSteps(yield* cluster.saveInSteps(), blocks);
}

function blocksOf(state: ClusterState): readonly Buffer[] {
  const blocks: Buffer[] = [];
  const head = inOneGo(writeSnapshotInSteps(state, new Blocks((block) => blocks.push(block))));
  return [Buffer.from(head), ...blocks];
}

/** The body in blocks of bytes, made once for its digest and for the compressor. */
class Blocks implements BodySink {
  readonly #take: (block: Buffer) => void;
  readonly #hash = createHash('sha256');
  #block = Buffer.allocUnsafe(CHUNK_BYTES);
  #used = 0;
  #length = 0;

  constructor(take: (block: Buffer) => void) {
    this.#take = take;
  }

  write(line: string): void {
    // A character becomes three bytes at most.
    const bytesMax = line.length * 3;
    if (bytesMax > this.#block.length - this.#used) this.#next(Math.max(CHUNK_BYTES, bytesMax));
    this.#used += this.#block.write(line, this.#used);
  }

  end(): { readonly length: number; readonly digest: string } {
    this.#next(0);
    return { length: this.#length, digest: this.#hash.digest('hex') };
  }

  #next(bytes: number): void {
    const block = this.#block.subarray(0, this.#used);
    this.#hash.update(block);
    this.#length += block.length;
    if (block.length > 0) this.#take(block);
    this.#block = Buffer.allocUnsafe(bytes);
    this.#used = 0;
  }
}

/** A snapshot's text as its bytes come: cut into lines, counted and digested. */
class UnpackedText {
  readonly #reader = new SnapshotReader();
  readonly #hash = createHash('sha256');
  /** Of a line that has not ended. */
  #begun: Buffer[] = [];
  #lines = 0;
  #length = 0;

  /** A step is a line. Throws SnapshotError for a first line that no snapshot has. */
  *add(bytes: Buffer): Generator<void, true> {
    let from = 0;
    for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', from)) {
      const line = this.#begun.length === 0 ? bytes.subarray(from, end) : Buffer.concat([...this.#begun, bytes.subarray(from, end)]);
      this.#begun = [];
      this.#digest(bytes.subarray(from, end + 1));
      from = end + 1;
      yield this.#line(line);
    }
    if (from === bytes.length) return true;
    this.#digest(bytes.subarray(from));
    this.#begun.push(bytes.subarray(from));
    return true;
  }

  /** After the last bytes. Throws SnapshotError with a sentence for a person. */
  *end(): Generator<void, ClusterState> {
    if (this.#begun.length > 0) this.#line(Buffer.concat(this.#begun));
    return yield* this.#reader.end(this.#length, this.#hash.digest('hex'));
  }

  #line(line: Buffer): void {
    this.#reader.add(line.toString());
    this.#lines += 1;
  }

  /** The first line is not part of what is counted. */
  #digest(bytes: Buffer): void {
    if (this.#lines === 0) return;
    this.#length += bytes.length;
    this.#hash.update(bytes);
  }
}

/** Throws SnapshotError with a sentence for a person. */
export function unpackSnapshot(bytes: Uint8Array): ClusterState {
  const options = unpacking(bytes);
  let text: Buffer;
  try {
    text = gunzipSync(bytes, options);
  } catch (error) {
    throw refusalOf(error);
  }
  return readSnapshotText(text);
}

/** What snapshotText wrote. Throws SnapshotError with a sentence for a person. */
export function readSnapshotText(text: Buffer): ClusterState {
  const unpacked = new UnpackedText();
  inOneGo(unpacked.add(text));
  return inOneGo(unpacked.end());
}

/** The world of a snapshot, ready to go on. Throws SnapshotError for whatever no world can be made of, before anything else is touched. */
export function openSnapshot(bytes: Uint8Array): Cluster {
  const state = unpackSnapshot(bytes);
  return unfitting(() => inOneGo(Cluster.adoptInSteps(state)));
}

/** The same, in slices, while the rest is unpacked beside this thread; undefined when `cancelled` said so. */
export async function openInSlices(bytes: Uint8Array, cancelled: () => boolean = () => false): Promise<Cluster | undefined> {
  const { maxOutputLength } = unpacking(bytes);
  const unpacked = new UnpackedText();
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  gunzip.end(bytes);
  let length = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxOutputLength) throw tooLarge();
      if ((await inSlices(unpacked.add(chunk), cancelled)) === undefined) return undefined;
    }
  } catch (error) {
    throw refusalOf(error);
  }
  return inSlices(open(unpacked), cancelled);
}

function* open(unpacked: UnpackedText): Generator<void, Cluster> {
  const state = yield* unpacked.end();
  const steps = unfitting(() => Cluster.adoptInSteps(state));
  for (;;) {
    const step = unfitting(() => steps.next());
    if (step.done === true) return step.value;
    yield;
  }
}

/** The parts are of the right form and do not fit together: only a hand can have made that. */
function unfitting<T>(restore: () => T): T {
  try {
    return restore();
  } catch (error) {
    throw new SnapshotError(`This snapshot is damaged: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

function unpacking(bytes: Uint8Array): ZlibOptions & { readonly maxOutputLength: number } {
  if (bytes.length > FILE_BYTES_MAX)
    throw new SnapshotError(`This file has ${bytes.length} bytes; a snapshot has at most ${FILE_BYTES_MAX}.`);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) throw new SnapshotError('This is not an Orrery snapshot: it is not compressed with gzip.');
  if (bytes.length < GZIP_BYTES_MIN) throw new SnapshotError('This snapshot is incomplete or damaged: it cannot be unpacked.');
  const maxOutputLength = Math.min(TEXT_BYTES_MAX, bytes.length * UNPACKED_SHARE_MAX);
  // The last four bytes say how long the body is; in one piece of that length it is unpacked without being copied.
  const told = new DataView(bytes.buffer, bytes.byteOffset).getUint32(bytes.length - 4, true);
  return { maxOutputLength, chunkSize: Math.min(Math.max(told + CHUNK_BYTES, CHUNK_BYTES), maxOutputLength) };
}

/** What a person is told of a file that cannot be unpacked. */
function refusalOf(error: unknown): SnapshotError {
  if (error instanceof SnapshotError) return error;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ERR_BUFFER_TOO_LARGE' || code === 'ERR_STRING_TOO_LONG') return tooLarge();
  return new SnapshotError('This snapshot is incomplete or damaged: it cannot be unpacked.');
}

function tooLarge(): SnapshotError {
  return new SnapshotError('This file would become far larger than any snapshot when unpacked; it was refused.');
}
