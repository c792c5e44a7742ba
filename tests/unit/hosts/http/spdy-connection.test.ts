import { expect, test } from 'vitest';
import { SpdyConnection } from '../../../../src-main/hosts/http/spdy-connection.ts';
import { SpdyHeaders, SYN_STREAM, spdyFrame } from '../../../support/spdy-client.ts';

const PING = 0x8003_0006;

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
  const headers = new SpdyHeaders();
  await server.connection.receive(await headers.open(1, { streamtype: 'error', port: '80' }, 1));
  await server.connection.receive(await headers.open(3, { streamtype: 'data', port: '80' }));
  await server.connection.receive(Buffer.concat([spdyFrame(3, 0, Buffer.from('GET')), spdyFrame(3, 1, Buffer.from('!'))]));
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
  const bytes = Buffer.concat([await new SpdyHeaders().open(1, { port: '80' }), spdyFrame(1, 1, Buffer.from('hello'))]);
  for (const byte of bytes) await server.connection.receive(Buffer.from([byte]));
  expect(server.seen).toEqual(['open 1 port=80', 'data 1 hello', 'end 1']);
});

test('a ping comes back as it is', async () => {
  const server = new Server();
  const ping = spdyFrame(PING, 0, Buffer.from([0, 0, 0, 7]));
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
  expect(server.sent).toEqual([spdyFrame(5, 1, Buffer.alloc(0))]);
});

test('a frame that is too long, or headers that are none, are refused', async () => {
  const long = Buffer.from([0, 0, 0, 1, 0, 0xff, 0xff, 0xff]);
  await expect(new Server().connection.receive(long)).rejects.toThrow('a SPDY frame is too long');
  await expect(new Server().connection.receive(spdyFrame(SYN_STREAM, 0, Buffer.alloc(40, 7)))).rejects.toThrow();
});
