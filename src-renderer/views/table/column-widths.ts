/**
 * How wide the columns of a table are: by their longest text so far, between bounds, and never narrower than before.
 */
export interface ShownColumn {
  /** Index into the kind's columns; -1 for the namespace, below that what is measured. */
  readonly index: number;
  readonly name: string;
  readonly width: number;
  readonly numeric: boolean;
  /** Of what is used, which is measured when somebody looks: how it is said, and by what it is sorted. */
  readonly measured?: { readonly words: (key: string) => string; readonly amount: (key: string) => number | undefined };
}

const CHARACTER_PX = 7.7;
const PADDING_PX = 22;
/** The heads are in small capitals' size, with room for the arrow. */
const HEAD_CHARACTER_PX = 7.4;
const HEAD_MORE_PX = 34;
const WIDTH_MAX_PX = 460;
/** A namespace comes before everything that tells one row from the others, and must leave room for it. */
const NAMESPACE_MAX_PX = 230;
/** `12m34s`, `23h59m`: an age that grows moves nothing. */
const AGE_CHARACTERS = 7;

/** Only a text that may not fit is clipped: to clip each cell would cost more than half of what it takes to paint a table. */
export function mayOverflow(text: string, width: number): boolean {
  return text.length * CHARACTER_PX + PADDING_PX > width + 1;
}

export function columnWidth(name: string, longest: number): number {
  const characters = name === 'Age' ? Math.max(longest, AGE_CHARACTERS) : longest;
  const head = name.length * HEAD_CHARACTER_PX + HEAD_MORE_PX;
  const most = name === 'Namespace' ? NAMESPACE_MAX_PX : WIDTH_MAX_PX;
  return Math.round(Math.min(most, Math.max(head, characters * CHARACTER_PX + PADDING_PX)));
}
