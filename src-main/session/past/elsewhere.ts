// Runs what happens in another world than the live one: those who watch the lives of this one do not hear of it.
import { aside, type LifeWatcher } from '../../engine/statecharts/interpreter.ts';

export function* elsewhere<T>(work: Iterator<void, T>, hear?: LifeWatcher): Generator<void, T> {
  for (;;) {
    const step = aside(() => work.next(), hear);
    if (step.done === true) return step.value;
    yield;
  }
}
