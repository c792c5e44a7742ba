// The form of a conformance case file and how one is read: data from Kubernetes' own test tables is checked before anything runs on it.

export interface ConformanceCase {
  readonly id: string;
  readonly given: unknown;
  readonly expect: unknown;
}

export interface ConformanceFile {
  readonly suite: string;
  /** Where the table comes from, and how to read its cases. */
  readonly source?: string;
  readonly about?: string;
  readonly cases: readonly ConformanceCase[];
}

/** The file's content, or what is wrong with it. */
export function readCaseFile(text: string): ConformanceFile | { readonly error: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return { error: `it is not JSON (${error instanceof Error ? error.message : String(error)})` };
  }
  if (!isRecord(content)) return { error: 'it is not a case file: expected an object with "suite" and "cases"' };
  const { suite, cases } = content;
  if (typeof suite !== 'string' || suite === '') return { error: 'it is not a case file: "suite" must be the name of the suite' };
  if (!Array.isArray(cases)) return { error: 'it is not a case file: "cases" must be a list' };
  const ids = new Set<string>();
  for (const [index, entry] of cases.entries()) {
    if (!isRecord(entry) || typeof entry['id'] !== 'string' || !('given' in entry) || !('expect' in entry)) {
      return { error: `it is not a case file: cases[${index}] must have "id", "given" and "expect"` };
    }
    if (ids.has(entry['id'])) return { error: `two cases have the id ${JSON.stringify(entry['id'])}` };
    ids.add(entry['id']);
  }
  return content as unknown as ConformanceFile;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
