// Keeps a volume that is being deleted while it is bound to a claim.
// upstream: pkg/controller/volume/pvprotection/pv_protection_controller.go
import { type AnyController, defineController } from '../client/component.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { volumeProtectionFinalizer } from '../kinds/core/volume-annotations.ts';
import { volumeChart } from '../statecharts/volume.chart.ts';
import { needsProtection, protect } from './protect.ts';

const protectedVolumes = { kind: persistentVolumeKind, chart: volumeChart, finalizer: volumeProtectionFinalizer };

export const persistentVolumeProtection: AnyController = defineController({
  name: 'persistentvolume-protection-controller',
  workers: 1,
  initialState: () => ({}),
  start: ({ cache, client, queue, restored }) => {
    const volumes = cache(persistentVolumeKind);
    const look = (volume: PersistentVolume): void => {
      if (needsProtection(volume, volumeProtectionFinalizer)) queue.add(volume.metadata.name);
    };
    volumes.onChange((next) => next !== undefined && look(next));
    if (!restored) for (const volume of volumes.values()) look(volume);
    return {
      reconcile: (name) => {
        const volume = volumes.get(name);
        if (volume !== undefined) protect(client, protectedVolumes, volume, () => volume.status.phase !== 'Bound');
      },
    };
  },
});
