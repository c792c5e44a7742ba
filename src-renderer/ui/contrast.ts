/**
 * How well two colours can be told apart, as WCAG 2.2 measures it.
 * The gallery writes it beside each colour, and a test holds all of them to the limits.
 */
import type { Ink } from './tokens.ts';

/** What words must have against what is behind them (1.4.3), and signs and edges that tell something (1.4.11). */
export const WORDS_MIN = 4.5;
export const SIGNS_MIN = 3;

export const GROUNDS: readonly Ink[] = ['ground', 'surface', 'raised', 'hover'];
export const WORD_INKS: readonly Ink[] = ['text', 'soft', 'faint'];
/** Colours of states, in which signs are drawn on any ground. */
export const STATE_INKS: readonly Ink[] = [
  'good',
  'waiting',
  'progress',
  'bad',
  'dead',
  'done',
  'ending',
  'lost',
  'released',
  'memory',
  'disk',
  'pid',
];

/** Between 1 and 21. Colours are written as `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].toSorted((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const part = (from: number): number => {
    const value = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5);
}
