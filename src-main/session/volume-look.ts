// A volume for whoever opens it: the files on its disk, and who had it when, as the timeline remembers.
import type { VolumeLook } from '../contract/placement.ts';
import type { StepRecord } from '../contract/timeline.ts';
import type { Cluster } from '../engine/cluster.ts';
import type { PersistentVolume } from '../engine/kinds/core/persistent-volume.ts';
import { MODE_MARK } from '../engine/kubelet/kubelet-state.ts';
import { withoutZeros } from './container-look.ts';

/** More than a card can show. */
const FILES_MAX = 500;
const STEPS_MAX = 200;

export function volumeLook(cluster: Cluster, steps: readonly StepRecord[], name: string): VolumeLook {
  const volume = cluster.store.get('PersistentVolume', name) as PersistentVolume | undefined;
  if (volume === undefined) throw new Error(`There is no PersistentVolume "${name}" (any more).`);
  const handle = volume.spec.csi?.volumeHandle;
  const disk = handle === undefined ? undefined : cluster.physics.get('disk', handle);
  const files = Object.entries(disk?.files ?? {}).flatMap(([path, content]) => (path.endsWith(MODE_MARK) ? [] : [{ path, content }]));
  // Whoever looks at the past hears nothing of what came later.
  const { nowMs } = cluster.timeline;
  const history = steps.filter(
    ({ atMs, kind, key, values }) => atMs <= nowMs && ((kind === 'PersistentVolume' && key === name) || values['volume'] === name),
  );
  return {
    hasDisk: disk !== undefined,
    isLost: disk?.lost === true,
    files: files
      .sort((one, other) => (one.path < other.path ? -1 : 1))
      .slice(0, FILES_MAX)
      .map(withoutZeros),
    history: history.slice(-STEPS_MAX),
  };
}
