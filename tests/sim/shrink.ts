// Makes a failing plan small: drops actions one by one, and everything before the fault that does not matter to it.
import type { Action, Plan } from './plan.ts';
import { faultOf } from './run.ts';

/** Rounds over all actions. */
const ROUNDS_MAX = 4;

/** The smallest plan found that still fails in the same way. */
export function shrunk(plan: Plan, fault: string): Plan {
  const wanted = shapeOf(fault);
  const fails = (candidate: Plan): boolean => {
    const found = faultOf(candidate);
    return found !== null && shapeOf(found) === wanted;
  };
  let smallest = plan;
  const keep = (candidate: Plan): boolean => {
    if (!fails(candidate)) return false;
    smallest = candidate;
    return true;
  };
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = smallest.actions.length;
    for (let size = Math.ceil(before / 2); size >= 1; size = Math.floor(size / 2))
      for (let from = smallest.actions.length - size; from >= 0; from -= size)
        keep({ ...smallest, actions: without(smallest.actions, from, size) });
    if (smallest.actions.length === before) break;
  }
  const last = smallest.actions.at(-1)?.atMs ?? 0;
  keep({ ...smallest, healMs: Math.min(smallest.healMs, last) });
  return smallest;
}

/** The first line of a fault without names, numbers and times: two faults of one shape are taken for the same. */
export function shapeOf(fault: string): string {
  const [first = ''] = fault.split('\n');
  return first
    .replace(/\(at .*$/, '')
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/[\w.-]*\d[\w./,-]*/g, '#')
    .replaceAll(/\b(default|shop)\/[\w-]+/g, '#')
    .trim();
}

function without(actions: readonly Action[], from: number, size: number): readonly Action[] {
  return [...actions.slice(0, from), ...actions.slice(from + size)];
}
