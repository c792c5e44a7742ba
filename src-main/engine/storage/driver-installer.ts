// Installs a storage driver the first time something asks for it, as its Helm chart would: in the lab, no driver pods are needed.
import { type AnyComponent, type ComponentContext, defineComponent } from '../client/component.ts';
import { persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import type { Kind } from '../kinds/kind.ts';
import { csiDriverKind } from '../kinds/storage/csi-driver.ts';
import { storageClassKind } from '../kinds/storage/storage-class.ts';
import { volumeSnapshotClassKind } from '../kinds/storage/volume-snapshot.ts';
import { isAlreadyExists, isRefusedByPolicy } from '../meta/status-error.ts';
import { type Backend, driverOfProvisioner } from './backends.ts';

export const driverInstaller: AnyComponent = defineComponent({
  name: 'csi-driver-installer',
  initialState: () => ({}),
  start: (context) => {
    const classes = context.cache(storageClassKind);
    const volumes = context.cache(persistentVolumeKind);
    context.cache(csiDriverKind as unknown as Kind);
    const install = (name: string | undefined): void => {
      const backend = driverOfProvisioner(name);
      if (backend !== undefined) installDriver(context, backend);
    };
    classes.onChange((next, previous) => next !== undefined && previous === undefined && install(next.provisioner));
    volumes.onChange((next, previous) => next !== undefined && previous === undefined && install(next.spec.csi?.driver));
    context
      .cache(volumeSnapshotClassKind)
      .onChange((next, previous) => next !== undefined && previous === undefined && install(next.driver));
    if (!context.restored) for (const { provisioner } of classes.values()) install(provisioner);
    return {};
  },
});

/** The CSIDriver object that comes with a driver. */
export function driverObject({ name, attaches, modes }: Backend) {
  const fsGroupPolicy = modes.includes('ReadWriteMany') ? 'File' : 'ReadWriteOnceWithFSType';
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIDriver',
    metadata: { name },
    spec: { attachRequired: attaches, podInfoOnMount: false, fsGroupPolicy, volumeLifecycleModes: ['Persistent'] },
  };
}

function installDriver({ cache, client }: ComponentContext<unknown>, backend: Backend): void {
  if (cache(csiDriverKind).get(backend.name) !== undefined) return;
  try {
    client.create(csiDriverKind, driverObject(backend));
  } catch (thrown) {
    if (!isAlreadyExists(thrown) && !isRefusedByPolicy(thrown)) throw thrown;
  }
}
