// The order of texts by code unit, the same on every machine; a missing one counts as empty.

export function compareText(a: string | undefined, b: string | undefined): number {
  const [left, right] = [a ?? '', b ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}
