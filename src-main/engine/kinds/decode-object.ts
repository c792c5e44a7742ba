// Reads an untyped object as its kind: wrong types are refused with the API server's decoding error, unknown fields are named in warnings,
// quantities get their canonical text and nulls count as absent. upstream: apimachinery pkg/runtime/serializer/json (strict), sigs.k8s.io/json
import { timeFault } from '../base/time-fault.ts';
import { formatTimestamp, parseTimestamp } from '../base/timestamp.ts';
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { printQuantity, quantityFromJson } from '../meta/quantity.ts';
import { badRequest } from '../meta/status-error.ts';
import { canonicalBase64, corruptByte } from './core/base64.ts';
import type { Decoded, Kind } from './kind.ts';
import { type FieldType, fieldsOf, typeOfKind } from './kind-fields.ts';

/** Throws StatusError (400) when a field has a type the kind cannot have. Of kinds that are only stored, metadata alone is looked into. */
export function decodeObject(kind: Pick<Kind, 'group' | 'version' | 'kind' | 'decode'>, object: JsonObject): Decoded {
  if (kind.decode !== undefined) return kind.decode(object);
  const type = typeOfKind(kind.group, kind.version, kind.kind);
  const decoder = new Decoder();
  const decoded = type === undefined ? decoder.metadata(object) : (decoder.value(object, type, ROOT) as JsonObject);
  if (decoder.fault !== undefined)
    throw badRequest(`${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${decoder.fault}`);
  return { object: decoded, warnings: decoder.unknown.map((path) => `unknown field ${JSON.stringify(path)}`) };
}

/** Reads metadata alone: all that is known of an object without a model. */
export function decodeMetadata(object: JsonObject): {
  readonly object: JsonObject;
  readonly unknown: readonly string[];
  readonly fault: string | undefined;
} {
  const decoder = new Decoder();
  return { object: decoder.metadata(object), unknown: decoder.unknown, fault: decoder.fault };
}

/** Where a value stands: `path` with indices for warnings, `field` without for errors, and the Go type that has the field. */
interface Place {
  readonly path: string;
  readonly field: string;
  readonly owner: string;
}

const ROOT: Place = { path: '', field: '', owner: '' };

class Decoder {
  readonly unknown: string[] = [];
  /** The first wrong type, as Go's decoder words it. */
  fault: string | undefined;

  metadata(object: JsonObject): JsonObject {
    const given = object['metadata'] ?? {};
    const metadata = this.value(given, 'meta.ObjectMeta', { path: 'metadata', field: 'metadata', owner: '' });
    return metadata === given ? object : { ...object, metadata };
  }

  value(value: JsonValue, type: FieldType, place: Place): JsonValue {
    if (type === 'any') return value;
    if (type.startsWith('[]')) return Array.isArray(value) ? this.#list(value, type.slice(2), place) : this.#wrong(value, type, place);
    if (type.startsWith('{}')) return isObject(value) ? this.#map(value, type.slice(2), place) : this.#wrong(value, type, place);
    const fields = fieldsOf(type);
    if (fields !== undefined) return isObject(value) ? this.#object(value, type, fields, place) : this.#wrong(value, type, place);
    return this.#scalar(value, type, place);
  }

