// Where a field of an object stands in its YAML, so that what the API server says of it is shown beside it.
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of `spec.containers[0].image`, or of the deepest part of it that is there. */
export function placeOfField(text: string, field: string): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  let node = document.contents as Node | null;
  let offset = 0;
  for (const part of partsOf(field)) {
    const found = childOf(node, part);
    if (found === undefined) break;
    [offset, node] = found;
  }
  const { line, col } = lines.linePos(offset);
  return { line, column: col };
}

/** `metadata.labels[a.b/c]` is `metadata`, `labels`, `a.b/c`. */
function partsOf(field: string): readonly string[] {
  return [...field.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map(([, inside, name]) => inside ?? name ?? '');
}

function childOf(node: Node | null, part: string): readonly [offset: number, child: Node | null] | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
    return pair === undefined ? undefined : [(pair.key as Node).range?.[0] ?? 0, pair.value as Node | null];
  }
  const item = isSeq(node) && /^\d+$/.test(part) ? (node.items[Number(part)] as Node | undefined) : undefined;
  return item === undefined ? undefined : [item.range?.[0] ?? 0, item];
}
