// A longer hunt than the tests make: runs a range of seeds, and makes each failing plan small and a file that replays it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makePlan, type Plan } from './plan.ts';
import { faultOf } from './run.ts';
import { shapeOf, shrunk } from './shrink.ts';

const USAGE = 'usage: npm run campaign -- [--brief] <from> <to> [folder for shrunk plans]';
/** Ends a world as soon as it rests. */
const BRIEF = '--brief';

export function campaign(given: readonly string[], say: (line: string) => void): number {
  const words = given.filter((word) => word !== BRIEF);
  const brief = words.length < given.length;
  const [from, to] = words.slice(0, 2).map(Number);
  if (from === undefined || to === undefined || !Number.isSafeInteger(from) || !Number.isSafeInteger(to) || from < 0 || to < from) {
    say(USAGE);
    return 2;
  }
  const folder = words[2] ?? null;
  const shapes = new Map<string, number>();
  let failed = 0;
  for (let seed = from; seed < to; seed += 1) {
    const plan = makePlan(seed);
    const fault = faultOf(plan, brief);
    if (fault === null) continue;
    failed += 1;
    const shape = shapeOf(fault);
    const first = shapes.get(shape);
    say(`seed ${seed}: ${fault.split('\n')[0]}${first === undefined ? '' : ` (as seed ${first})`}`);
    if (first !== undefined) continue;
    shapes.set(shape, seed);
    if (folder !== null) say(`  ${keep(shrunk(plan, fault), fault, folder)}`);
  }
  say(
    `${to - from} seeds, ${failed} failed in ${shapes.size} ways${failed > 0 ? '; one seed again: npm run campaign -- <seed> <seed + 1>' : ''}`,
  );
  return failed > 0 ? 1 : 0;
}

/** Pinned under tests/sim/regressions, the file is replayed by a test. */
function keep(plan: Plan, fault: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `seed-${plan.seed}.json`);
  const [was = ''] = fault.split('\n');
  writeFileSync(path, `${JSON.stringify({ was, plan }, null, 2)}\n`);
  return `${plan.actions.length} actions are enough: ${path}`;
}
