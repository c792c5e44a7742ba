// One step of a life that its API object itself remembers: no timers, the state is read from the object before and written to it after.
import { assert } from '../base/assert.ts';
import {
  type Chart,
  type GuardAnswer,
  interpretUnseen,
  isWatched,
  type Life,
  type LifeHost,
  type LifeStep,
  tellStep,
} from './interpreter.ts';

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
  const leaves = life.value.split('|');
  const leaf = leaves.find((text) => text.startsWith(`${region}.`));
  assert(leaf !== undefined, `chart ${chart.id} has no region ${region}`);
  if (isTold) tell(whose, states, leaves, region, { on: event, guards });
  return leaf.slice(region.length + 1);
}

/** The region that was asked, and each other one that the same event moved: they share the answers of its guards. */
function tell(
  whose: string,
  states: Readonly<Record<string, string>>,
  leaves: readonly string[],
  asked: string,
  step: Pick<LifeStep, 'on' | 'guards'>,
): void {
  for (const [at, [region, state]] of Object.entries(states).entries()) {
    const from = `${region}.${state}`;
    const to = leaves[at] ?? from;
    if (region === asked || to !== from) tellStep(whose, { ...step, atMs: timeless.nowMs, from, to, isPart: true });
  }
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
