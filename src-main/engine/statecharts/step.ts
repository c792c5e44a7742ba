// One step of a life that its API object itself remembers: no timers, the state is read from the object before and written to it after.
import { assert } from '../base/assert.ts';
import { type Chart, type GuardAnswer, interpretUnseen, isWatched, type Life, type LifeHost, tellStep } from './interpreter.ts';

export interface StepHost {
  /** Uid of the object, for those who watch. */
  readonly whose?: string;
  readonly guard?: (name: string) => boolean;
  /** Runs after the step was decided. */
  readonly action?: (name: string) => void;
}

/** The state of `region` after the event, given the states of all regions in the chart's order. */
export function step(chart: Chart, states: Readonly<Record<string, string>>, region: string, event: string, host: StepHost = {}): string {
  const life: Life = { value: regionsOf(states), sinceMs: 0, timers: {} };
  const { whose, guard = timeless.guard, action = timeless.action } = host;
  const guards: GuardAnswer[] = [];
  const answer = (name: string): boolean => {
    const said = guard(name);
    guards.push({ name, said });
    return said;
  };
  const isTold = whose !== undefined && isWatched();
  interpretUnseen(chart, life, event, { ...timeless, guard: isTold ? answer : guard, action });
  const leaf = life.value.split('|').find((text) => text.startsWith(`${region}.`));
  assert(leaf !== undefined, `chart ${chart.id} has no region ${region}`);
  if (isTold) tellStep(whose, { atMs: timeless.nowMs, from: `${region}.${states[region]}`, to: leaf, on: event, guards, isPart: true });
  return leaf.slice(region.length + 1);
}

function regionsOf(states: Readonly<Record<string, string>>): string {
  return Object.entries(states)
    .map(([region, state]) => `${region}.${state}`)
    .join('|');
}

const timeless: LifeHost = {
  nowMs: 0,
  guard: () => false,
  action: () => {},
  delayMs: () => 0,
  after: (_, name) => assert(false, `a life without timers arms ${name}`) as never,
  cancel: () => {},
};
