/** Records by name, which may be `constructor`: what every object inherits is not to be found in this one. Changes it, and gives it back. */
export function bare<T extends object>(record: T): T {
  return Object.setPrototypeOf(record, null) as T;
}
