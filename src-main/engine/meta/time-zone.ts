// Time zones from the tz database that comes with the project: the engine must not ask the machine for its clock's rules.
// upstream: Go time.LoadLocation, time.Date
import table from '../../../assets/time-zones/zones.json' with { type: 'json' };
import { civilFromDays, daysFromCivil } from '../base/civil-date.ts';
import type { Parsed } from './parsed.ts';

const DAY = 86_400;

/** Offsets from UTC in seconds, by Unix seconds. */
export interface TimeZone {
  readonly name: string;
  offsetAt(unix: number): number;
}

export interface LocalTime {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Sunday is 0. */
  readonly weekday: number;
}

export const utc: TimeZone = { name: 'UTC', offsetAt: () => 0 };

/** The zone of a name, or Go's error text. */
export function timeZone(name: string): Parsed<TimeZone> {
  if (name === '' || name === 'UTC' || name === 'Local') return { value: utc };
  const known = zones.get(name);
  if (known !== undefined) return { value: known };
  const rule = rulesByName().get(name);
  if (rule === undefined) return { error: `unknown time zone ${name}` };
  const made: TimeZone = { name, offsetAt: offsetsOf(rule) };
  zones.set(name, made);
  return { value: made };
}

export function localTime(zone: TimeZone, unix: number): LocalTime {
  const local = unix + zone.offsetAt(unix);
  const days = Math.floor(local / DAY);
  const [year, month, day] = civilFromDays(days);
  const rest = local - days * DAY;
  const weekday = (((days + 4) % 7) + 7) % 7;
  return { year, month, day, hour: Math.floor(rest / 3600), minute: Math.floor(rest / 60) % 60, second: rest % 60, weekday };
}

/** Unix seconds of a local time; months and days beyond their range carry over. Where clocks jump, it is what Go makes of it. */
export function unixOf(zone: TimeZone, year: number, month: number, day: number, hour = 0): number {
  const carried = Math.floor((month - 1) / 12);
  const local = (daysFromCivil(year + carried, month - carried * 12, 1) + day - 1) * DAY + hour * 3600;
  const offset = zone.offsetAt(local);
  if (offset === 0) return local;
  return local - zone.offsetAt(local - offset);
}

const zones = new Map<string, TimeZone>();
const names = new Map<string, string>();

function rulesByName(): ReadonlyMap<string, string> {
  if (names.size === 0) for (const [rule, those] of Object.entries(table.zones)) for (const name of those) names.set(name, rule);
  return names;
}

/** `footer` or `footer;offset;time:offset...`. */
function offsetsOf(rule: string): TimeZone['offsetAt'] {
  const [footer = '', first, ...changes] = rule.split(';');
  const forGood = footerOffsets(footer);
  const steps = changes.map((change) => change.split(':').map(Number) as [number, number]);
  const last = steps.at(-1)?.[0];
  if (first === undefined || last === undefined) return forGood;
  return (unix) => {
    if (unix >= last) return forGood(unix);
    return steps.findLast(([time]) => time <= unix)?.[1] ?? Number(first);
  };
}

const FOOTER = /^(?:<[^>]+>|[A-Za-z]+)([-+:\d]+)(?:(?:<[^>]+>|[A-Za-z]+)([-+:\d]*),([^,]+),([^,]+))?$/;

/** A POSIX TZ text: `EST5EDT,M3.2.0,M11.1.0`. */
function footerOffsets(footer: string): TimeZone['offsetAt'] {
  const [, standardText = '0', daylightText = '', start, end] = FOOTER.exec(footer) ?? [];
  const standard = -clockSeconds(standardText) || 0;
  if (start === undefined || end === undefined) return () => standard;
  const daylight = daylightText === '' ? standard + 3600 : -clockSeconds(daylightText) || 0;
  return (unix) => {
    const [year] = civilFromDays(Math.floor((unix + standard) / DAY));
    const from = dateRule(start, year) - standard;
    const until = dateRule(end, year) - daylight;
    const summer = from < until ? unix >= from && unix < until : unix >= from || unix < until;
    return summer ? daylight : standard;
  };
}

/** `M3.2.0/2`, `J60`, `59`: local seconds of that day and hour. */
function dateRule(text: string, year: number): number {
  const [date = '', time = '2'] = text.split('/');
  const atTime = clockSeconds(time);
  const newYear = daysFromCivil(year, 1, 1);
  if (!date.startsWith('M')) {
    const number = Number(date.replace('J', ''));
    const leapDay = date.startsWith('J') && number >= 60 && daysFromCivil(year, 3, 1) - newYear === 60 ? 1 : 0;
    return (newYear + number - (date.startsWith('J') ? 1 : 0) + leapDay) * DAY + atTime;
  }
  const [month = 1, week = 1, weekday = 0] = date.slice(1).split('.').map(Number);
  const first = daysFromCivil(year, month, 1);
  const length = (month === 12 ? daysFromCivil(year + 1, 1, 1) : daysFromCivil(year, month + 1, 1)) - first;
  let day = (((weekday - first - 4) % 7) + 7) % 7;
  day += (week - 1) * 7;
  while (day >= length) day -= 7;
  return (first + day) * DAY + atTime;
}

/** `-3:30` and the like as seconds. */
function clockSeconds(text: string): number {
  const [hours = '0', minutes = '0', seconds = '0'] = text.replace(/^[-+]/, '').split(':');
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return text.startsWith('-') ? -total : total;
}
