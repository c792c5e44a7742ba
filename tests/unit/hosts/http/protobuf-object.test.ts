import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StatusError } from '../../../../src-main/engine/meta/status-error.ts';
import { protobufObject } from '../../../../src-main/hosts/http/protobuf-object.ts';

/** Field `number`: a text, a nested message, or a number. */
function field(number: number, value: string | number | Buffer): Buffer {
  if (typeof value === 'number') return Buffer.concat([varint(number << 3), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint((number << 3) | 2), varint(bytes.length), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);
const object = (apiVersion: string, kind: string, raw: Buffer): Buffer =>
  message(Buffer.from('k8s\0'), field(1, message(field(1, apiVersion), field(2, kind))), field(2, raw), field(3, ''), field(4, ''));

const check = (bytes: Buffer, expected: object) => expect(protobufObject(bytes)).toEqual(expected);

describe('what kubectl sends', () => {
  test('a ConfigMap: maps, and empty members that Go writes', () =>
    check(
      object(
        'v1',
        'ConfigMap',
        message(
          field(1, message(field(1, 'settings'), field(2, ''), field(3, 'default'), field(7, 0), field(8, ''))),
          field(2, message(field(1, 'a'), field(2, '1'))),
          field(2, message(field(1, 'b'), field(2, ''))),
        ),
      ),
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'settings', namespace: 'default' },
        data: { a: '1', b: '' },
      },
    ));
  test('a pointer to zero is kept', () => {
    const spec = message(field(1, 0));
    expect(protobufObject(object('apps/v1', 'Deployment', field(2, spec)))).toMatchObject({ spec: { replicas: 0 } });
  });
  test('what Go embeds is flattened', () => {
    const volume = message(field(1, 'v'), field(2, field(2, message(field(1, '')))));
    const pod = field(2, field(1, volume));
    expect(protobufObject(object('v1', 'Pod', pod))).toMatchObject({ spec: { volumes: [{ name: 'v', emptyDir: {} }] } });
  });
  test('quantities, bytes and numbers that may be texts', () => {
    expect(protobufObject(object('v1', 'Secret', field(2, message(field(1, 'k'), field(2, 'secret')))))).toMatchObject({
      data: { k: Buffer.from('secret').toString('base64') },
    });
    const port = message(field(3, 80), field(4, message(field(1, 1), field(2, 0), field(3, 'http'))));
    expect(protobufObject(object('v1', 'Service', field(2, field(1, port))))).toMatchObject({
      spec: { ports: [{ port: 80, targetPort: 'http' }] },
    });
  });
});

describe('what nobody sends on purpose', () => {
  const refused = (bytes: Buffer): string => {
    try {
      return JSON.stringify(protobufObject(bytes));
    } catch (error) {
      if (error instanceof StatusError) return error.message;
      throw error;
    }
  };
  test('no envelope', () => expect(refused(Buffer.from('{}'))).toContain('expected prefix k8s'));
  test('an unknown kind', () =>
    expect(refused(object('v1', 'Nosuch', Buffer.alloc(0)))).toContain('no kind "Nosuch" is registered for version "v1"'));
  test('a length beyond the end', () =>
    expect(refused(Buffer.concat([Buffer.from('k8s\0'), Buffer.from([0x12, 0x7f])]))).toBe(
      'unable to decode protobuf body: unexpected end of the message',
    ));
  test('any bytes end in an object or a refusal', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(typeof refused(object('v1', 'Pod', Buffer.from(bytes)))).toBe('string');
        expect(typeof refused(Buffer.concat([Buffer.from('k8s\0'), Buffer.from(bytes)]))).toBe('string');
      }),
    ));
});
