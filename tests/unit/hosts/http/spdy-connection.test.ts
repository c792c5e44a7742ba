import { constants, createDeflate } from 'node:zlib';
import { expect, test } from 'vitest';
import { SpdyConnection } from '../../../../src-main/hosts/http/spdy-connection.ts';
import { SPDY_DICTIONARY } from '../../../../src-main/hosts/http/spdy-dictionary.ts';

const SYN_STREAM = 0x8003_0001;
const PING = 0x8003_0006;

function frame(word: number, flags: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(word, 0);
  head.writeUInt8(flags, 4);
  head.writeUIntBE(payload.length, 5, 3);
  return Buffer.concat([head, payload]);
}

/** A client's header blocks: each is compressed after those before it. */
class Headers {
  readonly #deflate = createDeflate({ dictionary: SPDY_DICTIONARY });

  async block(headers: Readonly<Record<string, string>>): Promise<Buffer> {
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

async function open(headers: Headers, stream: number, values: Readonly<Record<string, string>>, flags = 0): Promise<Buffer> {
  const ids = Buffer.alloc(10);
  ids.writeUInt32BE(stream, 0);
  return frame(SYN_STREAM, flags, Buffer.concat([ids, await headers.block(values)]));
}

class Server {
  readonly seen: string[] = [];
  readonly sent: Buffer[] = [];
  readonly connection = new SpdyConnection((bytes) => this.sent.push(bytes), {
    opened: (stream, headers) => this.seen.push(`open ${stream} ${[...headers].map(([name, value]) => `${name}=${value}`).join(' ')}`),
    received: (stream, data) => this.seen.push(`data ${stream} ${data.toString()}`),
    ended: (stream) => this.seen.push(`end ${stream}`),
  });
}

test('streams open with their headers, carry data and end', async () => {
  const server = new Server();
  const headers = new Headers();
  await server.connection.receive(await open(headers, 1, { streamtype: 'error', port: '80' }, 1));
  await server.connection.receive(await open(headers, 3, { streamtype: 'data', port: '80' }));
  await server.connection.receive(Buffer.concat([frame(3, 0, Buffer.from('GET')), frame(3, 1, Buffer.from('!'))]));
  expect(server.seen).toEqual([
    'open 1 streamtype=error port=80',
    'end 1',
    'open 3 streamtype=data port=80',
    'data 3 GET',
    'data 3 !',
    'end 3',
  ]);
});

test('bytes may come in any pieces', async () => {
  const server = new Server();
  const bytes = Buffer.concat([await open(new Headers(), 1, { port: '80' }), frame(1, 1, Buffer.from('hello'))]);
  for (const byte of bytes) await server.connection.receive(Buffer.from([byte]));
  expect(server.seen).toEqual(['open 1 port=80', 'data 1 hello', 'end 1']);
});

test('a ping comes back as it is', async () => {
  const server = new Server();
  const ping = frame(PING, 0, Buffer.from([0, 0, 0, 7]));
  await server.connection.receive(ping);
  expect(server.sent).toEqual([ping]);
});

test('what is sent ends with its last part', () => {
  const server = new Server();
  server.connection.send(5, Buffer.alloc(20_000), true);
  expect(server.sent.map((bytes) => [bytes.readUInt32BE(0), bytes[4], bytes.readUIntBE(5, 3)])).toEqual([
    [5, 0, 16_384],
    [5, 1, 3_616],
  ]);
});

test('an end without data', () => {
  const server = new Server();
  server.connection.send(5, Buffer.alloc(0), true);
  expect(server.sent).toEqual([frame(5, 1, Buffer.alloc(0))]);
});

test('a frame that is too long, or headers that are none, are refused', async () => {
  const long = Buffer.from([0, 0, 0, 1, 0, 0xff, 0xff, 0xff]);
  await expect(new Server().connection.receive(long)).rejects.toThrow('a SPDY frame is too long');
  await expect(new Server().connection.receive(frame(SYN_STREAM, 0, Buffer.alloc(40, 7)))).rejects.toThrow();
});
