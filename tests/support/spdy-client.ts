// The client's side of SPDY/3.1, as much as tests need: frames, and header blocks each of which is compressed after those before it.
import { constants, createDeflate } from 'node:zlib';
import { SPDY_DICTIONARY } from '../../src-main/hosts/http/spdy-dictionary.ts';

export const SYN_STREAM = 0x8003_0001;
const HEAD_BYTES = 8;

export function spdyFrame(word: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(word, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

export class SpdyHeaders {
  readonly #deflate = createDeflate({ dictionary: SPDY_DICTIONARY });

  /** The frame that opens a stream. */
  async open(stream: number, headers: Readonly<Record<string, string>>, flags = 0): Promise<Buffer> {
    const ids = Buffer.alloc(10);
    ids.writeUInt32BE(stream, 0);
    return spdyFrame(SYN_STREAM, flags, Buffer.concat([ids, await this.#block(headers)]));
  }

  async #block(headers: Readonly<Record<string, string>>): Promise<Buffer> {
    const number = (value: number): Buffer => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes;
    };
    const text = (value: string): Buffer[] => [number(value.length), Buffer.from(value)];
    const pairs = Object.entries(headers).flatMap(([name, value]) => [...text(name), ...text(value)]);
    const parts: Buffer[] = [];
    const collect = (part: Buffer): number => parts.push(part);
    this.#deflate.on('data', collect);
    this.#deflate.write(Buffer.concat([number(Object.keys(headers).length), ...pairs]));
    await new Promise<void>((resolve) => this.#deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    this.#deflate.off('data', collect);
    return Buffer.concat(parts);
  }
}

/** The data of each stream, from all that a server has sent. */
export function spdyData(bytes: Buffer): ReadonlyMap<number, string> {
  const found = new Map<number, string>();
  for (let at = 0; at + HEAD_BYTES <= bytes.length; ) {
    const word = bytes.readUInt32BE(at);
    const length = bytes.readUIntBE(at + 5, 3);
    if (word < 0x8000_0000) found.set(word, (found.get(word) ?? '') + bytes.toString('utf8', at + HEAD_BYTES, at + HEAD_BYTES + length));
    at += HEAD_BYTES + length;
  }
  return found;
}
