/**
 * Where a line of YAML stands in its object, read from indentation alone.
 * While a person types, the text is no YAML half of the time, and a parser would have nothing to say.
 */

/** A line that has a key: the column where the key begins, behind the dashes of a list. */
interface KeyLine {
  readonly column: number;
  readonly key: string;
  readonly rest: string;
}

/** `["spec", "containers"]` for a key of a container: what stands around column `column` of line `row`. */
export function pathAround(lines: readonly string[], row: number, column: number): readonly string[] {
  const path: string[] = [];
  let inside = column;
  for (let at = row - 1; at >= 0 && inside > 0; at -= 1) {
    const line = keyLine(lines[at] ?? '');
    if (line === null || line.column >= inside) continue;
    path.unshift(line.key);
    inside = line.column;
  }
  return path;
}

/** The key of a line with what stands around it; null when the line has none. */
export function pathOf(lines: readonly string[], row: number): readonly string[] | null {
  const line = keyLine(lines[row] ?? '');
  return line === null ? null : [...pathAround(lines, row, line.column), line.key];
}

export function keyLine(text: string): KeyLine | null {
  const [, lead = '', quoted, plain, rest = ''] = /^(\s*(?:- +)*)(?:"([^"]*)"|([^\s#'"[{-][^#:]*|[^\s#:]+)):(?: +(.*))?$/.exec(text) ?? [];
  const key = quoted ?? plain;
  return key === undefined ? null : { column: lead.length, key: key.trim(), rest };
}

/** First and last line of what components write: nobody can edit it. From 0, the last one included. */
export function lockedLines(lines: readonly string[], hasStatus: boolean): readonly (readonly [first: number, last: number])[] {
  const locked: (readonly [number, number])[] = [];
  for (let row = 0; row < lines.length; row += 1) {
    const path = pathOf(lines, row);
    if (path === null) continue;
    const isStatus = hasStatus && path.length === 1 && path[0] === 'status';
    const isServers = path.length === 2 && path[0] === 'metadata' && SERVERS_OWN.has(path[1] ?? '');
    if (isStatus || isServers) locked.push([row, lastInside(lines, row)]);
  }
  return locked;
}

/** upstream: apiserver pkg/registry/rest/meta.go FillObjectMetaSystemFields */
const SERVERS_OWN: ReadonlySet<string> = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
]);

function lastInside(lines: readonly string[], row: number): number {
  const column = keyLine(lines[row] ?? '')?.column ?? 0;
  let last = row;
  for (let at = row + 1; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    if (text.trim() === '') continue;
    if (text.search(/\S/) <= column) break;
    last = at;
  }
  return last;
}
