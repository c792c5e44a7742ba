// What the binder's rules see of a cluster: the lab stands behind it in production, a handful of objects in a conformance case.
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { StorageClass } from '../../kinds/storage/storage-class.ts';
import type { ApiObject, Draft } from '../../meta/object.ts';

/** An in-tree volume plugin; each method throws PluginError when it fails. */
export interface InTreePlugin {
  readonly name: string;
  readonly supportsMountOptions: boolean;
  /** Makes storage and describes it; throws PluginError with `stage` build when no provisioner can be built. */
  provision?(claim: PersistentVolumeClaim, storageClass: StorageClass): PersistentVolume['spec'];
  /** Deletes what the volume stands for. */
  delete?(volume: PersistentVolume): void;
  /** False: it goes on, the volume is looked at again when something changes. */
  recycle?(volume: PersistentVolume): boolean;
}

export class PluginError extends Error {
  override readonly name = 'PluginError';
  /** `build`: the worker could not even be made. */
  readonly stage: 'build' | 'run';

  constructor(message: string, stage: 'build' | 'run' = 'run') {
    super(message);
    this.stage = stage;
  }
}

/** A sync found what must not be; nothing was changed, the next resync tries again. */
export class BindingError extends Error {
  override readonly name = 'BindingError';
}

export interface BinderWorld {
  /** The newest version known here: what was heard, or what was written since. Keys are `namespace/name`. */
  claim(key: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  /** At least all volumes that are reserved for this claim or for nobody, in a fixed order. */
  volumesFor(claim: PersistentVolumeClaim): Iterable<PersistentVolume>;
  storageClass(name: string): StorageClass | undefined;
  storageClasses(): Iterable<StorageClass>;
  hasNode(name: string): boolean;
  podsUsing(claimKey: string): Iterable<Pod>;
  /** Reads from the API server itself. */
  liveClaim(key: string): PersistentVolumeClaim | undefined;
  liveVolume(name: string): PersistentVolume | undefined;
  /** Writes; each returns what was stored and may throw StatusError. */
  saveClaim(claim: PersistentVolumeClaim): PersistentVolumeClaim;
  saveClaimStatus(claim: PersistentVolumeClaim): PersistentVolumeClaim;
  saveVolume(volume: PersistentVolume): PersistentVolume;
  saveVolumeStatus(volume: PersistentVolume): PersistentVolume;
  createVolume(draft: Draft<PersistentVolume>): void;
  deleteVolume(name: string): void;
  record(regarding: ApiObject, type: 'Normal' | 'Warning', reason: string, message: string): void;
  /** Has a claim looked at soon. */
  enqueueClaim(key: string): void;
  /** Runs an operation unless it failed a moment ago; false from `run` means that it failed. upstream: goroutinemap with exponential back-off */
  operate(name: string, run: () => boolean): void;
  /** The plugin of that name. */
  plugin(name: string): InTreePlugin | undefined;
  /** The plugin for a volume's source. */
  pluginFor(volume: PersistentVolume): InTreePlugin | undefined;
}
