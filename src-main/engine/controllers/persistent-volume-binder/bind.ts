// Ties a volume and a claim together, and loosens them: the volume is always written first, so that a crash in between can be finished.
import { bindVolumeToClaim } from '../../kinds/core/bind-volume-to-claim.ts';
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import {
  bindCompletedAnnotation,
  boundByControllerAnnotation,
  hasAnnotation,
  withAnnotation,
} from '../../kinds/core/volume-annotations.ts';
import type { BinderWorld } from './binder-world.ts';
import { moveClaim, moveVolume } from './phases.ts';

/** Both halves and both phases; writes only what is not there yet. upstream: bind */
export function bind(world: BinderWorld, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  const reserved = bindVolumeToClaim(volume, claim);
  const boundVolume = moveVolume(world, reserved === volume ? volume : world.saveVolume(reserved), 'bind');
  const pointed = bindClaimToVolume(claim, boundVolume);
  moveClaim(world, pointed === claim ? claim : world.saveClaim(pointed), 'bind', boundVolume);
}

/** Frees a volume: a reservation that the user made stays, without its uid. upstream: unbindVolume */
export function unbindVolume(world: BinderWorld, volume: PersistentVolume): void {
  const { claimRef, ...spec } = volume.spec;
  const { uid: _, ...reservation } = claimRef ?? {};
  const freed = hasAnnotation(volume, boundByControllerAnnotation)
    ? withAnnotation({ ...volume, spec }, boundByControllerAnnotation, undefined)
    : { ...volume, spec: { ...spec, claimRef: reservation } };
  moveVolume(world, world.saveVolume(freed), 'free');
}

/** `namespace/name` of the claim a volume is for. */
export function claimKeyOf(volume: PersistentVolume): string {
  return `${volume.spec.claimRef?.namespace ?? ''}/${volume.spec.claimRef?.name ?? ''}`;
}

// upstream: bindClaimToVolume
function bindClaimToVolume(claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolumeClaim {
  const { name } = volume.metadata;
  if (claim.spec.volumeName === name) return completed(claim);
  const pointed = { ...claim, spec: { ...claim.spec, volumeName: name } };
  return completed(
    hasAnnotation(claim, boundByControllerAnnotation) ? pointed : withAnnotation(pointed, boundByControllerAnnotation, 'yes'),
  );
}

function completed(claim: PersistentVolumeClaim): PersistentVolumeClaim {
  return hasAnnotation(claim, bindCompletedAnnotation) ? claim : withAnnotation(claim, bindCompletedAnnotation, 'yes');
}
