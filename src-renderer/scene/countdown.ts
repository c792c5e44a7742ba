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

/** The part of the time that is left: 1 at the start, 0 when it is due. */
export function partLeft({ fromMs, dueMs }: CountdownRecord, nowMs: number): number {
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

/** `ring` counts the arcs that are already around the thing. */
export function countdownMarks(countdown: CountdownRecord, box: Rect, nowMs: number, ring: number): Mark[] {
  const large = box.width > 60;
  const gap = (large ? 3.5 : box.width * 0.04) + ring * (large ? 4 : 3);
  const outer: Rect = { x: box.x - gap, y: box.y - gap, width: box.width + 2 * gap, height: box.height + 2 * gap };
  const radius = large ? 9 + gap : box.width * 0.26 + gap;
  const line = large ? 2.6 : Math.max(1.2, box.width * 0.12);
  const stroke = INKS[countdown.name] ?? 'soft';
  return [
    { kind: 'path', x: 0, y: 0, d: traceBox(outer, radius, 1), stroke: 'line', line: line * 0.6 },
    { kind: 'path', x: 0, y: 0, d: traceBox(outer, radius, partLeft(countdown, nowMs)), stroke, line },
  ];
}

/** The words on the lower edge of a card; the width of the text is estimated. */
export function countdownLabel(text: string, box: Rect): Mark[] {
  const width = [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x1100 ? 10.4 : 5.6), 14);
  const x = box.x + (box.width - width) / 2;
  const y = box.y + box.height - 4;
  return [
    { kind: 'rect', x, y, width, height: 16, radius: 8, fill: 'text' },
    { kind: 'text', x: x + width / 2, y: y + 11.7, text, size: 10.5, bold: true, anchor: 'middle', fill: 'ground', widthMax: width - 6 },
  ];
}
