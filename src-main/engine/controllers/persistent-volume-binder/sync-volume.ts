// What the binder does about one volume: says whether it is free, bound or released, and sees to it when its claim is gone or went elsewhere.
// upstream: pkg/controller/volume/persistentvolume/pv_controller.go syncVolume
import { volumeModesDiffer } from '../../kinds/core/find-matching-volume.ts';
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import { hasAnnotation, provisionedByAnnotation } from '../../kinds/core/volume-annotations.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { keyOf } from '../../meta/object.ts';
import { claimKeyOf, unbindVolume } from './bind.ts';
import type { BinderWorld } from './binder-world.ts';
import { withVolumeMigration } from './migration.ts';
import { moveVolume } from './phases.ts';
import { reclaimVolume } from './reclaim.ts';

/** Throws StatusError when a write was refused. */
export function syncVolume(world: BinderWorld, volume: PersistentVolume): void {
  const marked = withVolumeMigration(volume);
  const current = marked === volume ? volume : world.saveVolume(marked);
  if ((current.spec.claimRef?.uid ?? '') === '') {
    // Unused, or only reserved: then the claim's sync takes it.
    moveVolume(world, current, 'free');
    return;
  }
  const claim = ownerOf(world, current);
  if (claim === undefined) releaseVolume(world, current);
  else if ((claim.spec.volumeName ?? '') === '') awaitClaim(world, current, claim);
  else if (claim.spec.volumeName === current.metadata.name) moveVolume(world, current, 'bind');
  else if (hasAnnotation(current, provisionedByAnnotation) && current.spec.persistentVolumeReclaimPolicy === 'Delete')
    releaseVolume(world, current);
  else unbindVolume(world, current);
}

/** The claim the volume points at, by name and uid; a cache that may be behind is not believed when it says that there is none. */
function ownerOf(world: BinderWorld, volume: PersistentVolume): PersistentVolumeClaim | undefined {
  const key = claimKeyOf(volume);
  const { phase } = volume.status ?? {};
  let claim = world.claim(key);
  if (claim === undefined && phase !== 'Released' && phase !== 'Failed') claim = world.liveClaim(key);
  if (claim !== undefined && claim.metadata.uid !== volume.spec.claimRef?.uid) claim = world.liveClaim(key);
  return claim?.metadata.uid === volume.spec.claimRef?.uid ? claim : undefined;
}

function releaseVolume(world: BinderWorld, volume: PersistentVolume): void {
  reclaimVolume(world, moveVolume(world, volume, 'release'));
}

function awaitClaim(world: BinderWorld, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  if (!volumeModesDiffer(claim, volume)) {
    world.enqueueClaim(keyOf(claim));
    return;
  }
  const [volumeName, claimName] = [goQuote(volume.metadata.name), goQuote(claim.metadata.name)];
  const toVolume = `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${claimName} due to incompatible volumeMode.`;
  world.record(volume, 'Warning', 'VolumeMismatch', toVolume);
  const toClaim = `Cannot bind PersistentVolume ${volumeName} to requested PersistentVolumeClaim due to incompatible volumeMode.`;
  world.record(claim, 'Warning', 'VolumeMismatch', toClaim);
}
