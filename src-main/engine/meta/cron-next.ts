// When a cron schedule fires next: years, months and days are tried from coarse to fine, so that hours that clocks skip or repeat come out as upstream's.
// upstream: github.com/robfig/cron/v3 spec.go Next, constantdelay.go Next
import type { CalendarSchedule, CronSchedule } from './cron-schedule.ts';
import { localTime, unixOf } from './time-zone.ts';

const YEARS_AHEAD_MAX = 5;

/** Unix milliseconds of the first time after `afterMs`; null when there is none in five years. */
export function nextCronTime(schedule: CronSchedule, afterMs: number): number | null {
  const whole = Math.floor(afterMs / 1000);
  if (schedule.kind === 'every') return (whole + schedule.seconds) * 1000;
  const found = new Search(schedule, whole + 1).run();
  return found === null ? null : found * 1000;
}

class Search {
  readonly #schedule: CalendarSchedule;
  readonly #yearMax: number;
  #unix: number;
  /** Smaller units have been set to their beginning. */
  #begun = false;

  constructor(schedule: CalendarSchedule, unix: number) {
    this.#schedule = schedule;
    this.#unix = unix;
    this.#yearMax = this.#local().year + YEARS_AHEAD_MAX;
  }

  /** Each pass that wraps into a larger unit begins anew. */
  run(): number | null {
    while (this.#local().year <= this.#yearMax)
      if (this.#month() && this.#day() && this.#hour() && this.#minute() && this.#second()) return this.#unix;
    return null;
  }

  #local(): ReturnType<typeof localTime> {
    return localTime(this.#schedule.zone, this.#unix);
  }

  #month(): boolean {
    const { zone, month: wanted } = this.#schedule;
    while (!wanted.values.has(this.#local().month)) {
      const { year, month, day, hour } = this.#local();
      this.#unix = this.#begun ? unixOf(zone, year, month + 1, day, hour) : unixOf(zone, year, month + 1, 1);
      this.#begun = true;
      if (this.#local().month === 1) return false;
    }
    return true;
  }

  #day(): boolean {
    const { zone } = this.#schedule;
    while (!this.#dayMatches()) {
      const { year, month, day, hour } = this.#local();
      this.#unix = unixOf(zone, year, month, day + 1, this.#begun ? hour : 0);
      this.#begun = true;
      // Midnight may not exist where clocks change at that hour.
      const after = this.#local().hour;
      if (after > 12) this.#unix += (24 - after) * 3600;
      else this.#unix -= after * 3600;
      if (this.#local().day === 1) return false;
    }
    return true;
  }

  /** A day given both ways matches either way. */
  #dayMatches(): boolean {
    const { dayOfMonth, dayOfWeek } = this.#schedule;
    const { day, weekday } = this.#local();
    const byMonth = dayOfMonth.values.has(day);
    const byWeek = dayOfWeek.values.has(weekday);
    return dayOfMonth.star || dayOfWeek.star ? byMonth && byWeek : byMonth || byWeek;
  }

  #hour(): boolean {
    const { zone, hour: wanted } = this.#schedule;
    while (!wanted.values.has(this.#local().hour)) {
      const { year, month, day, hour } = this.#local();
      if (!this.#begun) this.#unix = unixOf(zone, year, month, day, hour);
      this.#begun = true;
      this.#unix += 3600;
      if (this.#local().hour === 0) return false;
    }
    return true;
  }

  #minute(): boolean {
    while (!this.#schedule.minute.values.has(this.#local().minute)) {
      if (!this.#begun) this.#unix -= this.#unix % 60;
      this.#begun = true;
      this.#unix += 60;
      if (this.#local().minute === 0) return false;
    }
    return true;
  }

  /** Schedules of five fields fire at the beginning of a minute. */
  #second(): boolean {
    const { second } = this.#local();
    if (second === 0) return true;
    this.#unix += 60 - second;
    this.#begun = true;
    return false;
  }
}
