// What an applied object says that its type does not know: server-side apply reads it by the schema before it looks at who owns what.
// upstream: sigs.k8s.io/structured-merge-diff typed/validate.go, typed/helpers.go
import { type FieldType, fieldsOf } from '../../kinds/kind-fields.ts';
import { goQuote } from '../../meta/go-quote.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { isObject } from '../patch/merge-patch.ts';
import { memberOfMap, type Structure, structureOf } from './structure.ts';

/** Each as `<path>: <message>`. */
export function typedFaults(object: JsonObject, type: FieldType): readonly string[] {
  return valueFaults(object, type, structureOf(type), '');
}

/** Several of them as one message. upstream: ValidationErrors.Error */
export function faultsText(faults: readonly string[]): string {
  return faults.length === 1 ? (faults[0] ?? '') : ['errors:', ...faults.map((fault) => `  ${fault}`)].join('\n');
}

function valueFaults(value: JsonValue, type: FieldType, structure: Structure, path: string): readonly string[] {
  if (value === null || type === 'any') return [];
  if (type.startsWith('[]')) return listFaults(value, type.slice(2), structure, path);
  if (type.startsWith('{}')) return mapFaults(value, () => type.slice(2), structure, path);
  const fields = fieldsOf(type);
  if (fields === undefined) return scalarFaults(value, type, path);
  return mapFaults(value, (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined), structure, path);
}

/** `typeOf` undefined: there is no such member. */
function mapFaults(
  value: JsonValue,
  typeOf: (name: string) => FieldType | undefined,
  structure: Structure,
  path: string,
): readonly string[] {
  if (!isObject(value)) return [`${path}: expected map, got &{${plain(value)}}`];
  return Object.entries(value).flatMap(([name, member]) => {
    const type = path === '' && (name === 'apiVersion' || name === 'kind') ? 'string' : typeOf(name);
    const at = `${path}.${name}`;
    return type === undefined ? [`${at}: field not declared in schema`] : valueFaults(member, type, memberOfMap(structure, name), at);
  });
}

function listFaults(value: JsonValue, type: FieldType, structure: Structure, path: string): readonly string[] {
  if (!Array.isArray(value)) return [`${path}: expected list, got &{${plain(value)}}`];
  const seen = new Set<string>();
  return value.flatMap((item, index) => {
    const place = placeOf(item, index, structure);
    if ('fault' in place) return [`${path}: element ${index}: ${place.fault}`];
    const { element } = place;
    const faults = seen.has(element) ? [`${path}: duplicate entries for key ${element}`] : [];
    seen.add(element);
    return [...faults, ...valueFaults(item, type, structure.of === 'items' ? structure.item : structureOf(type), `${path}${element}`)];
  });
}

/** How an item is named in its list: by its keys, by itself, or by its place. upstream: listItemToPathElement */
function placeOf(item: JsonValue, index: number, structure: Structure): { readonly element: string } | { readonly fault: string } {
  if (structure.of === 'set') return { element: `[=${JSON.stringify(item)}]` };
  if (structure.of !== 'items') return { element: `[${index}]` };
  if (item === null) return { fault: 'associative list with keys may not have a null element' };
  if (!isObject(item)) return { fault: 'associative list with keys may not have non-map elements' };
  const keys: string[] = [];
  for (const key of structure.keys.toSorted()) {
    const value = item[key] ?? (key === 'protocol' ? 'TCP' : undefined);
    if (value === undefined)
      return { fault: `associative list with keys has an element that omits key field "${key}" (and doesn't have default value)` };
    keys.push(`${key}=${JSON.stringify(value)}`);
  }
  return { element: `[${keys.join(',')}]` };
}

function scalarFaults(value: JsonValue, type: FieldType, path: string): readonly string[] {
  const kind = Object.hasOwn(scalars, type) ? scalars[type] : 'string';
  const told = `&value.valueUnstructured{Value:${inGo(value)}}`;
  if (kind === 'untyped') return typeof value === 'object' ? [`${path}: expected any scalar, got &{${plain(value)}}`] : [];
  if (typeof value === kind) return [];
  return kind === 'number'
    ? [`${path}: expected numeric (int or float), got ${goType(value)}`]
    : [`${path}: expected ${kind}, got ${told}`];
}

/** What a value has to be; texts are told by no name. Quantities may be written as numbers, too. */
const scalars: Readonly<Record<string, 'number' | 'boolean' | 'string' | 'untyped'>> = {
  bool: 'boolean',
  int32: 'number',
  int64: 'number',
  quantity: 'untyped',
  intOrString: 'untyped',
};

function goType(value: JsonValue): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isObject(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'float64' : 'string';
}

/** As Go prints it with %#v. */
function inGo(value: JsonValue): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(inGo).join(', ')}}`;
  if (!isObject(value)) return typeof value === 'string' ? goQuote(value) : String(value);
  return `map[string]interface {}{${membersOf(value, (name, member) => `${goQuote(name)}:${inGo(member)}`).join(', ')}}`;
}

/** As Go prints it with %v. */
function plain(value: JsonValue): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`;
  return isObject(value) ? `map[${membersOf(value, (name, member) => `${name}:${plain(member)}`).join(' ')}]` : String(value);
}

function membersOf(object: JsonObject, told: (name: string, member: JsonValue) => string): readonly string[] {
  return Object.keys(object)
    .sort()
    .map((name) => told(name, object[name] ?? null));
}
