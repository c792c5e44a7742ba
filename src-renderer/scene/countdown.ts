/**
 * An arc around something that will change by itself, and how the time left is written.
 * The arc shrinks with virtual time: its length, not its colour, is the answer to "when".
 */
import type { CountdownRecord } from '../../src-main/contract/view.ts';
import type { Ink } from '../ui/tokens.ts';
import type { Mark, Rect } from './mark.ts';
import { traceBox } from './trace.ts';

const INKS: Readonly<Record<string, Ink>> = {
  'node-monitor-grace': 'lost',
  toleration: 'bad',
  'termination-grace': 'ending',
  'crash-back-off': 'bad',
  'image-back-off': 'bad',
  'image-pull': 'progress',
  'startup-probe': 'progress',
  'node-start': 'progress',
  'force-detach': 'released',
};

type Span = Pick<CountdownRecord, 'fromMs' | 'dueMs'>;

/** The part of the time that is left: 1 at the start, 0 when it is due. */
export function partLeft({ fromMs, dueMs }: Span, nowMs: number): number {
  return dueMs <= fromMs ? 0 : Math.min(1, Math.max(0, (dueMs - nowMs) / (dueMs - fromMs)));
}

/** `0:32`, `5:00`, `1:02:03`: rounded up, so that it reads 0:00 only when it is over. */
export function timeLeft(dueMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((dueMs - nowMs) / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** What is wider is a card, else a pod. */
export const CARD_MIN = 60;

/** How far from the edge an arc lies, and how thick it is. */
export function arcOf(box: Rect, ring: number): { readonly gap: number; readonly line: number } {
  if (box.width > CARD_MIN) return { gap: 3.5 + ring * 4, line: 2.6 };
  return { gap: box.width * 0.04 + ring * 3, line: Math.max(1.2, box.width * 0.12) };
}

/** `ring` counts the arcs that are already around the thing. */
export function countdownMarks(countdown: Span & Pick<CountdownRecord, 'name'>, box: Rect, nowMs: number, ring: number): Mark[] {
  const { gap, line } = arcOf(box, ring);
  const outer: Rect = { x: box.x - gap, y: box.y - gap, width: box.width + 2 * gap, height: box.height + 2 * gap };
  const radius = box.width > CARD_MIN ? 9 + gap : box.width * 0.26 + gap;
  const stroke = INKS[countdown.name] ?? 'soft';
  return [
    { kind: 'path', x: 0, y: 0, d: traceBox(outer, radius, 1), stroke: 'line', line: line * 0.6 },
    { kind: 'path', x: 0, y: 0, d: traceBox(outer, radius, partLeft(countdown, nowMs)), stroke, line },
  ];
}

/**
 * The words on the lower edge of a card, as large on the screen as they must be to be read: where they have no room, the first of the
 * texts that has, and none where even a clock does not fit. `pixels`: for one unit of the picture. The width of a text is estimated.
 */
export function countdownLabel(texts: readonly string[], box: Rect, pixels = 1): Mark[] {
  const unit = Math.max(1, 1 / pixels);
  const text = texts.find((one) => widthOf(one) * unit <= Math.max(box.width * 1.04, widthOf(one)));
  if (text === undefined) return [];
  const width = widthOf(text) * unit;
  const x = box.x + (box.width - width) / 2;
  const y = box.y + box.height - 4 * unit;
  const words = { kind: 'text', x: x + width / 2, y: y + 11.7 * unit, size: 10.5 * unit, bold: true, anchor: 'middle' } as const;
  return [
    { kind: 'rect', x, y, width, height: 16 * unit, radius: 8 * unit, fill: 'text' },
    { ...words, text, fill: 'ground', widthMax: width - 6 * unit },
  ];
}

function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x1100 ? 10.4 : 5.9), 14);
}
