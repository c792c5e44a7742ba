// Makes the lab as hosts start it: where a left one stopped, or the scenario that a first start shows.
import type { LoggedCommand } from '../engine/cluster.ts';
import { Lab, type LabOptions } from './lab.ts';
import { openSnapshot } from './snapshot-file.ts';

export interface CreateOptions extends Omit<LabOptions, 'restored'> {
  /** A snapshot to go on from, and commands of later with their places in its log; throws when it is no world of ours. */
  readonly left?: { readonly world: Uint8Array; readonly commands: readonly (readonly [index: number, command: unknown])[] } | undefined;
}

export function createLab({ left, ...options }: CreateOptions = {}): Lab {
  if (left === undefined) return new Lab(options);
  const cluster = openSnapshot(left.world);
  const known = cluster.log().length;
  cluster.redo(left.commands.filter(([index]) => index >= known).map(([, command]) => command as LoggedCommand));
  return new Lab({ ...options, restored: cluster, playing: false });
}
