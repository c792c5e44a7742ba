// Copies a component's memory for a snapshot: everything in it is JSON, and frozen API objects inside are values that may be shared.

/** A deep copy that shares frozen parts. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const made: Record<string, unknown> = {};
  for (const key in value) made[key] = copy(value[key]);
  return made as T;
}
