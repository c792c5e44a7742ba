// What the binder does about one claim: finds its volume, has one made, or says why it waits.
// upstream: pkg/controller/volume/persistentvolume/pv_controller.go (syncClaim, syncUnboundClaim, syncBoundClaim)
import {
  accessModesContained,
  claimClass,
  claimHasClass,
  findMatchingVolume,
  isDelayedProvisioning,
  isVolumeBoundToClaim,
  volumeClass,
  volumeIsLargeEnough,
  volumeModesDiffer,
  waitsForFirstConsumer,
} from '../../kinds/core/find-matching-volume.ts';
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import { bindCompletedAnnotation, boundByControllerAnnotation, hasAnnotation } from '../../kinds/core/volume-annotations.ts';
import { defaultStorageClass } from '../../kinds/storage/default-storage-class.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { keyOf } from '../../meta/object.ts';
import { bind, claimKeyOf } from './bind.ts';
import { type BinderWorld, BindingError } from './binder-world.ts';
import { withClaimMigration } from './migration.ts';
import { loseClaim, moveClaim } from './phases.ts';
import { isPodTerminated } from './pod-terminated.ts';
import { provisionClaim } from './provision.ts';

/** Throws StatusError when a write was refused and BindingError when the claim cannot be as it is. */
export function syncClaim(world: BinderWorld, claim: PersistentVolumeClaim): void {
  const marked = withClaimMigration(claim);
  const current = marked === claim ? claim : world.saveClaim(marked);
  if (hasAnnotation(current, bindCompletedAnnotation)) syncBoundClaim(world, current);
  else if ((current.spec.volumeName ?? '') === '') findVolume(world, current);
  else takeNamedVolume(world, current, current.spec.volumeName ?? '');
}

function findVolume(world: BinderWorld, claim: PersistentVolumeClaim): void {
  const delayBinding = waitsForFirstConsumer(world.storageClass(claimClass(claim)));
  const volume = findMatchingVolume(claim, world.volumesFor(claim), { delayBinding, node: null });
  if (volume !== undefined) {
    bind(world, volume, claim);
    return;
  }
  if (assignDefaultClass(world, claim)) return;
  if (delayBinding && !isDelayedProvisioning(claim)) sayWhatItWaitsFor(world, claim);
  else if (claimClass(claim) !== '') {
    provisionClaim(world, claim);
    return;
  } else world.record(claim, 'Normal', 'FailedBinding', 'no persistent volumes available for this claim and no storage class is set');
  moveClaim(world, claim, 'wait', null);
}

function takeNamedVolume(world: BinderWorld, claim: PersistentVolumeClaim, name: string): void {
  const volume = world.volume(name);
  if (volume === undefined) {
    moveClaim(world, claim, 'wait', null);
    return;
  }
  if (volume.spec.claimRef === undefined) {
    const why = whyNotSatisfied(volume, claim);
    if (why === null) {
      bind(world, volume, claim);
      return;
    }
    world.record(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume ${goQuote(name)}: ${why}`);
    moveClaim(world, claim, 'wait', null);
    return;
  }
  if (isVolumeBoundToClaim(volume, claim)) {
    bind(world, volume, claim);
    return;
  }
  world.record(claim, 'Warning', 'FailedBinding', `volume ${goQuote(name)} already bound to a different claim.`);
  if (hasAnnotation(claim, boundByControllerAnnotation)) {
    const owner = goQuote(claimKeyOf(volume));
    throw new BindingError(
      `invalid binding of claim ${goQuote(keyOf(claim))} to volume ${goQuote(name)}: volume already claimed by ${owner}`,
    );
  }
  moveClaim(world, claim, 'wait', null);
}

function syncBoundClaim(world: BinderWorld, claim: PersistentVolumeClaim): void {
  const name = claim.spec.volumeName ?? '';
  const volume = name === '' ? undefined : world.volume(name);
  if (name === '') loseClaim(world, claim, 'ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!');
  else if (volume === undefined)
    loseClaim(world, claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!');
  else if (volume.spec.claimRef === undefined || volume.spec.claimRef.uid === claim.metadata.uid) bind(world, volume, claim);
  else loseClaim(world, claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly');
}

// upstream: checkVolumeSatisfyClaim
function whyNotSatisfied(volume: PersistentVolume, claim: PersistentVolumeClaim): string | null {
  if (volume.metadata.deletionTimestamp !== undefined) return `the volume is marked for deletion ${goQuote(volume.metadata.name)}`;
  if (!volumeIsLargeEnough(claim, volume)) return 'requested PV is too small';
  if (volumeClass(volume) !== claimClass(claim)) return 'storageClassName does not match';
  if (volumeModesDiffer(claim, volume)) return 'incompatible volumeMode';
  return accessModesContained(claim, volume) ? null : 'incompatible accessMode';
}

// upstream: emitEventForUnboundDelayBindingClaim
function sayWhatItWaitsFor(world: BinderWorld, claim: PersistentVolumeClaim): void {
  const names: string[] = [];
  for (const pod of world.podsUsing(keyOf(claim)))
    if ((pod.spec.nodeName ?? '') === '' && !isPodTerminated(pod)) names.push(pod.metadata.name);
  if (names.length === 0) {
    world.record(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding');
    return;
  }
  const pods = names.length > 1 ? 'pods' : 'pod';
  world.record(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${pods} ${names.sort().join(',')} to be scheduled`);
}

// upstream: assignDefaultStorageClass
function assignDefaultClass(world: BinderWorld, claim: PersistentVolumeClaim): boolean {
  if (claimHasClass(claim)) return false;
  const storageClass = defaultStorageClass(world.storageClasses());
  if (storageClass === undefined) return false;
  world.saveClaim({ ...claim, spec: { ...claim.spec, storageClassName: storageClass.metadata.name } });
  return true;
}
