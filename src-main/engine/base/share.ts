// Structural sharing: a value that was computed anew takes over the parts that have not changed, so that versions of an object
// cost the memory of their differences and compare at once.

/** The same JSON as `next`; it, or parts of it, are those of `previous` where they are alike. */
export function share<T>(next: T, previous: unknown): T {
  if (next === previous || typeof next !== 'object' || next === null || typeof previous !== 'object' || previous === null) return next;
  return Array.isArray(next) ? (shareItems(next, previous) as T) : shareMembers(next as Members, previous as Members);
}

type Members = Readonly<Record<string, unknown>>;

function shareItems(next: readonly unknown[], previous: unknown): unknown {
  if (!Array.isArray(previous)) return next;
  let same = next.length === previous.length;
  const shared = next.map((item, index) => {
    const part = share(item, previous[index]);
    same &&= part === previous[index];
    return part;
  });
  return same ? previous : shared;
}

function shareMembers<T>(next: Members, previous: Members): T {
  if (Array.isArray(previous)) return next as T;
  let same = true;
  let changed: Record<string, unknown> | null = null;
  for (const key in next) {
    const part = share(next[key], previous[key]);
    if (part !== previous[key] || !Object.hasOwn(previous, key)) same = false;
    if (part === next[key]) continue;
    changed ??= { ...next };
    changed[key] = part;
  }
  if (same) for (const key in previous) if (!Object.hasOwn(next, key)) same = false;
  return (same ? previous : (changed ?? next)) as T;
}
