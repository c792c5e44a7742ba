// A cron schedule as the controller's library reads it: five fields, names, ranges, steps, descriptors, each fault in its own words.
// upstream: github.com/robfig/cron/v3 parser.go, spec.go (ParseStandard)
import { goQuote } from './go-quote.ts';
import type { Parsed } from './parsed.ts';
import { type TimeZone, timeZone, utc } from './time-zone.ts';

/** The values a field matches; `star` when it was written as `*` or `?`. */
export interface CronField {
  readonly values: ReadonlySet<number>;
  readonly star: boolean;
}

export interface CalendarSchedule {
  readonly kind: 'calendar';
  readonly zone: TimeZone;
  readonly minute: CronField;
  readonly hour: CronField;
  readonly dayOfMonth: CronField;
  readonly month: CronField;
  readonly dayOfWeek: CronField;
}

export type CronSchedule = CalendarSchedule | { readonly kind: 'every'; readonly seconds: number };

export function parseCronSchedule(text: string): Parsed<CronSchedule> {
  try {
    return { value: parse(text) };
  } catch (fault) {
    if (fault instanceof CronFault) return { error: fault.message };
    throw fault;
  }
}

class CronFault extends Error {}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
  /** The number of the first name. */
  readonly firstName: number;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const bounds = {
  minute: { min: 0, max: 59, names: [], firstName: 0 },
  hour: { min: 0, max: 23, names: [], firstName: 0 },
  dayOfMonth: { min: 1, max: 31, names: [], firstName: 0 },
  month: { min: 1, max: 12, names: MONTHS, firstName: 1 },
  dayOfWeek: { min: 0, max: 6, names: WEEKDAYS, firstName: 0 },
} as const satisfies Record<string, Bounds>;

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

function parse(text: string): CronSchedule {
  if (text === '') throw new CronFault('empty spec string');
  const { zone, rest } = zoneOf(text);
  if (rest.startsWith('@')) return described(rest, zone);
  const fields = rest.split(/\s+/).filter((field) => field !== '');
  if (fields.length !== 5) throw new CronFault(`expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`);
  return calendar(fields, zone);
}

function calendar([minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '']: readonly string[], zone: TimeZone): CronSchedule {
  return {
    kind: 'calendar',
    zone,
    minute: fieldOf(minute, bounds.minute),
    hour: fieldOf(hour, bounds.hour),
    dayOfMonth: fieldOf(dayOfMonth, bounds.dayOfMonth),
    month: fieldOf(month, bounds.month),
    dayOfWeek: fieldOf(dayOfWeek, bounds.dayOfWeek),
  };
}

function zoneOf(text: string): { readonly zone: TimeZone; readonly rest: string } {
  if (!text.startsWith('TZ=') && !text.startsWith('CRON_TZ=')) return { zone: utc, rest: text };
  const space = text.indexOf(' ');
  const name = text.slice(text.indexOf('=') + 1, space < 0 ? undefined : space);
  const { value, error } = timeZone(name);
  if (value === undefined) throw new CronFault(`provided bad location ${name}: ${error}`);
  return { zone: value, rest: space < 0 ? '' : text.slice(space).trim() };
}

function described(text: string, zone: TimeZone): CronSchedule {
  const fields = Object.hasOwn(DESCRIPTORS, text) ? DESCRIPTORS[text] : undefined;
  if (fields !== undefined) return calendar(fields.split(' '), zone);
  if (!text.startsWith('@every ')) throw new CronFault(`unrecognized descriptor: ${text}`);
  const { value, error } = goDurationSeconds(text.slice('@every '.length));
  if (value === undefined) throw new CronFault(`failed to parse duration ${text}: ${error}`);
  return { kind: 'every', seconds: Math.max(1, Math.floor(value)) };
}

function fieldOf(text: string, range: Bounds): CronField {
  const values = new Set<number>();
  let star = false;
  for (const expression of text.split(',').filter((part) => part !== '')) {
    const part = rangeOf(expression, range);
    star ||= part.star;
    for (let value = part.start; value <= part.end; value += part.step) values.add(value);
  }
  return { values, star };
}

interface Part {
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly star: boolean;
}

/** `*`, `5`, `1-5`, `mon-fri/2`, `10/5`. */
function rangeOf(expression: string, range: Bounds): Part {
  const slashes = expression.split('/');
  const limits = (slashes[0] ?? '').split('-');
  const [low = '', high] = limits;
  const isStar = low === '*' || low === '?';
  let start = range.min;
  let end = range.max;
  if (!isStar) {
    start = numberOrName(low, range);
    if (limits.length > 2) throw new CronFault(`too many hyphens: ${expression}`);
    end = high === undefined ? start : numberOrName(high, range);
  }
  if (slashes.length > 2) throw new CronFault(`too many slashes: ${expression}`);
  const step = slashes[1] === undefined ? 1 : numberOf(slashes[1]);
  if (slashes[1] !== undefined && limits.length === 1) end = range.max;
  if (start < range.min) throw new CronFault(`beginning of range (${start}) below minimum (${range.min}): ${expression}`);
  if (end > range.max) throw new CronFault(`end of range (${end}) above maximum (${range.max}): ${expression}`);
  if (start > end) throw new CronFault(`beginning of range (${start}) beyond end of range (${end}): ${expression}`);
  if (step === 0) throw new CronFault(`step of range should be a positive number: ${expression}`);
  return { start, end, step, star: isStar && step === 1 };
}

function numberOrName(text: string, { names, firstName }: Bounds): number {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? numberOf(text) : index + firstName;
}

function numberOf(text: string): number {
  if (!/^[-+]?\d+$/.test(text))
    throw new CronFault(`failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`);
  const number = Number(text);
  if (number < 0) throw new CronFault(`negative number (${number}) not allowed: ${text}`);
  return number;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, μs: 1e-6, ns: 1e-9 };

/** upstream: Go time.ParseDuration */
function goDurationSeconds(text: string): Parsed<number> {
  const invalid = { error: `time: invalid duration ${goQuote(text)}` };
  const sign = text.startsWith('-') ? -1 : 1;
  const body = text.replace(/^[-+]/, '');
  if (body === '0') return { value: 0 };
  if (body === '') return invalid;
  let total = 0;
  for (let rest = body; rest !== ''; ) {
    const match = /^(\d+\.?\d*|\.\d+)([^\d.]*)/.exec(rest);
    if (match === null) return invalid;
    const [whole, number = '', unit = ''] = match;
    if (unit === '') return { error: `time: missing unit in duration ${goQuote(text)}` };
    const factor = Object.hasOwn(UNIT_SECONDS, unit) ? UNIT_SECONDS[unit] : undefined;
    if (factor === undefined) return { error: `time: unknown unit ${goQuote(unit)} in duration ${goQuote(text)}` };
    total += Number(number) * factor;
    rest = rest.slice(whole.length);
  }
  return { value: sign * total };
}
