// Reads manifests: YAML of many documents, JSON, lists. Strings in, objects and faults with their place out; nothing is thrown for bad text.
import { type Document, isCollection, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import type { ParseFault } from '../contract/bridge.ts';
import type { JsonObject, JsonValue } from '../engine/meta/object.ts';
import { kubectlTags } from './yaml-scalars.ts';

export interface ManifestDocument {
  readonly object: JsonObject;
  readonly file: string;
  /** Where the document begins. */
  readonly line: number;
}

export interface Manifest {
  readonly documents: readonly ManifestDocument[];
  readonly faults: readonly ParseFault[];
}

/** Real ones have a few hundred thousand; the window stands still while this much is read. */
export const MANIFEST_CHARACTERS_MAX = 6 * 1024 * 1024;
export const MANIFEST_DOCUMENTS_MAX = 10_000;
const FAULTS_MAX = 20;
/** How often a file may repeat what it has anchored; real ones do a few times, an alias bomb billions. */
const ALIASES_MAX = 1000;
const BRACKETS_MAX = 10_000;
const TOO_DEEP = 'expected YAML or JSON: it is nested too deeply';

/** Everything in the text, or every fault found in it. */
export function parseManifest(file: string, text: string): Manifest {
  if (text.length > MANIFEST_CHARACTERS_MAX)
    return refused(file, `the file has ${text.length} characters; at most ${MANIFEST_CHARACTERS_MAX} are read: split it`);
  if (openBrackets(text) > BRACKETS_MAX) return refused(file, TOO_DEEP);
  const lines = new LineCounter();
  let parsed: readonly Document[];
  try {
    parsed = parseAllDocuments(text, {
      customTags: kubectlTags,
      // A tag that is not kubectl's leaves the value as it is written: nothing but JSON comes out.
      resolveKnownTags: false,
      merge: true,
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
    });
  } catch (error) {
    return refused(file, `expected YAML or JSON: ${reasonOf(error)}`);
  }
  if (parsed.length > MANIFEST_DOCUMENTS_MAX)
    return refused(file, `the file has ${parsed.length} documents; at most ${MANIFEST_DOCUMENTS_MAX} are read: split it`);
  const reader = new Reader(file, lines);
  for (const document of parsed) reader.read(document);
  return { documents: reader.documents, faults: reader.faults.slice(0, FAULTS_MAX) };
}

/** How many more brackets are opened than closed at the worst place; a bound on nesting that needs no parser. */
function openBrackets(text: string): number {
  let open = 0;
  let most = 0;
  for (const [bracket] of text.matchAll(/[[\]{}]/g)) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(open - 1, 0);
    most = Math.max(most, open);
  }
  return most;
}

function refused(file: string, message: string): Manifest {
  return { documents: [], faults: [{ file, line: 1, column: 1, message }] };
}

class Reader {
  readonly documents: ManifestDocument[] = [];
  readonly faults: ParseFault[] = [];
  readonly #file: string;
  readonly #lines: LineCounter;

  constructor(file: string, lines: LineCounter) {
    this.#file = file;
    this.#lines = lines;
  }

  read(document: Document): void {
    const { contents, errors } = document;
    if (errors.some(({ message }) => message.includes('call stack'))) {
      this.#fault(0, TOO_DEEP);
      return;
    }
    for (const { pos, code, message } of errors) this.#fault(pos[0], `${sentence(message)}${hints[code] ?? ''}`);
    if (errors.length > 0 || contents === null || (isScalar(contents) && contents.value === null)) return;
    const start = contents.range?.[0] ?? 0;
    if (!isMap(contents)) {
      this.#fault(start, `expected an object with apiVersion, kind and metadata, found ${isSeq(contents) ? 'a list' : 'a single value'}`);
      return;
    }
    const before = this.faults.length;
    this.#checkNodes(document);
    if (this.faults.length > before) return;
    try {
      const value = document.toJS({ maxAliasCount: ALIASES_MAX }) as JsonObject;
      this.#collect(value, contents, start);
    } catch (error) {
      this.#fault(start, `cannot be read: ${reasonOf(error)}`);
    }
  }

