// The file that --scheduler-config names, refused with every fault before a world is made with it.
import type { ScenarioPlan } from '../../engine/scenario.ts';
import { parseSchedulerFile } from '../../session/scheduler-file.ts';
import { readNamedFile } from './named-file.ts';
import { UsageError } from './usage-error.ts';

/** The part of a scenario that it makes; none without a file. */
export function schedulerOf(name: string | undefined): Pick<ScenarioPlan, 'schedulerConfiguration'> {
  if (name === undefined) return {};
  const read = parseSchedulerFile(name, readNamedFile(name));
  if ('faults' in read) throw new UsageError(read.faults.map((fault) => `--scheduler-config: ${fault}`).join('\n'));
  return read;
}
