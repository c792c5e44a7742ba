/**
 * Which arrows a life went along in a step, and which of them guards closed to it.
 * The chart is walked as the machine walks it: deepest state first, in the order of its moves, by the answers that the guards gave.
 */
import type { LifeStepRecord } from '../../../src-main/contract/bridge.ts';
import type { ChartRecord, ChartStateRecord, ChartWayRecord } from '../../../src-main/contract/chart.ts';
import { type ChartArrow, type ChartBox, type ChartGraph, dotIn } from './chart-graph.ts';

export interface TakenWay {
  /** Ids of arrows, in the order in which they were gone along. */
  readonly arrows: readonly string[];
  /** Ids of arrows that were tried and refused. */
  readonly refused: readonly string[];
}

interface Move {
  /** State that the way belongs to; '' for the chart. */
  readonly owner: string;
  readonly way: ChartWayRecord;
}

/** No chart passes through more states than this in one step. */
const PASSED_MAX = 12;

export function takenWay(chart: ChartRecord, graph: ChartGraph, step: LifeStepRecord): TakenWay {
  const walk = new Walk(chart, graph);
  return step.on === '' ? walk.byResult(step) : walk.byAnswers(step);
}

class Walk {
  readonly #states = new Map<string, ChartStateRecord>();
  readonly #chart: ChartRecord;
  readonly #arrows: readonly ChartArrow[];
  readonly #dots = new Map<string, ChartBox>();

  constructor(chart: ChartRecord, graph: ChartGraph) {
    this.#chart = chart;
    this.#arrows = graph.arrows;
    const visit = (states: readonly ChartStateRecord[]): void => {
      for (const state of states) {
        this.#states.set(state.path, state);
        visit(state.states);
      }
    };
    visit(chart.states);
    const dots = (boxes: readonly ChartBox[]): void => {
      for (const box of boxes) {
        if (box.kind === 'any') this.#dots.set(box.id, box);
        dots(box.boxes);
      }
    };
    dots(graph.boxes);
  }

  byAnswers({ from, on, guards }: LifeStepRecord): TakenWay {
    const answers = new Map(guards.map(({ name, said }) => [name, said]));
    const arrows: string[] = [];
    const refused: string[] = [];
    const choose = (moves: readonly Move[]): Move | undefined =>
      moves.find((move) => {
        const said = move.way.guard === '' || answers.get(move.way.guard);
        const arrow = said === false ? this.#arrowOf(move) : undefined;
        if (arrow !== undefined) refused.push(arrow);
        return said === true;
      });
    for (const leaf of from.split('|')) {
      let move = choose(this.#around(leaf).flatMap((owner) => this.#movesOf(owner).filter(({ way }) => way.on === on)));
      for (let passed = 0; move !== undefined && passed < PASSED_MAX; passed += 1) {
        const arrow = this.#arrowOf(move);
        if (arrow !== undefined) arrows.push(arrow);
        const rest = this.#settle(move.way.to);
        move = rest?.passing === true ? choose(this.#movesOf(rest.path).filter(({ way }) => way.on === '')) : undefined;
      }
    }
    return { arrows, refused: refused.filter((arrow) => !arrows.includes(arrow)) };
  }

  /** Only where it was and is now is known: the shortest way between, in each region that changed. */
  byResult({ from, to }: LifeStepRecord): TakenWay {
    const [before, after] = [from.split('|'), to.split('|')];
    const arrows = after.flatMap((leaf, region) => {
      const start = before[region];
      return start === undefined || start === '' || start === leaf ? [] : this.#search(start, leaf);
    });
    return { arrows, refused: [] };
  }

  #search(start: string, goal: string): readonly string[] {
    let reached: readonly { readonly moves: readonly Move[]; readonly path: readonly string[] }[] = [
      { moves: this.#around(start).flatMap((owner) => this.#movesOf(owner)), path: [] },
    ];
    for (let passed = 0; passed < PASSED_MAX; passed += 1) {
      const next: (typeof reached)[number][] = [];
      for (const { moves, path } of reached)
        for (const move of moves) {
          const arrow = this.#arrowOf(move);
          const rest = this.#settle(move.way.to);
          if (arrow === undefined || rest === undefined || path.includes(arrow)) continue;
          if (rest.path === goal) return [...path, arrow];
          if (rest.passing) next.push({ moves: this.#onwards(rest), path: [...path, arrow] });
        }
      reached = next;
    }
    return [];
  }

  /** Ways out of a state that nothing rests in: its choices, or what its owner makes of it at once. */
  #onwards(state: ChartStateRecord): readonly Move[] {
    const choices = this.#movesOf(state.path);
    return choices.length > 0 ? choices : this.#movesOf(parentOf(state.path));
  }

  /** The state and those around it, deepest first. */
  #around(leaf: string): readonly string[] {
    const owners = [leaf];
    for (let path = leaf; path !== ''; ) {
      path = parentOf(path);
      owners.push(path);
    }
    return owners;
  }

  #movesOf(owner: string): readonly Move[] {
    const ways = owner === '' ? this.#chart.ways : (this.#states.get(owner)?.ways ?? []);
    return ways.map((way) => ({ owner, way }));
  }

  #settle(path: string): ChartStateRecord | undefined {
    let state = this.#states.get(path);
    while (state !== undefined && state.initial !== '') state = this.#states.get(state.initial);
    return state;
  }

  #arrowOf({ owner, way }: Move): string | undefined {
    const starts = (from: string): boolean =>
      from === owner ||
      from === dotIn(owner) ||
      (from === dotIn(parentOf(owner)) && this.#dots.get(from)?.standsFor.includes(owner) === true);
    return this.#arrows.find(
      ({ from, to, ways }) => to === way.to && starts(from) && ways.some(({ on, guard }) => on === way.on && guard === way.guard),
    )?.id;
  }
}

function parentOf(path: string): string {
  const end = path.lastIndexOf('.');
  return end < 0 ? '' : path.slice(0, end);
}
