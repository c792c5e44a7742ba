// Requests a second as a person gives them.

/** A number from 0 on; throws an error for a person. */
export function readRate(value: unknown): number {
  const perSecond = typeof value === 'boolean' || value === null || value === '' ? Number.NaN : Number(value);
  if (!Number.isFinite(perSecond) || perSecond < 0) throw new Error(`requests a second must be a number from 0 on, not ${String(value)}`);
  return perSecond;
}
