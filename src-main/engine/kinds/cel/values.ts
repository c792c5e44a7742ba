// JSON as the expression language sees it: whole numbers are ints, objects are maps, and texts of some formats are times or durations.
// upstream: apiserver pkg/cel/common/values.go UnstructuredToVal
import type { JsonValue } from '../../meta/object.ts';
import { celName } from './escape.ts';

/** What is known of a value's type: the part of a schema that counts for expressions. */
export interface CelShape {
  readonly type?: string;
  readonly format?: string;
  /** The type by the name that the library gives it. */
  readonly celType?: string;
  /** Rules name the members as they are; those of schemas are escaped where they are words of the language. */
  readonly hasPlainNames?: boolean;
  readonly nullable?: boolean;
  readonly properties?: Readonly<Record<string, CelShape>>;
  readonly additionalProperties?: CelShape | boolean;
  readonly items?: CelShape;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
}

/** How texts of special formats are read; the environment knows. */
export interface TextReaders {
  readonly timestamp: (text: string) => unknown;
  readonly duration: (text: string) => unknown;
}

/** The value; without a shape numbers are told by whether they are whole. */
export function celValue(json: JsonValue | undefined, shape: CelShape | undefined, readers: TextReaders): unknown {
  if (json === undefined || json === null) return null;
  if (typeof json === 'number') return Number.isSafeInteger(json) && shape?.type !== 'number' ? BigInt(json) : json;
  if (typeof json === 'string') return shape === undefined ? json : readText(json, shape, readers);
  if (typeof json !== 'object') return json;
  if (Array.isArray(json)) return json.map((item: JsonValue) => celValue(item, shape?.items, readers));
  const members = new Map<string, unknown>();
  for (const [name, member] of Object.entries(json)) {
    if (member === undefined) continue;
    const known = shape?.properties === undefined ? undefined : ownShape(shape.properties, name);
    const others = typeof shape?.additionalProperties === 'object' ? shape.additionalProperties : undefined;
    members.set(known === undefined || shape?.hasPlainNames === true ? name : celName(name), celValue(member, known ?? others, readers));
  }
  return members;
}

function ownShape(properties: Readonly<Record<string, CelShape>>, name: string): CelShape | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function readText(text: string, { type, format }: CelShape, readers: TextReaders): unknown {
  if (type !== 'string') return text;
  if (format === 'date-time') return readers.timestamp(text);
  if (format === 'date') return readers.timestamp(`${text}T00:00:00Z`);
  return format === 'duration' ? readers.duration(text) : text;
}
