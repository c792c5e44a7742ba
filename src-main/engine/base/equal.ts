// Deep equality of JSON values, with the short cut that makes it cheap on values that share structure.

/** True when both hold the same JSON; key order does not matter, undefined members count as absent. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index += 1) if (!equal(a[index], b[index])) return false;
    return true;
  }
  if (Array.isArray(b)) return false;
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  for (const key in left) if (!equal(left[key], right[key])) return false;
  // hasOwn: a label may be named `constructor`, which every object inherits.
  for (const key in right) if (right[key] !== undefined && !(Object.hasOwn(left, key) && left[key] !== undefined)) return false;
  return true;
}
