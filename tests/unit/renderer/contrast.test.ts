// WCAG 2.2 AA for every colour of both themes against everything it is drawn on.
import { expect, test } from 'vitest';
import { FADED } from '../../../src-renderer/scene/node-card.ts';
import { contrast, GROUNDS, SIGNS_MIN, STATE_INKS, WORD_INKS, WORDS_MIN } from '../../../src-renderer/ui/contrast.ts';
import { type Ink, PALETTES, type ThemeName } from '../../../src-renderer/ui/tokens.ts';

const pairs = (inks: readonly Ink[], grounds: readonly Ink[]): readonly (readonly [Ink, Ink])[] =>
  inks.flatMap((ink) => grounds.map((ground) => [ink, ground] as const));

const WORDS: readonly (readonly [Ink, Ink])[] = [
  ...pairs(WORD_INKS, GROUNDS),
  // Buttons and lit states: words in the colour of the ground on the colour of words.
  ['ground', 'text'],
  ['ground', 'soft'],
  ['onBrand', 'brand'],
];
const SIGNS: readonly (readonly [Ink, Ink])[] = [
  ...pairs(STATE_INKS, ['ground', 'surface', 'raised']),
  ...pairs(['brand'], ['ground', 'surface', 'raised']),
  ...pairs(['onState'], ['good', 'bad', 'done', 'released', 'waiting', 'progress']),
  ['onBrand', 'dead'],
];

function check(theme: ThemeName, all: readonly (readonly [Ink, Ink])[], min: number): void {
  const palette = PALETTES[theme];
  const weak = all
    .filter(([ink, ground]) => contrast(palette[ink], palette[ground]) < min)
    .map(([ink, ground]) => `${ink} on ${ground}: ${contrast(palette[ink], palette[ground]).toFixed(2)}`);
  expect(weak).toEqual([]);
}

test.each(['dark', 'light'] as const)('%s: words can be read', (theme) => check(theme, WORDS, WORDS_MIN));
test.each(['dark', 'light'] as const)('%s: signs can be told from what is behind them', (theme) => check(theme, SIGNS, SIGNS_MIN));

test.each(['dark', 'light'] as const)('%s: a name that fades can still be found, and stands well behind one that does not', (theme) => {
  const { soft, raised } = PALETTES[theme];
  const part = (colour: string, at: number): number => Number.parseInt(colour.slice(at, at + 2), 16);
  const hex = (at: number): string =>
    Math.round(part(soft, at) * FADED + part(raised, at) * (1 - FADED))
      .toString(16)
      .padStart(2, '0');
  const faded = contrast(`#${[1, 3, 5].map(hex).join('')}`, raised);
  expect(faded).toBeGreaterThan(1.6);
  expect(contrast(soft, raised)).toBeGreaterThan(3 * faded);
});

test('the measure is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
});

test('every ink of the palette is accounted for', () => {
  // Lines that part, edges beside words and the shade behind dialogs tell nothing by themselves.
  const decoration: readonly Ink[] = ['line', 'edge', 'shade'];
  const known = new Set<Ink>([...WORDS, ...SIGNS].flat().concat(decoration));
  expect((Object.keys(PALETTES.dark) as Ink[]).filter((ink) => !known.has(ink))).toEqual([]);
});
