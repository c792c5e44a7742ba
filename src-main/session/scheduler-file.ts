// Reads a KubeSchedulerConfiguration for a new world: everything a scheduler would refuse at its start is refused here.
import type { ScenarioPlan } from '../engine/scenario.ts';
import { asSchedulerConfiguration, readSchedulerConfiguration } from '../engine/scheduler/scheduler-configuration.ts';
import { parseConfiguration } from '../persistence/configuration-file.ts';

/** The part of a scenario that the file makes, or its faults in sentences. */
export function parseSchedulerFile(
  file: string,
  text: string,
): Pick<ScenarioPlan, 'schedulerConfiguration'> | { readonly faults: readonly string[] } {
  const parsed = parseConfiguration(file, text);
  if ('faults' in parsed) return parsed;
  const read = readSchedulerConfiguration(asSchedulerConfiguration(parsed.object));
  return 'errors' in read ? { faults: read.errors.map((error) => `${file}: ${error}`) } : { schedulerConfiguration: parsed.object };
}
