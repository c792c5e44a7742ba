// Fields that are shown though nobody set them: Go's encoder leaves out no structs and no times, and nothing that is not marked to be left out.
// Clients see `creationTimestamp: null` and `lastState: {}` for that reason, and send back what they saw; neither is a change.
// upstream: encoding/json omitempty over the types of k8s.io/api, as release 1.33 states them
import table from '../../../assets/openapi/always-encoded.json' with { type: 'json' };
import type { JsonObject, JsonValue } from '../meta/object.ts';
import { type FieldType, fieldsOf } from './kind-fields.ts';

/** The value as Go encodes it. Shares everything in which nothing is missing. */
export function withZeroFields(type: FieldType, value: JsonValue): JsonValue {
  const shape = shapeOf(type);
  return shape === undefined ? value : filled(shape, value);
}

/** The wanted value without what `current` has not, and is shown with all the same. */
export function withoutZeroFields(type: FieldType, wanted: JsonValue, current: JsonValue | undefined): JsonValue {
  const shape = shapeOf(type);
  return shape === undefined || current === undefined ? wanted : emptied(shape, wanted, current);
}

/** What is to be done with values of a type; undefined where none of it is ever missing. */
type Shape = { readonly of: 'items'; readonly element: Shape } | { readonly of: 'members'; readonly element: Shape } | ObjectShape;

interface ObjectShape {
  readonly of: 'object';
  readonly zeros: readonly (readonly [name: string, zero: JsonValue])[];
  /** The fields in which something may be missing. */
  readonly parts: readonly (readonly [name: string, shape: Shape])[];
}

const shapes = new Map<FieldType, Shape | undefined>();
const always: Readonly<Record<string, JsonObject>> = table.types;

function shapeOf(type: FieldType): Shape | undefined {
  if (!shapes.has(type)) {
    // Types that hold themselves, as schemas do, have nothing to add.
    shapes.set(type, undefined);
    shapes.set(type, newShape(type));
  }
  return shapes.get(type);
}

function newShape(type: FieldType): Shape | undefined {
  if (type.startsWith('[]') || type.startsWith('{}')) {
    const element = shapeOf(type.slice(2));
    return element === undefined ? undefined : { of: type.startsWith('[]') ? 'items' : 'members', element };
  }
  const fields = Object.entries(fieldsOf(type) ?? {});
  const parts = fields.flatMap(([name, field]) => {
    const shape = shapeOf(field);
    return shape === undefined ? [] : [[name, shape] as const];
  });
  const within = new Map(parts);
  const zeros = Object.entries(always[type] ?? {}).map(([name, zero]) => {
    const shape = within.get(name);
    return [name, zero === null || shape === undefined ? zero : filled(shape, zero)] as const;
  });
  return zeros.length === 0 && parts.length === 0 ? undefined : { of: 'object', zeros, parts };
}

function filled(shape: Shape, value: JsonValue): JsonValue {
  if (shape.of === 'items') return Array.isArray(value) ? mappedItems(value, (item) => filled(shape.element, item)) : value;
  if (!isObject(value)) return value;
  if (shape.of === 'members') return mappedMembers(value, (member) => filled(shape.element, member));
  let made: Record<string, JsonValue> | undefined;
  for (const [name, part] of shape.parts) {
    const given = value[name];
    const next = given === undefined ? given : filled(part, given);
    if (next === undefined || next === given) continue;
    made ??= { ...value };
    made[name] = next;
  }
  for (const [name, zero] of shape.zeros) {
    if (value[name] !== undefined) continue;
    made ??= { ...value };
    made[name] = zero;
  }
  return made ?? value;
}

function emptied(shape: Shape, wanted: JsonValue, current: JsonValue): JsonValue {
  if (shape.of === 'items') {
    if (!Array.isArray(wanted) || !Array.isArray(current)) return wanted;
    return mappedItems(wanted, (item, index) => emptied(shape.element, item, current[index] ?? null));
  }
  if (!isObject(wanted) || !isObject(current)) return wanted;
  if (shape.of === 'members') return mappedMembers(wanted, (member, name) => emptied(shape.element, member, current[name] ?? null));
  const { parts } = shape;
  const kept = withoutAdded(shape, wanted, current);
  const changes: [string, JsonValue][] = [];
  for (const [name, part] of parts) {
    const [given, had] = [kept[name], current[name]];
    const next = given === undefined || had === undefined ? given : emptied(part, given, had);
    if (next !== undefined && next !== given) changes.push([name, next]);
  }
  return changes.length === 0 ? kept : { ...kept, ...Object.fromEntries(changes) };
}

function withoutAdded({ zeros }: ObjectShape, wanted: JsonObject, current: JsonObject): JsonObject {
  const added = new Set<string>();
  for (const [name, zero] of zeros) {
    const given = wanted[name];
    if (given !== undefined && current[name] === undefined && isZero(given, zero)) added.add(name);
  }
  return added.size === 0 ? wanted : Object.fromEntries(Object.entries(wanted).filter(([name]) => !added.has(name)));
}

/** Is it no more than what is shown where there is nothing? Nulls are not kept. */
function isZero(value: JsonValue, zero: JsonValue | undefined): boolean {
  if (!isObject(value)) return value === null || value === zero;
  return isObject(zero ?? null) && Object.entries(value).every(([name, member]) => isZero(member, (zero as JsonObject)[name]));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mappedItems(items: readonly JsonValue[], change: (item: JsonValue, index: number) => JsonValue): readonly JsonValue[] {
  let made: JsonValue[] | undefined;
  for (let index = 0; index < items.length; index += 1) {
    const item = items[index] as JsonValue;
    const next = change(item, index);
    if (next === item) continue;
    made ??= [...items];
    made[index] = next;
  }
  return made ?? items;
}

function mappedMembers(object: JsonObject, change: (member: JsonValue, name: string) => JsonValue): JsonObject {
  const mapped = Object.entries(object).map(([name, member]) => [name, change(member, name)] as const);
  return mapped.every(([name, member]) => member === object[name]) ? object : Object.fromEntries(mapped);
}
