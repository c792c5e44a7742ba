// Assertions that are always on: a broken one stops the world, because a simulator that goes on after a wrong step teaches wrong things.

/** A programmer's error. The host reports it with seed, revision and command log, which replay it. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** For where an assertion runs so often that making its message is felt: `if (!condition) fail(message)`. */
export function fail(message: string): never {
  throw new AssertionError(message);
}

/** The value, which must be there. */
export function defined<T>(value: T | undefined | null, what: string): T {
  if (value === undefined || value === null) throw new AssertionError(`missing: ${what}`);
  return value;
}
