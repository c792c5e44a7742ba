// The server's side of a SPDY/3.1 connection, as far as port-forward needs it: streams that the client opens, data both ways, and their ends.
// SPDY Protocol, draft 3.1; upstream: moby/spdystream
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { SPDY_DICTIONARY } from './spdy-dictionary.ts';

export interface SpdyHandler {
  readonly opened: (stream: number, headers: ReadonlyMap<string, string>) => void;
  readonly received: (stream: number, data: Buffer) => void;
  /** The client writes nothing more, or gives the stream up. */
  readonly ended: (stream: number) => void;
}

const SYN_STREAM = 1;
const SYN_REPLY = 2;
const RST_STREAM = 3;
const PING = 6;
const WINDOW_UPDATE = 9;
const FIN = 1;
const HEADER_BYTES = 8;
const FRAME_BYTES_MAX = 1 << 20;
const CHUNK_BYTES = 16_384;

export class SpdyConnection {
  readonly #write: (bytes: Buffer) => void;
  readonly #handler: SpdyHandler;
  readonly #inflate: Inflate = createInflate({ dictionary: SPDY_DICTIONARY });
  readonly #deflate: Deflate = createDeflate({ dictionary: SPDY_DICTIONARY });
  #unread: Buffer = Buffer.alloc(0);
  /** Frames are worked on one after the other, because header blocks depend on those before them. */
  #work: Promise<void> = Promise.resolve();

  constructor(write: (bytes: Buffer) => void, handler: SpdyHandler) {
    this.#write = write;
    this.#handler = handler;
  }

  /** Rejects when the bytes are no SPDY; the connection is of no use then. */
  receive(bytes: Buffer): Promise<void> {
    this.#work = this.#work.then(() => this.#read(bytes));
    return this.#work;
  }

  send(stream: number, data: Buffer, ends: boolean): void {
    for (let at = 0; at < data.length || at === 0; at += CHUNK_BYTES) {
      const part = data.subarray(at, at + CHUNK_BYTES);
      const isLast = at + CHUNK_BYTES >= data.length;
      this.#write(frame(stream, isLast && ends ? FIN : 0, part));
    }
  }

  close(): void {
    this.#inflate.close();
    this.#deflate.close();
  }

  async #read(bytes: Buffer): Promise<void> {
    this.#unread = Buffer.concat([this.#unread, bytes]);
    while (this.#unread.length >= HEADER_BYTES) {
      const length = this.#unread.readUIntBE(5, 3);
      if (length > FRAME_BYTES_MAX) throw new RangeError('a SPDY frame is too long');
      if (this.#unread.length < HEADER_BYTES + length) return;
      const head = this.#unread.subarray(0, HEADER_BYTES);
      const payload = this.#unread.subarray(HEADER_BYTES, HEADER_BYTES + length);
      this.#unread = this.#unread.subarray(HEADER_BYTES + length);
      await this.#frame(head, payload);
    }
  }

  async #frame(head: Buffer, payload: Buffer): Promise<void> {
    const word = head.readUInt32BE(0);
    const flags = head[4] ?? 0;
    if (word < 0x8000_0000) {
      if (payload.length > 0) {
        this.#handler.received(word, payload);
        this.#write(control(WINDOW_UPDATE, pair(word, payload.length)));
      }
      if ((flags & FIN) !== 0) this.#handler.ended(word);
      return;
    }
    const type = word & 0xffff;
    if (type === SYN_STREAM) await this.#open(payload, flags);
    else if (type === PING) this.#write(control(PING, payload));
    else if (type === RST_STREAM) this.#handler.ended(payload.readUInt32BE(0));
  }

  async #open(payload: Buffer, flags: number): Promise<void> {
    const stream = payload.readUInt32BE(0) & 0x7fff_ffff;
    const headers = readHeaders(await pass(this.#inflate, payload.subarray(10)));
    const none = Buffer.alloc(4);
    this.#write(control(SYN_REPLY, Buffer.concat([pair(stream).subarray(0, 4), await pass(this.#deflate, none)])));
    this.#handler.opened(stream, headers);
    if ((flags & FIN) !== 0) this.#handler.ended(stream);
  }
}

/** What comes out for what goes in, up to now. */
function pass(through: Inflate | Deflate, bytes: Buffer): Promise<Buffer> {
  const parts: Buffer[] = [];
  const collect = (part: Buffer): number => parts.push(part);
  return new Promise((resolve, reject) => {
    through.on('data', collect);
    through.once('error', reject);
    through.write(bytes);
    through.flush(constants.Z_SYNC_FLUSH, () => {
      through.off('data', collect);
      through.off('error', reject);
      resolve(Buffer.concat(parts));
    });
  });
}

function readHeaders(block: Buffer): ReadonlyMap<string, string> {
  let at = 0;
  const number = (): number => {
    at += 4;
    return block.readUInt32BE(at - 4);
  };
  const text = (): string => {
    const length = number();
    at += length;
    return block.subarray(at - length, at).toString();
  };
  const headers = new Map<string, string>();
  for (let left = number(); left > 0; left -= 1) {
    const name = text().toLowerCase();
    headers.set(name, text());
  }
  return headers;
}

function control(type: number, payload: Buffer): Buffer {
  return frame((0x8003_0000 | type) >>> 0, 0, payload);
}

function frame(word: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEADER_BYTES);
  head.writeUInt32BE(word, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

function pair(first: number, second = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(first, 0);
  bytes.writeUInt32BE(second, 4);
  return bytes;
}
