// A text of YAML as Go's decoder takes it: a key that comes again counts, as the last one of its name, and is told of by its line.
// upstream: sigs.k8s.io/yaml YAMLToJSON and YAMLToJSONStrict over go-yaml v2 decode.go setMapIndex
import { isMap, isScalar, isSeq, LineCounter, type Node, type ParsedNode, parseDocument } from 'yaml';
import type { JsonValue } from '../../engine/meta/object.ts';

export interface YamlText {
  readonly value: JsonValue;
  /** `line 3: key "a" already set in map`, one for each. */
  readonly duplicates: readonly string[];
}

/** Throws Error for a text that is no YAML. */
export function yamlText(text: string): YamlText {
  const lines = new LineCounter();
  const document = parseDocument(text, { uniqueKeys: false, lineCounter: lines, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`yaml: line ${lines.linePos(error.pos[0]).line}: ${plain(error.message)}`);
  const value = document.toJS({ maxAliasCount: 100 }) as JsonValue;
  const duplicates: string[] = [];
  tellDuplicates(document.contents, lines, duplicates);
  return { value, duplicates };
}

function tellDuplicates(node: Node | ParsedNode | null | undefined, lines: LineCounter, told: string[]): void {
  if (isSeq(node)) for (const item of node.items) tellDuplicates(item as Node, lines, told);
  if (!isMap(node)) return;
  const seen = new Set<unknown>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? key.value : key;
    const at = (value as Node | null)?.range?.[0] ?? (key as Node | null)?.range?.[0] ?? 0;
    tellDuplicates(value as Node | null, lines, told);
    if (seen.has(name)) told.push(`line ${lines.linePos(at).line}: key ${JSON.stringify(name)} already set in map`);
    seen.add(name);
  }
}

/** Without the place, which is told before, and the picture of the text. */
function plain(message: string): string {
  return (message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, '');
}