  #object(object: JsonObject, type: FieldType, fields: Readonly<Record<string, FieldType>>, place: Place): JsonObject {
    const owner = goName(type);
    const prefix = place.path === '' ? '' : `${place.path}.`;
    const fieldPrefix = place.field === '' ? '' : `${place.field}.`;
    return this.#members(object, (name, value) => {
      const fieldType = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (fieldType !== undefined) return this.value(value, fieldType, { path: `${prefix}${name}`, field: `${fieldPrefix}${name}`, owner });
      this.unknown.push(`${prefix}${name}`);
      return null;
    });
  }

  #map(object: JsonObject, type: FieldType, place: Place): JsonObject {
    let changed = false;
    const members = Object.entries(object).map(([name, value]): [string, JsonValue] => {
      const next = this.#element(value, type, { ...place, path: `${place.path}.${name}` });
      if (next !== value) changed = true;
      return [name, next];
    });
    return changed ? Object.fromEntries(members) : object;
  }

  #list(list: readonly JsonValue[], type: FieldType, place: Place): readonly JsonValue[] {
    let changed = false;
    const decoded = list.map((item, index) => {
      const next = this.#element(item, type, { ...place, path: `${place.path}[${index}]` });
      if (next !== item) changed = true;
      return next;
    });
    return changed ? decoded : list;
  }

  /** In a list or a map null is Go's zero value: an empty object, an empty text, 0. */
  #element(value: JsonValue, type: FieldType, place: Place): JsonValue {
    return value === null ? zero(type) : this.value(value, type, place);
  }

  /** Maps the members; those that are null, or become null, are left out. */
  #members(object: JsonObject, decode: (name: string, value: JsonValue) => JsonValue): JsonObject {
    let changed = false;
    const members: [string, JsonValue][] = [];
    for (const [name, value] of Object.entries(object)) {
      const next = value === null ? null : decode(name, value);
      if (next !== null) members.push([name, next]);
      if (next !== value || next === null) changed = true;
    }
    return changed ? Object.fromEntries(members) : object;
  }

  #scalar(value: JsonValue, type: FieldType, place: Place): JsonValue {
    if (type === 'quantity') return this.#quantity(value);
    if (type === 'time' || type === 'microTime') return this.#time(value, type);
    if (type === 'bytes') return typeof value === 'string' ? this.#bytes(value) : this.#wrong(value, type, place);
    if (type === 'string') return typeof value === 'string' ? value : this.#wrong(value, type, place);
    if (type === 'bool') return typeof value === 'boolean' ? value : this.#wrong(value, type, place);
    if (type === 'intOrString' && typeof value === 'string') return value;
    const wide = type === 'int64';
    const fits = typeof value === 'number' && Number.isInteger(value) && (wide || (value >= -INT32 && value < INT32));
    return fits ? value : this.#wrong(value, wide ? 'int64' : 'int32', place);
  }

  #quantity(value: JsonValue): JsonValue {
    const { value: quantity, error } = quantityFromJson(value);
    if (quantity === undefined) {
      this.fault ??= error;
      return value;
    }
    const text = printQuantity(quantity);
    return text === value ? value : text;
  }

  #bytes(text: string): JsonValue {
    const canonical = canonicalBase64(text);
    if (canonical === undefined) this.fault ??= `illegal base64 data at input byte ${corruptByte(text)}`;
    return canonical ?? text;
  }

  /** Times are kept to the second, in one zone. upstream: metav1.Time UnmarshalJSON, MarshalJSON */
  #time(value: JsonValue, type: 'time' | 'microTime'): JsonValue {
    if (typeof value !== 'string') {
      this.fault ??= `json: cannot unmarshal ${goValue(value)} into Go value of type string`;
      return value;
    }
    const fault = timeFault(value, TIME_LAYOUTS[type]);
    this.fault ??= fault;
    if (fault !== undefined || type === 'microTime' || WHOLE_SECONDS.test(value)) return value;
    return formatTimestamp(parseTimestamp(value) ?? 0);
  }

  #wrong(value: JsonValue, type: FieldType, { field, owner }: Place): JsonValue {
    this.fault ??= `json: cannot unmarshal ${goValue(value)} into Go struct field ${owner}.${field} of type ${goType(type)}`;
    return value;
  }
}

const INT32 = 2 ** 31;
const TIME_LAYOUTS = { time: '2006-01-02T15:04:05Z07:00', microTime: '2006-01-02T15:04:05.000000Z07:00' } as const;
const WHOLE_SECONDS = /:\d\dZ$/;

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function zero(type: FieldType): JsonValue {
  if (type.startsWith('[]')) return [];
  if (type.startsWith('{}') || fieldsOf(type) !== undefined) return {};
  if (type === 'any') return null;
  if (type === 'string' || type === 'bytes') return '';
  if (type === 'bool') return false;
  if (type === 'time' || type === 'microTime') return null;
  return type === 'quantity' ? '0' : 0;
}

/** upstream: encoding/json UnmarshalTypeError.Value */
function goValue(value: JsonValue): string {
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < INT32 ? 'number' : `number ${value}`;
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function goType(type: FieldType): string {
  if (type.startsWith('[]')) return `[]${goType(type.slice(2))}`;
  if (type.startsWith('{}')) return `map[string]${goType(type.slice(2))}`;
  if (type === 'quantity') return 'resource.Quantity';
  if (type === 'bytes') return '[]uint8';
  return fieldsOf(type) === undefined ? type : `v1.${goName(type)}`;
}

function goName(type: FieldType): string {
  return type.slice(type.indexOf('.') + 1);
}
