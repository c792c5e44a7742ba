/**
 * What may stand at a place of an object's YAML, by the fields of its kind.
 * Offers and hints only: what is right is for the API server to say.
 */
import type { FieldTable } from '../../../src-main/contract/yaml.ts';
import { pathAround, pathOf } from './yaml-path.ts';

export interface Offer {
  readonly label: string;
  /** Its type. */
  readonly detail: string;
  /** What is written when it is taken. */
  readonly text: string;
}

export interface Offers {
  /** Column where the word that is being typed begins. */
  readonly from: number;
  readonly offers: readonly Offer[];
}

export function offersAt(table: FieldTable, lines: readonly string[], row: number, column: number): Offers | null {
  const before = (lines[row] ?? '').slice(0, column);
  const [, keyLead, keyWord] = /^(\s*(?:- +)*)([\w./-]*)$/.exec(before) ?? [];
  if (keyLead !== undefined && keyWord !== undefined) {
    const path = pathAround(lines, row, keyLead.length);
    const place = placeOf(table, path);
    if (place === null) return null;
    const fields = table.types[bareType(place.type)];
    const offers = fields === undefined ? valuesOf(table, place) : fieldOffers(fields, keyLead.length, table);
    return { from: keyLead.length, offers };
  }
  const [, lead, key, word] = /^(\s*(?:- +)*)([\w./-]+): +(\S*)$/.exec(before) ?? [];
  if (lead === undefined || key === undefined || word === undefined) return null;
  const place = placeOf(table, [...pathAround(lines, row, lead.length), key]);
  return place === null ? null : { from: column - word.length, offers: valuesOf(table, place) };
}

export interface Hint {
  /** `spec.template.spec.containers[].image` */
  readonly path: string;
  readonly type: string;
  readonly values: readonly string[];
}

/** What the key of a line is; null for keys that a person made up, such as labels. */
export function hintOf(table: FieldTable, lines: readonly string[], row: number): Hint | null {
  const path = pathOf(lines, row);
  const place = path === null ? null : placeOf(table, path);
  if (path === null || place === null || place.owner === '') return null;
  let text = '';
  for (let length = 1; length <= path.length; length += 1) {
    const isList = placeOf(table, path.slice(0, length))?.type.startsWith('[]') === true;
    text += `${text === '' ? '' : '.'}${path[length - 1]}${isList && length < path.length ? '[]' : ''}`;
  }
  return { path: text, type: place.type, values: valuesOf(table, place).map(({ label }) => label) };
}

interface PlaceInTable {
  readonly type: string;
  /** The object type whose field it is; '' for a key of a map. */
  readonly owner: string;
  readonly field: string;
}

function placeOf({ root, types }: FieldTable, path: readonly string[]): PlaceInTable | null {
  let place: PlaceInTable = { type: root, owner: '', field: '' };
  for (const key of path) {
    if (place.type.startsWith('{}')) {
      place = { type: place.type.slice(2), owner: '', field: key };
      continue;
    }
    const owner = bareType(place.type);
    const type = types[owner]?.[key];
    if (type === undefined) return null;
    place = { type, owner, field: key };
  }
  return place;
}

/** What one item of a list is. */
function bareType(type: string): string {
  return type.replace(/^(\[\])+/, '');
}

function fieldOffers(fields: Readonly<Record<string, string>>, column: number, { types }: FieldTable): readonly Offer[] {
  const deeper = `\n${' '.repeat(column + 2)}`;
  return Object.entries(fields).map(([label, type]) => {
    if (type.startsWith('[]')) return { label, detail: type, text: `${label}:${deeper}- ` };
    const isBlock = type.startsWith('{}') || types[type] !== undefined;
    return { label, detail: type, text: isBlock ? `${label}:${deeper}` : `${label}: ` };
  });
}

function valuesOf({ values }: FieldTable, { type, owner, field }: PlaceInTable): readonly Offer[] {
  const known = values[`${owner}.${field}`] ?? (type === 'bool' ? ['true', 'false'] : []);
  return known.map((label) => ({ label, detail: type, text: label }));
}
