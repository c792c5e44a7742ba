/**
 * Cuts YAML as the API server's objects are written into pieces with a colour each.
 * It only tells keys, text, numbers and the like apart; a real editor comes later.
 */
export type PieceKind = 'plain' | 'key' | 'text' | 'number' | 'word' | 'comment';

export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
}

export function yamlLines(text: string): readonly (readonly Piece[])[] {
  return text.replace(/\n$/, '').split('\n').map(piecesOf);
}

function piecesOf(line: string): Piece[] {
  const found = /^(\s*(?:- )*)((?:"[^"]*"|'[^']*'|[^\s#:'"][^#:]*?)(?=:(?:\s|$)))?(:\s*)?(.*)$/.exec(line);
  if (!found) return [{ kind: 'plain', text: line }];
  const [, lead = '', key = '', colon = '', rest = ''] = found;
  const pieces: Piece[] = [];
  if (lead) pieces.push({ kind: 'plain', text: lead });
  if (key) pieces.push({ kind: 'key', text: key });
  if (colon) pieces.push({ kind: 'plain', text: colon });
  if (rest) pieces.push({ kind: kindOf(rest), text: rest });
  return pieces;
}

function kindOf(value: string): PieceKind {
  if (value.startsWith('#')) return 'comment';
  if (/^-?\d+(\.\d+)?$/.test(value)) return 'number';
  if (/^(true|false|null|\{\}|\[\]|[|>][+-]?)$/.test(value)) return 'word';
  return 'text';
}
