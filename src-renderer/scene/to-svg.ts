/**
 * Writes a picture as SVG text, with the colours of a palette.
 * Goldens are made of it, and they double as the gallery of everything that can be drawn.
 */
import type { Palette } from '../ui/tokens.ts';
import { glyphMarks } from './glyphs.ts';
import { END_LETTERS, GLYPH_BOX, type Look, type Mark, type Picture } from './mark.ts';

export function toSvg({ bounds, marks }: Picture, palette: Palette): string {
  const { x, y, width, height } = bounds;
  const box = `viewBox="${round(x)} ${round(y)} ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}"`;
  const body = marks.map((mark) => `  ${svgMark(mark, palette)}`).join('\n');
  const ground = `  <rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" fill="${palette.ground}"/>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${box} font-family="Inter, sans-serif">\n${ground}\n${body}\n</svg>\n`;
}

function svgMark(mark: Mark, palette: Palette): string {
  switch (mark.kind) {
    case 'rect': {
      const radius = mark.radius === undefined ? '' : ` rx="${mark.radius}"`;
      return `<rect x="${round(mark.x)}" y="${round(mark.y)}" width="${round(mark.width)}" height="${round(mark.height)}"${radius}${look(mark, palette)}/>`;
    }
    case 'path': {
      const place = mark.x === 0 && mark.y === 0 ? '' : ` transform="translate(${round(mark.x)} ${round(mark.y)})"`;
      return `<path d="${mark.d}"${place}${look(mark, palette)}/>`;
    }
    case 'text': {
      const anchor = mark.anchor && mark.anchor !== 'start' ? ` text-anchor="${mark.anchor}"` : '';
      const weight = mark.bold ? ' font-weight="600"' : '';
      const text = mark.widthMax === undefined ? mark.text : shorten(mark.text, mark.widthMax, mark.size, mark.keepsEnd === true);
      return `<text x="${round(mark.x)}" y="${round(mark.y)}" font-size="${mark.size}"${weight}${anchor} fill="${palette[mark.fill]}"${alpha(mark.alpha)}>${escapeText(text)}</text>`;
    }
    case 'glyph': {
      const scale = mark.size / GLYPH_BOX;
      const inner = glyphMarks(mark.glyph)
        .map((part) => svgMark(part, palette))
        .join('');
      return `<g transform="translate(${round(mark.x)} ${round(mark.y)}) scale(${round(scale)})" data-glyph="${mark.glyph}"${alpha(mark.alpha)}>${inner}</g>`;
    }
  }
}

function look(mark: Look, palette: Palette): string {
  const fill = mark.fill ? palette[mark.fill] : 'none';
  const stroke = mark.stroke
    ? ` stroke="${palette[mark.stroke]}" stroke-width="${mark.line ?? 1}" stroke-linecap="${mark.dash ? 'butt' : 'round'}" stroke-linejoin="round"`
    : '';
  const dash = mark.dash ? ` stroke-dasharray="${mark.dash.join(' ')}"` : '';
  return ` fill="${fill}"${stroke}${dash}${alpha(mark.alpha)}`;
}

function alpha(value: number | undefined): string {
  return value === undefined || value === 1 ? '' : ` opacity="${round(value)}"`;
}

/** Without a font at hand a letter is taken to be as wide as 0.56 of its size. */
function shorten(text: string, widthMax: number, size: number, keepsEnd: boolean): string {
  const lettersMax = Math.floor(widthMax / (size * 0.56));
  if (text.length <= lettersMax) return text;
  const end = keepsEnd ? text.slice(-END_LETTERS) : '';
  return `${text.slice(0, Math.max(1, lettersMax - 1 - end.length))}…${end}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