  #checkNodes(document: Document): void {
    const anchors = new Set<string>();
    visit(document, {
      Pair: (_index, pair) => {
        const { key } = pair;
        const at = (isPair(pair) && (key as Node | null)?.range?.[0]) || 0;
        if (isCollection(key)) this.#fault(at, 'expected a key, found a mapping or a list: is this a template that was not rendered?');
        else if (isScalar(key) && key.value === '__proto__') this.#fault(at, 'the key __proto__ is not allowed');
      },
      Value: (_index, { anchor }) => void (anchor !== undefined && anchors.add(anchor)),
      Alias: (_index, { source, range }, path) => {
        if (!anchors.has(source)) this.#fault(range?.[0] ?? 0, `*${source} stands for nothing; expected an anchor &${source} before it`);
        else if (path.some((node) => isCollection(node) && node.anchor === source))
          this.#fault(range?.[0] ?? 0, `*${source} stands inside of what &${source} names, so that it would never end`);
      },
    });
  }

  #collect(object: JsonObject, node: Node, start: number): void {
    if (!isList(object)) {
      this.#add(object, start);
      return;
    }
    const nodes = isMap(node) ? node.get('items', true) : undefined;
    const { kind, apiVersion } = object as { kind: string; apiVersion: string };
    // A typed list names the kind of its items once. upstream: apimachinery pkg/runtime/unstructured decodeToList
    const implied = kind === 'List' ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
    for (const [index, item] of ((object['items'] ?? []) as readonly JsonValue[]).entries()) {
      const itemNode = isSeq(nodes) ? (nodes.items[index] as Node | null) : undefined;
      const at = itemNode?.range?.[0] ?? start;
      if (!isObject(item)) this.#fault(at, `expected items[${index}] to be an object with apiVersion, kind and metadata`);
      else this.#add({ ...implied, ...item }, at);
    }
  }

  #add(object: JsonObject, start: number): void {
    const missing = missingParts(object);
    if (missing === undefined) this.documents.push({ object, file: this.#file, line: this.#lines.linePos(start).line });
    else this.#fault(start, missing);
  }

  #fault(offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.faults.push({ file: this.#file, line: Math.max(line, 1), column: Math.max(col, 1), message });
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A List without items is an empty one. upstream: unstructured.Unstructured IsList */
function isList({ kind, items }: JsonObject): boolean {
  return kind === 'List' ? Array.isArray(items ?? []) : typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items);
}

function missingParts(object: JsonObject): string | undefined {
  const { apiVersion, kind, metadata } = object as Record<string, JsonValue>;
  const isText = (value: JsonValue | undefined) => typeof value === 'string' && value !== '';
  if (!isText(apiVersion)) return 'expected apiVersion, such as "v1" or "apps/v1"';
  if (!isText(kind)) return 'expected kind, such as "Pod" or "Deployment"';
  if (!isObject(metadata)) return `expected metadata with a name in this ${String(kind)}`;
  const { name, generateName, namespace } = metadata as Record<string, JsonValue>;
  if (!isText(name) && !isText(generateName)) return `expected metadata.name or metadata.generateName to be a text in this ${String(kind)}`;
  if (namespace !== undefined && namespace !== null && typeof namespace !== 'string')
    return `expected metadata.namespace of ${String(kind)} ${String(name ?? generateName)} to be a text`;
  return undefined;
}

/** What was expected, for faults whose message tells only what was found. */
const hints: Readonly<Record<string, string>> = {
  BAD_INDENT: '; expected lines of one block to begin at the same column',
  BLOCK_AS_IMPLICIT_KEY: '; expected "key: value" on one line, or the value indented below its key',
  DUPLICATE_KEY: '; expected each key once',
  MISSING_CHAR: '; expected the quote or bracket to be closed',
  MULTILINE_IMPLICIT_KEY: '; expected "key: value" on one line',
  TAB_AS_INDENT: '; expected spaces, not tabs',
  UNEXPECTED_TOKEN: '; expected "key: value" or "- item"',
};

function sentence(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function reasonOf(error: unknown): string {
  // The recursion of the parser ends here: a document this deep is no manifest.
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (error instanceof ReferenceError) return 'its aliases repeat too much; write the repeated parts out';
  return error instanceof Error ? error.message : String(error);
}
