// A large JSON value as lines of moderate size, each with the place where its part belongs: it is written and read while a window is served.

/** Keys and places in lists that lead from the whole to a part. */
export type Path = readonly (string | number)[];

/** `part` is the value at the path; of a large list or record some members, which follow those of earlier lines. */
export type Line = readonly [path: Path, part: unknown];

/** Values in a line, about: some tens of kilobytes of text. */
const SIZE_MAX = 1000;
/** The first members of a list or record are all looked at, of the others one in so many. */
const MEASURED_ALL = 64;
const MEASURED_EVERY = 16;

/** Records may have members that are undefined: as in JSON.stringify they are left out. */
export function* linesOf(value: unknown, path: Path = []): Generator<Line> {
  if (sizeOf(value, SIZE_MAX) < SIZE_MAX) yield [path, value];
  else if (Array.isArray(value)) yield* listLines(value, path);
  else yield* recordLines(value as Readonly<Record<string, unknown>>, path);
}

function* listLines(list: readonly unknown[], path: Path): Generator<Line> {
  let part: unknown[] = [];
  let size = 0;
  const sizes = new Sizes();
  for (const [index, item] of list.entries()) {
    const itemSize = sizes.of(item);
    if (part.length > 0 && size + itemSize > SIZE_MAX) {
      yield [path, part];
      part = [];
      size = 0;
    }
    if (itemSize < SIZE_MAX) {
      part.push(item);
      size += itemSize;
    } else yield* linesOf(item, [...path, index]);
  }
  if (part.length > 0) yield [path, part];
}

function* recordLines(record: Readonly<Record<string, unknown>>, path: Path): Generator<Line> {
  let part: Record<string, unknown> = {};
  let size = 0;
  const sizes = new Sizes();
  for (const [key, member] of Object.entries(record)) {
    if (member === undefined) continue;
    const memberSize = sizes.of(member);
    if (size > 0 && size + memberSize > SIZE_MAX) {
      yield [path, part];
      part = {};
      size = 0;
    }
    if (memberSize < SIZE_MAX) {
      part[key] = member;
      size += memberSize;
    } else yield* linesOf(member, [...path, key]);
  }
  if (size > 0) yield [path, part];
}

/** How large the members of one list or record are. Of many, which are alike as a rule, one in some is looked at: a line may become longer or shorter by that. */
class Sizes {
  #members = 0;
  #latest = 0;

  of(member: unknown): number {
    this.#members += 1;
    if (this.#members <= MEASURED_ALL || this.#members % MEASURED_EVERY === 0) this.#latest = sizeOf(member, SIZE_MAX);
    return this.#latest;
  }
}

/** How many values it consists of; counting ends at `max`. */
function sizeOf(value: unknown, max: number): number {
  if (typeof value !== 'object' || value === null) return 1;
  let size = 1;
  for (const key in value) {
    size += sizeOf((value as Record<string, unknown>)[key], max - size);
    if (size >= max) break;
  }
  return size;
}

/** Puts lines together again. */
export class LineReader {
  #root: unknown;

  /** Throws RangeError for a line that does not fit to those before it. */
  add(line: unknown): void {
    const [path, part] = Array.isArray(line) && line.length === 2 ? line : [];
    if (!Array.isArray(path)) throw new RangeError('a line has no place');
    if (path.length === 0) {
      this.#root = this.#root === undefined ? part : joined(this.#root, part);
      return;
    }
    this.#root ??= typeof path[0] === 'number' ? [] : {};
    let holder = this.#root;
    for (const [index, key] of path.slice(0, -1).entries()) {
      const next = memberOf(holder, key);
      if (next === undefined) setMember(holder, key, typeof path[index + 1] === 'number' ? [] : {});
      holder = memberOf(holder, key);
    }
    const last = path.at(-1);
    const before = memberOf(holder, last);
    if (before === undefined) setMember(holder, last, part);
    else joined(before, part);
  }

  /** The value that was written. */
  whole(): unknown {
    return this.#root;
  }
}

function memberOf(holder: unknown, key: unknown): unknown {
  if (Array.isArray(holder) && typeof key === 'number') return holder[key];
  if (isRecord(holder) && typeof key === 'string') return Object.hasOwn(holder, key) ? holder[key] : undefined;
  throw new RangeError(`a line belongs at ${JSON.stringify(key)}, where nothing can be`);
}

function setMember(holder: unknown, key: unknown, value: unknown): void {
  if (!Array.isArray(holder)) (holder as Record<string, unknown>)[key as string] = value;
  // A list grows at its end alone: a place far behind it would be a hole of any size.
  else if (key === holder.length) holder.push(value);
  else throw new RangeError(`a line belongs at ${JSON.stringify(key)} of a list of ${holder.length}`);
}

/** Adds the members of `more` to those that are there. */
function joined(before: unknown, more: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(more)) for (const item of more) before.push(item);
  else if (isRecord(before) && isRecord(more)) for (const key of Object.keys(more)) before[key] = more[key];
  else throw new RangeError('a line does not fit to those before it');
  return before;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
