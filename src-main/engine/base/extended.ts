// Changes properties of a value without changing the value, cheaply.

/**
 * `{ ...object, ...more }` for `more` with properties that `object` may lack.
 * V8 gives every object that is spread and then grows a hidden class of its own: 300 bytes and 3 µs, which ten thousand pods feel.
 */
export function extended<A extends object, B extends object>(object: A, more: B): Omit<A, keyof B> & B {
  return Object.assign({}, object, more);
}

/**
 * A shallow copy whose properties its maker then sets. Where every write passes: `{ ...object, name: value }` takes V8 2 µs when the object
 * has a property of that name already, and `extended` half of one; this takes a third.
 */
export function copied<T extends object>(object: T): { -readonly [Name in keyof T]: T[Name] } {
  return Object.assign({}, object);
}
