// What becomes of a released volume: kept, scrubbed for the next claim, or deleted with its data.
// upstream: pkg/controller/volume/persistentvolume/pv_controller.go (reclaimVolume, recycleVolumeOperation, deleteVolumeOperation)
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import {
  hasAnnotation,
  hasFinalizer,
  inTreeDeletionFinalizer,
  migratedToAnnotation,
  provisionedByAnnotation,
  withoutFinalizer,
} from '../../kinds/core/volume-annotations.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { isNotFound } from '../../meta/status-error.ts';
import { claimKeyOf, unbindVolume } from './bind.ts';
import { type BinderWorld, type InTreePlugin, PluginError } from './binder-world.ts';
import { migratedTo } from './migration.ts';
import { failVolume, stepReclaim } from './phases.ts';
import { isPodTerminated } from './pod-terminated.ts';

/** Starts what the volume's policy says. */
export function reclaimVolume(world: BinderWorld, volume: PersistentVolume): void {
  const policy = volume.spec.persistentVolumeReclaimPolicy;
  const answers: Readonly<Record<string, boolean>> = {
    isMigrated: (volume.metadata.annotations?.[migratedToAnnotation] ?? '') !== '',
    retains: policy === 'Retain',
    recycles: policy === 'Recycle',
    deletes: policy === 'Delete',
  };
  const chosen: string[] = [];
  stepReclaim(volume, { guard: (name) => answers[name] === true, action: (name) => void chosen.push(name) });
  const { name, uid } = volume.metadata;
  for (const action of chosen) {
    if (action === 'recycle') world.operate(`recycle-${name}[${uid}]`, () => recycleVolume(world, volume));
    else if (action === 'deleteVolume') world.operate(`delete-${name}[${uid}]`, () => deleteVolume(world, volume));
    else failVolume(world, volume, 'VolumeUnknownReclaimPolicy', 'Volume has unrecognized PersistentVolumeReclaimPolicy');
  }
}

/** The in-tree plugin that deletes a volume; null: an external one does; a text: there is none. upstream: findDeletablePlugin */
export function deleterOf(world: BinderWorld, volume: PersistentVolume): InTreePlugin | null | string {
  const provisioner = volume.metadata.annotations?.[provisionedByAnnotation] ?? '';
  if (provisioner !== '') {
    const plugin = world.plugin(provisioner);
    if (plugin?.delete !== undefined) return plugin;
    // A migrated plugin is no longer compiled in; its volumes carry migrated-to and never come here.
    if (!provisioner.startsWith('kubernetes.io/') || migratedTo(provisioner) !== undefined) return null;
    return plugin === undefined ? `no volume plugin matched name: ${provisioner}` : 'no deletable volume plugin matched';
  }
  if (hasAnnotation(volume, migratedToAnnotation) || volume.spec.csi !== undefined) return null;
  const plugin = world.pluginFor(volume);
  if (plugin?.delete !== undefined) return plugin;
  const why = plugin === undefined ? 'no volume plugin matched' : 'no deletable volume plugin matched';
  return `error getting deleter volume plugin for volume ${goQuote(volume.metadata.name)}: ${why}`;
}

function deleteVolume(world: BinderWorld, volume: PersistentVolume): boolean {
  const { name } = volume.metadata;
  const newest = world.liveVolume(name);
  if (newest === undefined || !isReleased(world, newest)) return true;
  const deleter = deleterOf(world, volume);
  if (deleter === null) return true;
  const error = typeof deleter === 'string' ? deleter : whyNotDeleted(deleter, volume);
  if (error !== null) {
    failVolume(world, volume, 'VolumeFailedDelete', error);
    return false;
  }
  const emptied = world.liveVolume(name);
  if (emptied !== undefined && hasFinalizer(emptied, inTreeDeletionFinalizer))
    world.saveVolume(withoutFinalizer(emptied, inTreeDeletionFinalizer));
  try {
    world.deleteVolume(name);
  } catch (thrown) {
    // The last finalizer was ours and the volume was being deleted already.
    if (!isNotFound(thrown)) throw thrown;
  }
  return true;
}

function whyNotDeleted(plugin: InTreePlugin, volume: PersistentVolume): string | null {
  try {
    plugin.delete?.(volume);
    return null;
  } catch (thrown) {
    if (!(thrown instanceof PluginError)) throw thrown;
    return thrown.stage === 'run'
      ? thrown.message
      : `failed to create deleter for volume ${goQuote(volume.metadata.name)}: ${thrown.message}`;
  }
}

function recycleVolume(world: BinderWorld, volume: PersistentVolume): boolean {
  const newest = world.liveVolume(volume.metadata.name);
  if (newest === undefined || !isReleased(world, newest)) return true;
  const users = usersOf(world, newest);
  // A claim of that name is another one, since the volume is released: its pods do not use this volume.
  if (users.length > 0 && world.claim(claimKeyOf(newest)) === undefined) {
    world.record(volume, 'Normal', 'VolumeFailedRecycle', `Volume is used by pods: ${users.join(',')}`);
    return true;
  }
  const plugin = world.pluginFor(newest);
  if (plugin?.recycle === undefined) {
    failVolume(world, newest, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!');
    return true;
  }
  try {
    if (!plugin.recycle(newest)) return true;
  } catch (thrown) {
    if (!(thrown instanceof PluginError)) throw thrown;
    failVolume(world, newest, 'VolumeFailedRecycle', `Recycle failed: ${thrown.message}`);
    return true;
  }
  world.record(newest, 'Normal', 'VolumeRecycled', 'Volume recycled');
  unbindVolume(world, newest);
  return true;
}

/** Its claim is gone, or has taken another volume. upstream: isVolumeReleased */
function isReleased(world: BinderWorld, volume: PersistentVolume): boolean {
  const uid = volume.spec.claimRef?.uid ?? '';
  if (uid === '') return false;
  const claim = world.claim(claimKeyOf(volume));
  if (claim?.metadata.uid !== uid) return true;
  const name = claim.spec.volumeName ?? '';
  return name !== '' && name !== volume.metadata.name;
}

// upstream: isVolumeUsed
function usersOf(world: BinderWorld, volume: PersistentVolume): readonly string[] {
  const names = new Set<string>();
  for (const pod of world.podsUsing(claimKeyOf(volume)))
    if (!isPodTerminated(pod)) names.add(`${pod.metadata.namespace}/${pod.metadata.name}`);
  return [...names].sort();
}
