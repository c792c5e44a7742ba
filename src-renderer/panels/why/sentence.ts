/**
 * A sentence of the main process in the language of the person, cut where a number can be asked for.
 * The number stays in the middle of its sentence in every language, so it is marked before translation and found again after it.
 */
import type { WhyLine, WhySetting } from '../../../src-main/contract/why.ts';

export interface Piece {
  readonly text: string;
  /** Set where the text is a number that somebody chose. */
  readonly setting: WhySetting | null;
}

/** How things are said in the language of the person. */
export interface Speech {
  t(key: string, values: Readonly<Record<string, string | number>>): string;
  span(ms: number): string;
  stopwatch(ms: number): string;
}

export function sentence(asked: string, { question = asked, says, values, settings }: WhyLine, speech: Speech): readonly Piece[] {
  const words: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(values)) {
    const text = typeof value === 'string' ? value : spokenNumber(name, value, speech);
    words[name] = settings[name] === undefined ? text : `${MARK}${name}${MARK}${text}${MARK}`;
  }
  return speech
    .t(`why.${question}.${says}`, words)
    .split(MARKED)
    .filter(Boolean)
    .map((part) => {
      const [, name = '', text = part] = part.split(MARK);
      return { text, setting: settings[name] ?? null };
    });
}

/** The whole sentence as text. */
export function spoken(question: string, line: WhyLine, speech: Speech): string {
  return sentence(question, line, speech)
    .map(({ text }) => text)
    .join('');
}

/** Many names are counted before they are listed. */
export function namesInWords(names: readonly string[], { t }: Pick<Speech, 't'>): string {
  const text = names.join(', ');
  return names.length > NAMES_FEW ? t('why.names', { count: names.length, names: text }) : text;
}

const NAMES_FEW = 3;
/** Invisible, and in no text of Kubernetes. */
const MARK = '\u2063';
const MARKED = /(\u2063[^\u2063]*\u2063[^\u2063]*\u2063)/;

function spokenNumber(name: string, value: number, { span, stopwatch }: Speech): string | number {
  if (name.endsWith('AtMs')) return stopwatch(value);
  return name.endsWith('Ms') ? span(value) : value;
}
