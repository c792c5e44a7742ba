/**
 * A chart as boxes and arrows: what is to be laid out, before anybody knows where.
 * Moves between the same two states share an arrow, and a move that most states of a region know starts at one dot for all of them.
 */
import type { ChartRecord, ChartStateRecord, ChartWayRecord } from '../../../src-main/contract/chart.ts';

export interface ChartBox {
  /** Path of the state; of a dot the path of the state around it and `*`. */
  readonly id: string;
  readonly kind: 'state' | 'group' | 'region' | 'choice' | 'any';
  /** Paths of the states that a dot stands for. */
  readonly standsFor: readonly string[];
  readonly name: string;
  readonly description: string;
  readonly boxes: readonly ChartBox[];
}

export interface ChartArrow {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly ways: readonly ChartWayRecord[];
  readonly isDelay: boolean;
}

export interface ChartGraph {
  readonly boxes: readonly ChartBox[];
  readonly arrows: readonly ChartArrow[];
}

/** From so many states with the same move, one dot stands for them. */
const SHARED_MIN = 4;

interface Way {
  readonly from: string;
  readonly way: ChartWayRecord;
}

export function chartGraph(chart: ChartRecord): ChartGraph {
  const ways: Way[] = chart.ways.filter(({ to }) => to !== '').map((way) => ({ from: '', way }));
  const dots = new Map<string, ReadonlySet<string>>();
  collect(chart.states, ways);
  const isGroup = new Set(groupsOf(chart.states));
  const inner: Way[] = [];
  for (const way of ways) {
    // A move of a group to a state within it starts in any of its states.
    const starts = way.from === '' || (isGroup.has(way.from) && way.way.to.startsWith(`${way.from}.`));
    if (starts) dots.set(way.from, new Set());
    inner.push(starts ? { ...way, from: dotIn(way.from) } : way);
  }
  const arrows = arrowsOf(shareDots(inner, dots));
  const met = new Set(arrows.flatMap(({ from, to }) => [from, to]));
  return { boxes: withoutLoose(boxesOf(chart.states, '', chart.parallel, dots), met), arrows };
}

/** A choice that its dot stands for has no arrows of its own: nothing would be seen of it but a mark. */
function withoutLoose(boxes: readonly ChartBox[], met: ReadonlySet<string>): readonly ChartBox[] {
  return boxes.filter(({ id, kind }) => kind !== 'choice' || met.has(id)).map((box) => ({ ...box, boxes: withoutLoose(box.boxes, met) }));
}

export function dotIn(group: string): string {
  return group === '' ? '*' : `${group}.*`;
}

function collect(states: readonly ChartStateRecord[], ways: Way[]): void {
  for (const { path, ways: own, states: below } of states) {
    for (const way of own) if (way.to !== '') ways.push({ from: path, way });
    collect(below, ways);
  }
}

function groupsOf(states: readonly ChartStateRecord[]): readonly string[] {
  return states.flatMap((state) => (state.states.length > 0 ? [state.path, ...groupsOf(state.states)] : []));
}

/** Moves that many siblings share, word for word, are taken off them and put on the dot beside them. */
function shareDots(ways: readonly Way[], dots: Map<string, ReadonlySet<string>>): readonly Way[] {
  const sharers = new Map<string, Way[]>();
  for (const entry of ways) {
    const parent = parentOf(entry.from);
    if (parent === null) continue;
    const key = [parent, entry.way.on, entry.way.guard, entry.way.to].join(' ');
    sharers.set(key, [...(sharers.get(key) ?? []), entry]);
  }
  const shared = new Set<Way>();
  const moved: Way[] = [];
  for (const same of sharers.values()) {
    const [first] = same;
    if (first === undefined || same.length < SHARED_MIN) continue;
    const parent = parentOf(first.from) ?? '';
    for (const entry of same) shared.add(entry);
    dots.set(parent, new Set([...(dots.get(parent) ?? []), ...same.map(({ from }) => from)]));
    moved.push({ from: dotIn(parent), way: first.way });
  }
  return [...ways.filter((entry) => !shared.has(entry)), ...moved];
}

function parentOf(path: string): string | null {
  if (path === '*' || path.endsWith('.*')) return null;
  const end = path.lastIndexOf('.');
  return end < 0 ? '' : path.slice(0, end);
}

function arrowsOf(ways: readonly Way[]): readonly ChartArrow[] {
  const between = new Map<string, ChartArrow>();
  for (const { from, way } of ways) {
    // Delays are drawn apart: they count down.
    const id = `${from}>${way.to}${way.isDelay ? ` after ${way.on}` : ''}`;
    const known = between.get(id);
    between.set(id, { id, from, to: way.to, ways: [...(known?.ways ?? []), way], isDelay: way.isDelay });
  }
  return [...between.values()];
}

function boxesOf(
  states: readonly ChartStateRecord[],
  parent: string,
  parallel: boolean,
  dots: ReadonlyMap<string, ReadonlySet<string>>,
): readonly ChartBox[] {
  const boxes = states.map((state): ChartBox => {
    const { path, name, description } = state;
    const isGroup = state.states.length > 0;
    const kind = isGroup ? (parallel ? 'region' : 'group') : state.passing ? 'choice' : 'state';
    return { id: path, kind, standsFor: [], name, description, boxes: boxesOf(state.states, path, false, dots) };
  });
  const dot = dots.get(parent);
  if (dot === undefined) return boxes;
  const any: ChartBox = { id: dotIn(parent), kind: 'any', standsFor: [...dot], name: '*', description: '', boxes: [] };
  return [any, ...boxes];
}
