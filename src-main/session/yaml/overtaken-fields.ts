// Which fields of an object a person wants to change that somebody else has changed meanwhile to something else.
import { createTwoWayPatch } from '../../engine/api/patch/create-strategic-merge.ts';
import { identity, type List } from '../../engine/api/patch/element-order.ts';
import { isObject } from '../../engine/api/patch/merge-patch.ts';
import type { FieldRule, PatchSchema } from '../../engine/api/patch/merge-rules.ts';
import { DIRECTIVE } from '../../engine/api/patch/strategic-merge.ts';
import { equal } from '../../engine/base/equal.ts';
import type { JsonObject, JsonValue } from '../../engine/meta/object.ts';

interface Versions {
  readonly base: JsonObject;
  readonly current: JsonObject;
  readonly wanted: JsonObject;
}

/** As `spec.template.spec.containers[0].image`, counted in the wanted version. */
export function overtakenFields(mine: JsonObject, { base, current, wanted }: Versions, schema: PatchSchema): readonly string[] {
  // Another object of that name has taken the place of the one that was edited.
  if (uidOf(base) !== uidOf(current)) return ['metadata.uid'];
  return [...inMaps(mine, createTwoWayPatch(base, current, schema), wanted, schema, '')];
}

/** Has every item of the lists that merge a key of its own? */
export function keysTellApart(object: JsonObject, schema: PatchSchema): boolean {
  return Object.entries(object).every(([name, value]) => {
    const { strategies, mergeKey, schema: inner } = schema.field(name);
    if (isObject(value)) return keysTellApart(value, inner);
    if (!Array.isArray(value) || !strategies.includes('merge')) return true;
    const keys = value.map((item) => identity(item, mergeKey));
    return (
      new Set(keys).size === keys.length &&
      !keys.includes(undefined) &&
      value.every((item) => !isObject(item) || keysTellApart(item, inner))
    );
  });
}

function* inMaps(
  mine: JsonObject,
  theirs: JsonObject,
  wanted: JsonValue | undefined,
  schema: PatchSchema,
  path: string,
): Generator<string> {
  for (const [name, value] of Object.entries(mine)) {
    // Directives about lists and keys say how, not what.
    if (name.startsWith('$') || !Object.hasOwn(theirs, name)) continue;
    const member = isObject(wanted) ? wanted[name] : undefined;
    yield* inValues(value, theirs[name] as JsonValue, member, schema.field(name), path === '' ? name : `${path}.${name}`);
  }
}

function* inValues(mine: JsonValue, theirs: JsonValue, wanted: JsonValue | undefined, rule: FieldRule, path: string): Generator<string> {
  if (isObject(mine) && isObject(theirs) && !rule.strategies.includes('replace')) yield* inMaps(mine, theirs, wanted, rule.schema, path);
  else if (Array.isArray(mine) && Array.isArray(theirs) && rule.strategies.includes('merge'))
    yield* inLists(mine, theirs, Array.isArray(wanted) ? wanted : [], rule, path);
  else if (!equal(mine, theirs)) yield path;
}

function* inLists(mine: List, theirs: List, wanted: List, { mergeKey, schema }: FieldRule, path: string): Generator<string> {
  // Values of a set come and go each by itself.
  if (mergeKey === '') return;
  for (const item of mine) {
    const key = identity(item, mergeKey);
    const other = theirs.find((candidate) => identity(candidate, mergeKey) === key);
    if (!isObject(item) || !isObject(other)) continue;
    const index = wanted.findIndex((candidate) => identity(candidate, mergeKey) === key);
    const place = index < 0 ? path : `${path}[${index}]`;
    // One takes away what the other changes.
    if (item[DIRECTIVE] !== other[DIRECTIVE]) yield place;
    else yield* inMaps(item, other, wanted[index], schema, place);
  }
}

function uidOf({ metadata }: JsonObject): JsonValue | undefined {
  return isObject(metadata) ? metadata['uid'] : undefined;
}
