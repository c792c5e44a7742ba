// JSON in pieces of moderate size, so that a large world can be written while a window is served; together they are what JSON.stringify gives.

/** Members of a large list or record that are written at once. */
const GROUP = 64;
/** Smaller ones are looked into down to here. */
const DEPTH_MAX = 6;

export function* jsonPieces(value: unknown, depth = 0): Generator<string> {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) yield JSON.stringify(value) ?? 'null';
  else if (Array.isArray(value)) yield* listPieces(value, depth);
  else yield* recordPieces(value as Record<string, unknown>, depth);
}

function* listPieces(list: readonly unknown[], depth: number): Generator<string> {
  if (list.length > GROUP)
    for (let from = 0; from < list.length; from += GROUP)
      yield `${from === 0 ? '[' : ','}${JSON.stringify(list.slice(from, from + GROUP)).slice(1, -1)}`;
  else {
    if (list.length === 0) yield '[';
    for (const [index, item] of list.entries()) {
      yield index === 0 ? '[' : ',';
      yield* jsonPieces(item, depth + 1);
    }
  }
  yield ']';
}

function* recordPieces(record: Readonly<Record<string, unknown>>, depth: number): Generator<string> {
  const members = Object.entries(record).filter(([, value]) => value !== undefined);
  if (members.length === 0) yield '{';
  else if (members.length > GROUP)
    for (let from = 0; from < members.length; from += GROUP)
      yield `${from === 0 ? '{' : ','}${JSON.stringify(Object.fromEntries(members.slice(from, from + GROUP))).slice(1, -1)}`;
  else
    for (const [index, [key, value]] of members.entries()) {
      yield `${index === 0 ? '{' : ','}${JSON.stringify(key)}:`;
      yield* jsonPieces(value, depth + 1);
    }
  yield '}';
}
