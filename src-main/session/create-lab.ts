// Makes the lab as hosts start it: where a saved one stopped, or the scenario that a first start shows.
import { Cluster } from '../engine/cluster.ts';
import { Lab, type LabOptions } from './lab.ts';
import { unpackSnapshot } from './snapshot-file.ts';

export interface CreateOptions extends Omit<LabOptions, 'restored'> {
  /** A snapshot to go on from; throws SnapshotError when it is none. */
  readonly saved?: Uint8Array | undefined;
}

export function createLab({ saved, ...options }: CreateOptions = {}): Lab {
  return new Lab(saved === undefined ? options : { ...options, restored: Cluster.restore(unpackSnapshot(saved)), playing: false });
}
