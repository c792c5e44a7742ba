// Keeps a volume that is being deleted while it is bound to a claim.
// upstream: pkg/controller/volume/pvprotection/pv_protection_controller.go
import { type AnyController, defineController } from '../client/component.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { volumeProtectionFinalizer, withFinalizer, withoutFinalizer } from '../kinds/core/volume-annotations.ts';
import { isNotFound } from '../meta/status-error.ts';
import { step } from '../statecharts/step.ts';
import { volumeChart } from '../statecharts/volume.chart.ts';
import { protectionState } from './protection-state.ts';

export const persistentVolumeProtection: AnyController = defineController({
  name: 'persistentvolume-protection-controller',
  workers: 1,
  initialState: () => ({}),
  start: ({ cache, client, queue, restored }) => {
    const volumes = cache(persistentVolumeKind);
    const look = (volume: PersistentVolume): void => {
      const protection = protectionState(volume, volumeProtectionFinalizer);
      if (protection === 'unprotected' || protection === 'terminating') queue.add(volume.metadata.name);
    };
    volumes.onChange((next) => next !== undefined && look(next));
    if (!restored) for (const volume of volumes.values()) look(volume);
    return {
      reconcile: (name) => {
        const volume = volumes.get(name);
        if (volume === undefined) return;
        const phase = volume.status.phase ?? 'Pending';
        const states = { phase, protection: protectionState(volume, volumeProtectionFinalizer) };
        const actions: string[] = [];
        step(volumeChart, states, 'protection', 'inspect', {
          guard: () => phase !== 'Bound',
          action: (action) => void actions.push(action),
        });
        try {
          if (actions.includes('addFinalizer')) client.update(persistentVolumeKind, withFinalizer(volume, volumeProtectionFinalizer));
          if (actions.includes('removeFinalizer')) client.update(persistentVolumeKind, withoutFinalizer(volume, volumeProtectionFinalizer));
        } catch (thrown) {
          if (!isNotFound(thrown)) throw thrown;
        }
      },
    };
  },
});
