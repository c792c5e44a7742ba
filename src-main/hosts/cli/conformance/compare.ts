// Compares what a suite's code gave with what its table expects; each difference is one readable line.

/** The differences between an outcome and the table's `expect`; none means the case passes. */
export type Comparator = (actual: unknown, expected: unknown) => readonly string[];

/** Everything must be equal. A key that is absent, undefined or null is the same; lists are ordered. */
export const compareWhole: Comparator = (actual, expected) => differences(actual, expected, '', true);

/** Only what `expected` names is looked at, at every depth; lists must have the same length. */
export const compareWherePresent: Comparator = (actual, expected) => differences(actual, expected, '', false);

function differences(actual: unknown, expected: unknown, path: string, whole: boolean): readonly string[] {
  if (isNothing(actual) && isNothing(expected)) return [];
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return [line(path, actual, expected)];
    return expected.flatMap((entry, index) => differences(actual[index], entry, `${path}[${index}]`, whole));
  }
  if (!isRecord(expected)) return Object.is(actual, expected) ? [] : [line(path, actual, expected)];
  if (!isRecord(actual)) return [line(path, actual, expected)];
  const keys = new Set([...Object.keys(expected), ...(whole ? Object.keys(actual) : [])]);
  return [...keys].flatMap((key) => differences(own(actual, key), own(expected, key), path === '' ? key : `${path}.${key}`, whole));
}

function own(record: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function line(path: string, actual: unknown, expected: unknown): string {
  return `${path === '' ? 'outcome' : path}: expected ${shown(expected)}, got ${shown(actual)}`;
}

function shown(value: unknown): string {
  return isNothing(value) ? 'nothing' : JSON.stringify(value, (_key, entry) => (typeof entry === 'bigint' ? `${entry}n` : entry));
}
