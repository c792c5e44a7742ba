// Reads an API object in Kubernetes' protobuf form, which kubectl 1.32 and later send for what they build themselves; the answer is the same object as JSON.
// upstream: apimachinery pkg/runtime/serializer/protobuf, k8s.io/api/**/generated.proto
import fields from '../../../assets/openapi/protobuf-fields.json' with { type: 'json' };
import type { JsonObject, JsonValue } from '../../engine/meta/object.ts';
import { badRequest } from '../../engine/meta/status-error.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** [JSON name, type, 1 when the field is written even if empty]; the name '' says that the members are the parent's own. */
type Field = readonly [name: string, type: string, always?: number];

const messages = fields as unknown as Readonly<Record<string, Readonly<Record<string, Field>>>>;
const MAGIC = Buffer.from('k8s\0');
const DEPTH_MAX = 60;

/** Throws StatusError (400) when the bytes are no such object. */
export function protobufObject(bytes: Buffer): JsonObject {
  try {
    return envelope(bytes, 0);
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(`unable to decode protobuf body: ${error.message}`);
    throw error;
  }
}

function envelope(bytes: Buffer, depth: number): JsonObject {
  if (!bytes.subarray(0, 4).equals(MAGIC))
    throw new RangeError('the provided data does not appear to be a protobuf message, expected prefix k8s');
  let apiVersion = '';
  let kind = '';
  let raw: Buffer = Buffer.alloc(0);
  for (const [number, value] of new ProtobufReader(bytes.subarray(4)).fields()) {
    if (number === 2) raw = asBytes(value);
    if (number !== 1) continue;
    for (const [part, text] of new ProtobufReader(asBytes(value)).fields()) {
      if (part === 1) apiVersion = asBytes(text).toString();
      if (part === 2) kind = asBytes(text).toString();
    }
  }
  return { apiVersion, kind, ...message(raw, messageName(apiVersion, kind), depth + 1) };
}

