// In which order a merged list stands: what the patch names in its order, and what only the server has where it was. upstream: strategicpatch normalizeElementOrder
import type { JsonValue } from '../../meta/object.ts';
import { badRequest } from '../../meta/status-error.ts';

export type List = readonly JsonValue[];

/** What tells items apart: the merge key's value, or the plain value itself when there is no key. */
export function identity(item: JsonValue | undefined, key: string): JsonValue | undefined {
  if (key === '') return item;
  return typeof item === 'object' && item !== null && !Array.isArray(item) ? (item as Readonly<Record<string, JsonValue>>)[key] : undefined;
}

/** Items that the order names, and the others. */
export function partition(list: List, order: List, key: string): readonly [named: List, others: List] {
  const names = new Set(order.map((item) => identity(item, key)));
  return [list.filter((item) => names.has(identity(item, key))), list.filter((item) => !names.has(identity(item, key)))];
}

/** Both parts in one list, each in its own order, the server's items as near to their old places as that allows. */
export function inElementOrder(patched: List, others: List, patchOrder: List, serverOrder: List, key: string): List {
  const right = sortedBy(patched, patchOrder, key);
  const left = sortedBy(others, serverOrder, key);
  const places = indexOf(serverOrder, key);
  const merged: JsonValue[] = [];
  let next = 0;
  for (const item of right) {
    const place = places.get(identity(item, key));
    while (next < left.length && place !== undefined && (places.get(identity(left[next], key)) ?? Number.POSITIVE_INFINITY) < place) {
      merged.push(left[next] as JsonValue);
      next += 1;
    }
    merged.push(item);
  }
  return [...merged, ...left.slice(next)];
}

/** The items of a patch must stand in the order that it states. upstream: validatePatchWithSetOrderList */
export function requireSameOrder(patch: List, order: List, key: string, directive: string): void {
  const items = key === '' ? patch : patch.filter((item) => identity(item, directive) !== 'delete');
  let found = 0;
  for (const item of order) {
    if (found < items.length && identity(items[found], key) === identity(item, key)) found += 1;
  }
  if (found < items.length)
    throw badRequest(
      `The order in patch list:\n${JSON.stringify(items)}\n doesn't match $setElementOrder list:\n${JSON.stringify(order)}\n`,
    );
}

function sortedBy(list: List, order: List, key: string): List {
  const places = indexOf(order, key);
  const place = (item: JsonValue): number => places.get(identity(item, key)) ?? Number.MAX_SAFE_INTEGER;
  return list.toSorted((a, b) => place(a) - place(b));
}

/** The first place of each identity. */
function indexOf(list: List, key: string): ReadonlyMap<JsonValue | undefined, number> {
  const places = new Map<JsonValue | undefined, number>();
  for (const [index, item] of list.entries()) if (!places.has(identity(item, key))) places.set(identity(item, key), index);
  return places;
}
