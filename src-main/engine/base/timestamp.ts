// Virtual Unix milliseconds to and from API timestamps with integers alone: the engine has no Date, whose answers depend on the machine.

import { civilFromDays, daysFromCivil } from './civil-date.ts';
import { flat } from './flat.ts';

const DAY_MS = 86_400_000;

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

function seconds(unixMs: number): string {
  const days = Math.floor(unixMs / DAY_MS);
  const [year, month, day] = civilFromDays(days);
  const second = Math.floor((unixMs - days * DAY_MS) / 1000);
  const time = `${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)}`;
  return [String(year).padStart(4, '0'), '-', two(month), '-', two(day), 'T', time].join('');
}

// Most of what is formatted is the present, over and over: objects then share one text.
let lastSecond = Number.NaN;
let lastText = '';

/** `2025-06-01T08:00:00Z`: metav1.Time. */
export function formatTimestamp(unixMs: number): string {
  const second = Math.floor(unixMs / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = flat(`${seconds(unixMs)}Z`);
  }
  return lastText;
}

/** `2025-06-01T08:00:00.123000Z`: metav1.MicroTime. */
export function formatMicroTimestamp(unixMs: number): string {
  const milliseconds = ((unixMs % 1000) + 1000) % 1000;
  return `${seconds(unixMs)}.${String(milliseconds).padStart(3, '0')}000Z`;
}

const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
}

// The same few texts are read over and over: pods of a rollout share their seconds.
const READ_MAX = 4_096;
const READ_LENGTH_MAX = 40;
const read = new Map<string, number | null>();

/** Unix milliseconds of an RFC 3339 text, or null when it is none. As Go reads it: every field within its range, no leap second. */
export function parseTimestamp(text: string): number | null {
  let unixMs = read.get(text);
  if (unixMs === undefined) {
    unixMs = readTimestamp(text);
    if (read.size >= READ_MAX) read.clear();
    if (text.length <= READ_LENGTH_MAX) read.set(text, unixMs);
  }
  return unixMs;
}

function readTimestamp(text: string): number | null {
  const match = RFC3339.exec(text);
  if (match === null) return null;
  const number = (index: number): number => Number(match[index] ?? '0');
  const [year, month, day] = [number(1), number(2), number(3)];
  const [hour, minute, second, offsetHour, offsetMinute] = [number(4), number(5), number(6), number(9), number(10)];
  if (day < 1 || day > daysInMonth(year, month)) return null;
  if (hour > 23 || minute > 59 || second > 59 || offsetHour > 23 || offsetMinute > 59) return null;
  const offset = (offsetHour * 60 + offsetMinute) * (match[8] === '-' ? -1 : 1);
  const fraction = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  return daysFromCivil(year, month, day) * DAY_MS + (hour * 60 + minute - offset) * 60_000 + second * 1000 + fraction;
}
