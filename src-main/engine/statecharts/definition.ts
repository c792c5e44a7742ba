// A chart as plain data for whoever draws it: states within states and where each may go, read from the machine that runs.
import type { EventObject, MachineContext, StateNode, TransitionDefinition } from 'xstate';
import type { Chart } from './interpreter.ts';

export interface ChartState {
  readonly name: string;
  /** From the root: `waiting.pulling`. */
  readonly path: string;
  readonly description: string;
  /** Path of the state inside that an arrival enters; ''. */
  readonly initial: string;
  /** Left in the same step as it is entered: nothing ever rests there. */
  readonly passing: boolean;
  readonly states: readonly ChartState[];
  readonly moves: readonly ChartMove[];
  /** The same moves one by one, in the order in which they are tried. */
  readonly ways: readonly ChartWay[];
}

export interface ChartWay {
  /** Name of the event or delay; '' for a choice that is made at once. */
  readonly on: string;
  readonly isDelay: boolean;
  /** Name of the guard that must agree; ''. */
  readonly guard: string;
  /** Path of the target as the chart names it; '' where it stays. */
  readonly to: string;
}

export interface ChartMove {
  /** Name of the event, or of the delay that runs in this state. */
  readonly on: string;
  readonly isDelay: boolean;
  /** Where it may rest afterwards. */
  readonly to: readonly string[];
}

export interface ChartDefinition {
  readonly id: string;
  /** The states below the root live side by side. */
  readonly parallel: boolean;
  readonly states: readonly ChartState[];
  /** Moves that start anywhere. */
  readonly moves: readonly ChartMove[];
  readonly ways: readonly ChartWay[];
}

const DELAY = 'xstate.after.';

export function definitionOf(chart: Chart): ChartDefinition {
  const root = chart.machine.root as StateNode;
  return {
    id: chart.id,
    parallel: root.type === 'parallel',
    states: statesOf(root, chart),
    moves: movesOf(root, chart),
    ways: waysOf(root, chart),
  };
}

function statesOf(node: StateNode, chart: Chart): readonly ChartState[] {
  return Object.values(node.states as Record<string, StateNode>)
    .sort((a, b) => a.order - b.order)
    .map((state) => ({
      name: state.key,
      path: state.path.join('.'),
      description: state.description ?? '',
      passing: isPassing(state),
      states: statesOf(state, chart),
      moves: movesOf(state, chart),
      ways: waysOf(state, chart),
      initial: initialOf(state),
    }));
}

/** A state with a way out that asks for nothing (every chart closes such a choice with a way that is always open), or one that its owner leaves at once. */
function isPassing(state: StateNode): boolean {
  return (state.always ?? []).length > 0 || state.tags.includes('passing');
}

function movesOf(node: StateNode, chart: Chart): readonly ChartMove[] {
  const moves: ChartMove[] = [];
  for (const [event, transitions] of node.transitions) {
    const delay = event.startsWith(DELAY) ? delayNamed(chart, event) : null;
    const to = new Set<string>();
    for (const { target = [] } of transitions) for (const state of target) for (const path of restsOf(state as StateNode)) to.add(path);
    if (to.size > 0) moves.push({ on: delay ?? event, isDelay: delay !== null, to: [...to] });
  }
  return moves;
}

function waysOf(node: StateNode, chart: Chart): readonly ChartWay[] {
  const ways: ChartWay[] = [];
  const add = (on: string, transitions: readonly AnyTransition[]): void => {
    const delay = on.startsWith(DELAY) ? delayNamed(chart, on) : null;
    for (const { guard, target = [] } of transitions)
      ways.push({
        on: delay ?? on,
        isDelay: delay !== null,
        guard: guardName(guard),
        to: target.map(({ path }) => path.join('.')).join('|'),
      });
  };
  for (const [event, transitions] of node.transitions) add(event, transitions as readonly AnyTransition[]);
  add('', (node.always ?? []) as readonly AnyTransition[]);
  return ways;
}

type AnyTransition = Pick<TransitionDefinition<MachineContext, EventObject>, 'guard' | 'target'>;

function guardName(guard: AnyTransition['guard']): string {
  if (guard === undefined) return '';
  return typeof guard === 'string' ? guard : (guard as { readonly type: string }).type;
}

function initialOf(state: StateNode): string {
  const [inner] = state.initial?.target ?? [];
  return inner === undefined || inner === state ? '' : inner.path.join('.');
}

function delayNamed(chart: Chart, event: string): string {
  for (const [name, states] of chart.delays) for (const state of states) if (event === `${DELAY}${name}.${state}`) return name;
  return event.slice(DELAY.length);
}

/** Where an arrival comes to rest: the first leaf inside, or whatever its choices lead to. */
function restsOf(state: StateNode, seen: ReadonlySet<StateNode> = new Set()): readonly string[] {
  if (seen.has(state)) return [];
  const visited = new Set(seen).add(state);
  if (isPassing(state)) {
    const ways = state.always ?? [...(state.parent?.transitions.values() ?? [])].flat();
    return ways.flatMap(({ target = [] }) => target.flatMap((next) => restsOf(next as StateNode, visited)));
  }
  const [inner] = state.initial?.target ?? [];
  return inner === undefined || inner === state ? [state.path.join('.')] : restsOf(inner as StateNode, visited);
}
