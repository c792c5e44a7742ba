/**
 * How times and kinds are said in words.
 * One place, so that the clock bar, panels and pictures say the same thing in the same way.
 */
import { t } from './language.svelte.ts';

/** `PersistentVolume`, without the group that tells equal names apart. */
export function shortKind(kind: string): string {
  return kind.split('.')[0] ?? kind;
}

/** Time since the start as a stopwatch shows it: `0:05:32`, `2 d 0:05:32`. */
export function stopwatch(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const clock = `${Math.floor(seconds / 3600) % 24}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return days > 0 ? t('time.days', { count: days, clock }) : clock;
}

/** Of a node that says nothing any more, and of what is on it. */
export function silentWords(sinceMs: number | null): string {
  return sinceMs === null ? t('topology.silent') : t('topology.silentSince', { time: stopwatch(sinceMs) });
}

/** A span as a person says it: `850 ms`, `4.2 s`, `50 s`, `5 m 45 s`, `2 h 3 m`, `1 d 1 h`. */
export function span(ms: number): string {
  if (ms < 1000) return t('time.milliseconds', { ms: Math.round(ms) });
  const all = Math.round(ms / 1000);
  if (all < 60) return t('time.seconds', { seconds: ms < 10_000 ? Math.round(ms / 100) / 10 : all });
  const seconds = all % 60;
  const minutes = Math.floor(all / 60) % 60;
  if (all >= 86_400) return t('time.daysHours', { days: Math.floor(all / 86_400), hours: Math.floor(all / 3600) % 24 });
  if (all >= 3600) return t('time.hoursMinutes', { hours: Math.floor(all / 3600), minutes });
  return seconds > 0 ? t('time.minutesSeconds', { minutes, seconds }) : t('time.minutes', { minutes });
}

/** Date and clock of virtual time, always in UTC as Kubernetes writes it. */
export function dateAndClock(unixMs: number): { readonly date: string; readonly clock: string } {
  const text = new Date(unixMs).toISOString();
  return { date: text.slice(0, 10), clock: text.slice(11, 19) };
}
