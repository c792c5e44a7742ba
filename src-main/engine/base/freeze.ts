// Freezes new parts of a value, so that outside production a component that mutates an API object fails on the spot.

/** Freezes deeply, stopping at what is frozen already: parts shared with older versions cost nothing. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value)) freeze(part);
  return value;
}
