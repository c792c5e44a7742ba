// Copies a component's memory for a snapshot: everything in it is JSON, and frozen API objects inside are values that may be shared.

/** A deep copy that shares frozen parts. */
export function copy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const made: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) made[key] = copy(part);
  return made as T;
}
