/** What of all records is news to one who knows some of them already; a record is never changed, only replaced. */

export function newsOf<Row extends { readonly id: string }>(
  all: readonly Row[],
  known: Iterable<string>,
  knownAs: (row: Row) => Row | undefined,
): { put: Row[]; remove: string[] } {
  const ids = new Set(all.map(({ id }) => id));
  return { put: all.filter((row) => knownAs(row) !== row), remove: [...known].filter((id) => !ids.has(id)) };
}
