// Do two patches of the same object want different things? upstream: strategicpatch MergingMapsHaveConflicts
import { equal } from '../../base/equal.ts';
import type { JsonObject, JsonValue } from '../../meta/object.ts';
import { identity, type List } from './element-order.ts';
import { isObject } from './merge-patch.ts';
import type { FieldRule, PatchSchema } from './merge-rules.ts';
import { DIRECTIVE } from './strategic-merge.ts';

export function haveConflicts(left: JsonObject, right: JsonObject, schema: PatchSchema): boolean {
  // A directive is about the whole map: both have to say the same.
  if (left[DIRECTIVE] !== right[DIRECTIVE]) return true;
  return Object.entries(left).some(([name, value]) => {
    // Directives about lists and keys say how, not what.
    if (name.startsWith('$') || !Object.hasOwn(right, name)) return false;
    return valuesConflict(value, right[name] as JsonValue, schema.field(name));
  });
}

function valuesConflict(left: JsonValue, right: JsonValue, rule: FieldRule): boolean {
  if (isObject(left)) return !isObject(right) || (!rule.strategies.includes('replace') && haveConflicts(left, right, rule.schema));
  if (Array.isArray(left)) return !Array.isArray(right) || listsConflict(left, right, rule);
  return !equal(left, right);
}

function listsConflict(left: List, right: List, rule: FieldRule): boolean {
  const areMaps = isObject(left[0] ?? right[0]);
  if (rule.strategies.includes('merge')) {
    if (!areMaps) return false;
    return left.some((item) => {
      const other = right.find((candidate) => identity(candidate, rule.mergeKey) === identity(item, rule.mergeKey));
      return isObject(item) && isObject(other) && haveConflicts(item, other, rule.schema);
    });
  }
  if (left.length !== right.length) return true;
  const inner: FieldRule = { strategies: [], mergeKey: '', schema: rule.schema };
  const [a, b] = areMaps ? [left, right] : [left.toSorted(byText), right.toSorted(byText)];
  return a.some((item, index) => valuesConflict(item, b[index] as JsonValue, inner));
}

function byText(a: JsonValue, b: JsonValue): number {
  return String(a) < String(b) ? -1 : 1;
}
