// What is wrong with a text that is no time, in the words of Go's parser: a time that slips through cannot be read by any client written in Go.
// upstream: Go time.Parse with time.RFC3339, as metav1.Time and metav1.MicroTime decode
import { parseTimestamp } from './timestamp.ts';

/** The layouts of metav1.Time and metav1.MicroTime. */
export type TimeLayout = '2006-01-02T15:04:05Z07:00' | '2006-01-02T15:04:05.000000Z07:00';

/** In the layout's words, in the order in which they are read: `max` is the largest number. */
const PARTS: readonly {
  readonly word: string;
  readonly pattern: RegExp;
  readonly name?: string;
  readonly min?: number;
  readonly max?: number;
}[] = [
  { word: '2006', pattern: /^\d{4}/ },
  { word: '-', pattern: /^-/ },
  { word: '01', pattern: /^\d\d/, name: 'month', min: 1, max: 12 },
  { word: '-', pattern: /^-/ },
  { word: '02', pattern: /^\d\d/ },
  { word: 'T', pattern: /^T/ },
  { word: '15', pattern: /^\d\d/, name: 'hour', max: 23 },
  { word: ':', pattern: /^:/ },
  { word: '04', pattern: /^\d\d/, name: 'minute', max: 59 },
  { word: ':', pattern: /^:/ },
  // A fraction is read wherever there is one.
  { word: '05', pattern: /^\d\d(?:\.\d+)?/, name: 'second', max: 59 },
  { word: 'Z07:00', pattern: /^(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)/ },
];

/** Undefined when nothing is wrong with it. */
export function timeFault(text: string, layout: TimeLayout): string | undefined {
  const subject = `parsing time ${JSON.stringify(text)}`;
  let rest = text;
  for (const { word, pattern, name = '', min = 0, max = Number.POSITIVE_INFINITY } of PARTS) {
    const [found] = pattern.exec(rest) ?? [];
    if (found === undefined) return `${subject} as "${layout}": cannot parse ${JSON.stringify(rest)} as "${word}"`;
    const number = Math.floor(Number(found));
    if (number < min || number > max) return `${subject}: ${name} out of range`;
    rest = rest.slice(found.length);
  }
  if (rest !== '') return `${subject}: extra text: ${JSON.stringify(rest)}`;
  return parseTimestamp(text) === null ? `${subject}: day out of range` : undefined;
}
