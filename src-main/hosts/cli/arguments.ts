// Words of the command line turned into values: durations as Go writes them, whole numbers within bounds.
import { UsageError } from './usage-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const DURATION_MS_MAX = 3_650 * 86_400_000;

/** `90s`, `10m`, `1h30m`, `250ms`; a bare number is seconds. */
export function durationMs(text: string, option: string): number {
  const complain = (): never => {
    throw new UsageError(`${option}: "${text}" is no duration; write it like 90s, 10m or 1h30m`);
  };
  if (/^\d+(\.\d+)?$/.test(text)) return bounded(Number(text) * 1_000, text, option);
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d))+$/.test(text)) return complain();
  let ms = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) ms += Number(amount) * (UNIT_MS[unit] ?? 0);
  return bounded(ms, text, option);
}

export function wholeNumber(text: string, option: string, least: number, most: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most)) throw new UsageError(`${option}: "${text}" must be a whole number from ${least} to ${most}`);
  return value;
}

function bounded(ms: number, text: string, option: string): number {
  if (ms > DURATION_MS_MAX) throw new UsageError(`${option}: "${text}" is longer than ten years`);
  return Math.round(ms);
}
