// One step of a life that its API object itself remembers: no timers, the state is read from the object before and written to it after.
import { assert } from '../base/assert.ts';
import { type Chart, interpretUnseen, type Life, type LifeHost } from './interpreter.ts';

export interface StepHost {
  readonly guard?: (name: string) => boolean;
  /** Runs after the step was decided. */
  readonly action?: (name: string) => void;
}

/** The state of `region` after the event, given the states of all regions in the chart's order. */
export function step(chart: Chart, states: Readonly<Record<string, string>>, region: string, event: string, host: StepHost = {}): string {
  const life: Life = { value: regionsOf(states), sinceMs: 0, timers: {} };
  interpretUnseen(chart, life, event, { ...timeless, guard: host.guard ?? timeless.guard, action: host.action ?? timeless.action });
  const leaf = life.value.split('|').find((text) => text.startsWith(`${region}.`));
  assert(leaf !== undefined, `chart ${chart.id} has no region ${region}`);
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
