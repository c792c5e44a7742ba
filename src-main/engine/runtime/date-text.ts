// `date`: a moment in the formats that people ask for, in the words of busybox 1.36. Containers keep UTC.
import { daysFromCivil } from '../base/civil-date.ts';
import { parseTimestamp } from '../base/timestamp.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** 1970-01-01 was one. */
const THURSDAY = 4;

/** `timestamp`: as the API writes it. */
export function dateText(timestamp: string, format = '%a %b %e %H:%M:%S %Z %Y'): string {
  const [year, month, day] = [timestamp.slice(0, 4), timestamp.slice(5, 7), timestamp.slice(8, 10)];
  const time = timestamp.slice(11, 19);
  const days = daysFromCivil(Number(year), Number(month), Number(day));
  const values: Readonly<Record<string, string>> = {
    a: WEEKDAYS[(days + THURSDAY) % 7] ?? '',
    b: MONTHS[Number(month) - 1] ?? '',
    d: day,
    D: `${month}/${day}/${year.slice(2)}`,
    e: String(Number(day)).padStart(2),
    F: `${year}-${month}-${day}`,
    H: time.slice(0, 2),
    j: String(days - daysFromCivil(Number(year), 1, 1) + 1).padStart(3, '0'),
    m: month,
    M: time.slice(3, 5),
    N: '000000000',
    n: '\n',
    R: time.slice(0, 5),
    s: String(Math.floor((parseTimestamp(timestamp) ?? 0) / 1000)),
    S: time.slice(6),
    T: time,
    y: year.slice(2),
    Y: year,
    z: '+0000',
    Z: 'UTC',
    '%': '%',
  };
  return format.replaceAll(/%([a-zA-Z%])/g, (whole, letter: string) => values[letter] ?? whole);
}
