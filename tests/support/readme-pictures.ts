// The pictures of the README and what they show in words: a file of words stands beside each picture, so that a picture of another lab is found out.
// Words, not pixels, are compared: letters are drawn differently from machine to machine.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PICTURES = fileURLToPath(new URL('../../assets/pictures', import.meta.url));
/** How to take them anew. */
export const HOW = 'npm run pictures';

const ROWS_MAX = 6;
const LINE_MAX = 140;

export interface Picture {
  /** Without its ending. */
  readonly name: string;
  readonly png: Buffer;
  readonly words: string;
}

/** The first line of a file of words names the very picture that it is about. */
function title({ name, png }: Omit<Picture, 'words'>): string {
  return `${name}.png, ${sizeOf(png)}, sha256 ${createHash('sha256').update(png).digest('hex')}`;
}

/** In pixels, as the picture's head says. */
export function sizeOf(png: Buffer): string {
  if (png.toString('latin1', 1, 4) !== 'PNG') throw new Error('not a PNG');
  return `${png.readUInt32BE(16)} x ${png.readUInt32BE(20)}`;
}

/** What is said aloud and shown nowhere. */
const SAID = /^- status.*\n/gm;
/** Of an inspected object: what lies below the edge of the window. */
const BELOW = /^ *- heading "Conditions"[\s\S]*?(?=^ *- region "Events")/m;

/** What a picture has room for: the first rows of each list, the beginning of each line. */
export function inSight(page: string): string {
  return firstRows(page.replace(SAID, '').replace(BELOW, ''));
}

function firstRows(page: string): string {
  const kept: string[] = [];
  let counts: number[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const line of page.split('\n')) {
    const depth = line.search(/\S/);
    if (depth > hiddenBelow) continue;
    hiddenBelow = Number.POSITIVE_INFINITY;
    counts = counts.slice(0, depth + 1);
    if (/^\s*- '?(listitem|option)\b/.test(line)) counts[depth] = (counts[depth] ?? 0) + 1;
    if ((counts[depth] ?? 0) > ROWS_MAX) hiddenBelow = depth;
    else kept.push(line.slice(0, LINE_MAX).trimEnd());
  }
  return kept.join('\n');
}

export function keepPicture(picture: Picture): void {
  writeFileSync(join(PICTURES, `${picture.name}.png`), picture.png);
  writeFileSync(join(PICTURES, `${picture.name}.txt`), `${title(picture)}\n\n${picture.words}\n`);
}

export function keptPicture(name: string): Picture & { readonly isOfWords: boolean } {
  const png = readFileSync(join(PICTURES, `${name}.png`));
  const [first, , ...words] = readFileSync(join(PICTURES, `${name}.txt`), 'utf8')
    .trimEnd()
    .split('\n');
  return { name, png, words: words.join('\n'), isOfWords: first === title({ name, png }) };
}
