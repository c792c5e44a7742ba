// What a world starts from: machines, objects and a seed. Everything else follows from it and the command log.
import type { JsonObject } from './meta/object.ts';

export interface MachinePlan {
  readonly name: string;
  readonly zone: string;
  readonly controlPlane: boolean;
  /** Quantities. */
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
}

export interface ScenarioPlan {
  readonly name: string;
  readonly seed: number;
  /** Unix milliseconds of virtual time zero. */
  readonly epochMs: number;
  readonly region: string;
  readonly machines: readonly MachinePlan[];
  /** Applied at time zero, in order, as a user would. */
  readonly objects: readonly JsonObject[];
  /** A KubeSchedulerConfiguration that was checked; none: the default profile. */
  readonly schedulerConfiguration?: JsonObject;
}

/** A cluster of `zones` zones with `workersPerZone` workers each and one control plane node. */
export function planMachines(
  zones: number,
  workers: number,
  size: Partial<Pick<MachinePlan, 'cpu' | 'memory' | 'pods'>> = {},
): readonly MachinePlan[] {
  const zoneName = (index: number): string => `zone-${String.fromCharCode(97 + (index % 26))}${index < 26 ? '' : Math.floor(index / 26)}`;
  const plan = (name: string, zone: string, controlPlane: boolean): MachinePlan => ({
    name,
    zone,
    controlPlane,
    cpu: size.cpu ?? '4',
    memory: size.memory ?? '8Gi',
    pods: size.pods ?? '110',
  });
  const made = [plan('control-plane', zoneName(0), true)];
  for (let index = 0; index < workers; index += 1)
    made.push(plan(`worker-${index + 1}`, zoneName(Math.floor((index * zones) / workers)), false));
  return made;
}
