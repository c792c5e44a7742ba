/**
 * Where the states of a chart stand in a narrow panel: regions below each other, states in rows, nested ones in a frame.
 * Only what a person can meet is drawn: states where a life rests, and the moves that are open from where it is now.
 */
import type { ChartRecord, ChartStateRecord } from '../../../src-main/contract/chart.ts';

export interface Chip {
  readonly path: string;
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly look: 'active' | 'next' | 'idle';
  /** For a state that may come next: by which events and delays. */
  readonly by: readonly string[];
  readonly description: string;
}

export interface Frame {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Arrow {
  readonly d: string;
  readonly isDelay: boolean;
}

export interface LifePicture {
  readonly height: number;
  readonly chips: readonly Chip[];
  readonly frames: readonly Frame[];
  readonly arrows: readonly Arrow[];
}

/** What a state is called. */
export type Words = (path: string, name: string) => string;

export const CHIP_HEIGHT = 22;
const CHIP_PADDING = 16;
const GAP = 13;
const ROW = CHIP_HEIGHT + 13;
const LABEL = 20;
const FRAME_PADDING = 8;
const FRAME_GAP = 9;
/** More open ways than this are outlined without arrows: lines would only hide what they lead to. */
const ARROWS_MAX = 6;

interface Opening {
  readonly from: string;
  readonly on: string;
  readonly isDelay: boolean;
  readonly to: string;
}

export function lifePicture(chart: ChartRecord, state: string, width: number, words: Words): LifePicture {
  const active = new Set(state.split('|'));
  const openings = openingsOf(chart, active);
  const frames: Frame[] = [];
  const chips: Chip[] = [];
  const by = new Map<string, string[]>();
  for (const { to, on } of openings) by.set(to, [...(by.get(to) ?? []), on]);

  const placeChip = (leaf: ChartStateRecord, x: number, y: number, label: string): void => {
    const look = active.has(leaf.path) ? 'active' : by.has(leaf.path) ? 'next' : 'idle';
    chips.push({ path: leaf.path, label, x, y, width: widthOf(label), look, by: by.get(leaf.path) ?? [], description: leaf.description });
  };
  /** Leaves in rows and a frame for each state that holds others, in the chart's order; returns the lower edge. */
  const place = (states: readonly ChartStateRecord[], left: number, top: number, right: number): number => {
    let x = left;
    let y = top;
    for (const state of states) {
      if (state.passing) continue;
      const label = words(state.path, state.name);
      const isGroup = state.states.length > 0;
      if (x > left && (isGroup || x + widthOf(label) > right)) {
        x = left;
        y += ROW;
      }
      if (isGroup) {
        const inner = place(state.states, left + FRAME_PADDING, y + LABEL, right - FRAME_PADDING);
        const height = inner - y - (ROW - CHIP_HEIGHT) + FRAME_PADDING;
        frames.push({ label, x: left, y, width: right - left, height });
        y += height + FRAME_GAP;
      } else {
        placeChip(state, x, y, label);
        x += widthOf(label) + GAP;
      }
    }
    return x > left ? y + ROW : y;
  };

  let height = 2;
  if (chart.parallel)
    for (const region of chart.states) {
      frames.push({ label: words(region.path, region.name), x: 0, y: height, width: 0, height: 0 });
      height = place(region.states, 1, height + LABEL, width - 1);
    }
  else height = place(chart.states, 1, height, width - 1);
  return { height: height - (ROW - CHIP_HEIGHT) + 6, chips, frames, arrows: arrowsOf(openings, chips) };
}

/** The moves that are open now: those of each active leaf and of the states around it. */
function openingsOf(chart: ChartRecord, active: ReadonlySet<string>): readonly Opening[] {
  const openings: Opening[] = [];
  const add = (from: string, moves: ChartRecord['moves']): void => {
    for (const { on, isDelay, to } of moves) for (const path of to) if (path !== from) openings.push({ from, on, isDelay, to: path });
  };
  const visit = (state: ChartStateRecord): string | undefined => {
    const leaf = active.has(state.path) ? state.path : state.states.map(visit).find((path) => path !== undefined);
    if (leaf !== undefined) add(leaf, state.moves);
    return leaf;
  };
  const [first] = chart.states.map(visit).filter((leaf) => leaf !== undefined);
  if (first !== undefined) add(first, chart.moves);
  return openings;
}

function arrowsOf(openings: readonly Opening[], chips: readonly Chip[]): readonly Arrow[] {
  const places = new Map(chips.map((chip) => [chip.path, chip]));
  const drawn = new Map<string, Arrow>();
  for (const { from, to, isDelay } of openings) {
    const [start, end] = [places.get(from), places.get(to)];
    if (start !== undefined && end !== undefined) drawn.set(`${from}>${to}`, { d: curve(start, end), isDelay });
  }
  return drawn.size > ARROWS_MAX ? [...drawn.values()].filter(({ isDelay }) => isDelay) : [...drawn.values()];
}

function curve(start: Chip, end: Chip): string {
  const [x1, x2] = [start.x + start.width / 2, end.x + end.width / 2];
  if (start.y === end.y) {
    const touching = Math.abs(start.x < end.x ? end.x - start.x - start.width : start.x - end.x - end.width) <= GAP;
    const y = start.y + CHIP_HEIGHT;
    if (touching) {
      const middle = start.y + CHIP_HEIGHT / 2;
      return start.x < end.x ? `M${start.x + start.width},${middle}H${end.x - 1}` : `M${start.x},${middle}H${end.x + end.width + 1}`;
    }
    return `M${x1},${y}C${x1},${y + 11} ${x2},${y + 11} ${x2},${y + 1}`;
  }
  const down = end.y > start.y;
  const y1 = down ? start.y + CHIP_HEIGHT : start.y;
  const y2 = down ? end.y - 1 : end.y + CHIP_HEIGHT + 1;
  const middle = (y1 + y2) / 2;
  return `M${x1},${y1}C${x1},${middle} ${x2},${middle} ${x2},${y2}`;
}

/** Estimated, so that the picture needs no screen: Korean letters are about twice as wide. */
function widthOf(label: string): number {
  return Math.ceil([...label].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0x1100 ? 10.6 : 6.1), CHIP_PADDING));
}