/** `apps/v1` Deployment is `apps.v1.Deployment`. */
function messageName(apiVersion: string, kind: string): string {
  const [first = '', second] = apiVersion.split('/');
  const own = second === undefined ? `core.${first}.${kind}` : `${first.split('.')[0]}.${second}.${kind}`;
  const name = Object.hasOwn(messages, own) ? own : `meta.v1.${kind}`;
  if (!Object.hasOwn(messages, name))
    throw new RangeError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`);
  return name;
}

function message(bytes: Buffer, name: string, depth: number): JsonObject {
  if (depth > DEPTH_MAX) throw new RangeError('the message is nested too deeply');
  const known = messages[name] ?? {};
  const made: Record<string, JsonValue> = {};
  for (const [number, raw] of new ProtobufReader(bytes).fields()) {
    const field = Object.hasOwn(known, String(number)) ? known[String(number)] : undefined;
    if (field !== undefined) addField(made, field, raw, depth);
  }
  return made;
}

function addField(made: Record<string, JsonValue>, [name, type, always]: Field, raw: Buffer | bigint, depth: number): void {
  if (name === '') {
    Object.assign(made, message(asBytes(raw), type.slice(type.indexOf('@') + 1), depth + 1));
  } else if (type.startsWith('[')) {
    const before = made[name];
    made[name] = [...(Array.isArray(before) ? before : []), ...items(raw, type.slice(1), depth)];
  } else if (type.startsWith('{')) {
    const before = made[name] as JsonObject | undefined;
    made[name] = { ...before, ...mapEntry(asBytes(raw), type.slice(1), depth) };
  } else {
    const isPointer = type.startsWith('*');
    const value = single(raw, isPointer ? type.slice(1) : type, depth);
    // Go writes every field that is no pointer, also empty ones. Of messages the wire does not tell which are pointers: they stay.
    if (isPointer || always === 1 || !isEmpty(value)) made[name] = value;
  }
}

function isEmpty(value: JsonValue): boolean {
  return value === null || value === '' || value === 0 || value === false;
}

/** Repeated numbers may come packed into one field. */
function items(raw: Buffer | bigint, type: string, depth: number): readonly JsonValue[] {
  if (type !== 'i' || typeof raw === 'bigint') return [single(raw, type, depth)];
  return [...new ProtobufReader(raw).numbers()].map((value) => Number(BigInt.asIntN(64, value)));
}

function mapEntry(bytes: Buffer, type: string, depth: number): JsonObject {
  let key = '';
  let value: JsonValue = type === 's' || type === 'bytes' ? '' : {};
  for (const [number, raw] of new ProtobufReader(bytes).fields()) {
    if (number === 1) key = asBytes(raw).toString();
    if (number === 2) value = single(raw, type, depth);
  }
  return { [key]: value };
}

function single(raw: Buffer | bigint, type: string, depth: number): JsonValue {
  switch (type) {
    case 's':
      return asBytes(raw).toString();
    case 'i':
      return Number(BigInt.asIntN(64, asNumber(raw)));
    case 'b':
      return asNumber(raw) !== 0n;
    case 'f':
      return Buffer.from(BigUint64Array.of(asNumber(raw)).buffer).readDoubleLE(0);
    case 'bytes':
      return asBytes(raw).toString('base64');
    case 'RAW':
      return rawExtension(asBytes(raw), depth);
    case 'F1':
      return json(part(asBytes(raw), 1));
    case 'Q':
      return part(asBytes(raw), 1).toString();
    case 'IS':
      return intOrString(asBytes(raw));
    case 'T':
    case 'MT':
      return time(asBytes(raw), type === 'MT');
    case 'ITEMS':
      return [...new ProtobufReader(asBytes(raw)).fields()].map(([, item]) => asBytes(item).toString());
    default:
      return message(asBytes(raw), type.replace(/^\*?@/, ''), depth + 1);
  }
}

function part(bytes: Buffer, number: number): Buffer {
  for (const [found, value] of new ProtobufReader(bytes).fields()) if (found === number) return asBytes(value);
  return Buffer.alloc(0);
}

function rawExtension(bytes: Buffer, depth: number): JsonValue {
  const raw = part(bytes, 1);
  return raw.subarray(0, 4).equals(MAGIC) ? envelope(raw, depth + 1) : json(raw);
}

function json(bytes: Buffer): JsonValue {
  if (bytes.length === 0) return null;
  try {
    return JSON.parse(bytes.toString()) as JsonValue;
  } catch {
    throw new RangeError('a part that should be JSON is not');
  }
}

function intOrString(bytes: Buffer): JsonValue {
  const found = new Map(new ProtobufReader(bytes).fields());
  return found.get(1) === 1n
    ? asBytes(found.get(3) ?? Buffer.alloc(0)).toString()
    : Number(BigInt.asIntN(64, asNumber(found.get(2) ?? 0n)));
}

function time(bytes: Buffer, isMicro: boolean): JsonValue {
  const found = new Map(new ProtobufReader(bytes).fields());
  const seconds = found.get(1);
  if (seconds === undefined) return null;
  const ms = Number(BigInt.asIntN(64, asNumber(seconds))) * 1000;
  if (!(Math.abs(ms) < 8.64e15)) throw new RangeError('a time is out of range');
  const text = new Date(ms).toISOString().slice(0, 19);
  const micros = String(asNumber(found.get(2) ?? 0n) / 1000n).padStart(6, '0');
  return isMicro ? `${text}.${micros}Z` : `${text}Z`;
}

function asBytes(value: Buffer | bigint): Buffer {
  if (typeof value !== 'bigint') return value;
  throw new RangeError('a number where bytes belong');
}

function asNumber(value: Buffer | bigint): bigint {
  if (typeof value === 'bigint') return value;
  throw new RangeError('bytes where a number belongs');
}
