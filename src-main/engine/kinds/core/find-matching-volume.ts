// Which volume a claim gets: the one rule that volume binder and scheduler share, so that what one plans the other carries out.
// upstream: k8s.io/component-helpers/storage/volume/pv_helpers.go (FindMatchingVolume), pkg/controller/volume/persistentvolume/index.go
import { selectorFor } from '../../meta/label-selector.ts';
import { compareQuantities, parseQuantity, type Quantity } from '../../meta/quantity.ts';
import type { StorageClass } from '../storage/storage-class.ts';
import { matchesNodeSelector, type NodeToMatch } from './node-selector.ts';
import type { PersistentVolume } from './persistent-volume.ts';
import type { PersistentVolumeClaim } from './persistent-volume-claim.ts';
import { betaStorageClassAnnotation, selectedNodeAnnotation } from './volume-annotations.ts';

export interface VolumeSearch {
  /** The claim's class waits for the first consumer: without a node only volumes reserved for the claim match. */
  readonly delayBinding: boolean;
  /** The node a pod might go to; null when the volume binder asks. */
  readonly node: NodeToMatch | null;
  /** Names of volumes taken for other claims of the same pod. */
  readonly excluded?: ReadonlySet<string>;
}

/** The volume for an unbound claim. The binder's search (no node) prefers few access modes, the scheduler's only the smallest size; the first listed wins a tie. */
export function findMatchingVolume(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  search: VolumeSearch,
): PersistentVolume | undefined {
  if (search.node !== null) return findIn(claim, volumes, search);
  for (const group of byAccessModes(claim, volumes)) {
    const found = findIn(claim, group, search);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** upstream: GetPersistentVolumeClaimClass */
export function claimClass(claim: PersistentVolumeClaim): string {
  return claim.metadata.annotations?.[betaStorageClassAnnotation] ?? claim.spec.storageClassName ?? '';
}

/** Has the user said a class, be it ''? upstream: PersistentVolumeClaimHasClass */
export function claimHasClass(claim: PersistentVolumeClaim): boolean {
  return claim.metadata.annotations?.[betaStorageClassAnnotation] !== undefined || claim.spec.storageClassName !== undefined;
}

/** upstream: GetPersistentVolumeClass */
export function volumeClass(volume: PersistentVolume): string {
  return volume.metadata.annotations?.[betaStorageClassAnnotation] ?? volume.spec.storageClassName ?? '';
}

/** Is the volume reserved for this claim, by name or by uid as well? upstream: IsVolumeBoundToClaim */
export function isVolumeBoundToClaim(volume: PersistentVolume, claim: PersistentVolumeClaim): boolean {
  const { claimRef } = volume.spec;
  if (claimRef === undefined) return false;
  if (claimRef.name !== claim.metadata.name || (claimRef.namespace ?? '') !== (claim.metadata.namespace ?? '')) return false;
  return (claimRef.uid ?? '') === '' || claimRef.uid === claim.metadata.uid;
}

/** Does the class wait for the first consumer? Unset means Immediate. upstream: IsDelayBindingMode */
export function waitsForFirstConsumer(storageClass: StorageClass | undefined): boolean {
  return storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
}

/** Has the scheduler picked a node for the claim, so that a volume is to be made? upstream: IsDelayBindingProvisioning */
export function isDelayedProvisioning(claim: PersistentVolumeClaim): boolean {
  return claim.metadata.annotations?.[selectedNodeAnnotation] !== undefined;
}

/** Unset means Filesystem. upstream: CheckVolumeModeMismatches */
export function volumeModesDiffer(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return (claim.spec.volumeMode ?? 'Filesystem') !== (volume.spec.volumeMode ?? 'Filesystem');
}

/** Has the volume all access modes of the claim? upstream: CheckAccessModes */
export function accessModesContained(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  const offered = volume.spec.accessModes ?? [];
  return (claim.spec.accessModes ?? []).every((mode) => offered.includes(mode));
}

/** May the volume be used on a node with these labels? upstream: CheckNodeAffinity */
export function volumeFitsNode(volume: PersistentVolume, node: NodeToMatch): boolean {
  const required = volume.spec.nodeAffinity?.required;
  if (required === undefined) return true;
  // Only labels count: upstream asks with a node that has no name.
  const { labels } = node.metadata;
  return matchesNodeSelector(required, { metadata: labels === undefined ? {} : { labels } });
}

/** Is the volume at least as large as the claim asks? */
export function volumeIsLargeEnough(claim: PersistentVolumeClaim, volume: PersistentVolume): boolean {
  return compareQuantities(quantityOf(volume.spec.capacity?.['storage']), quantityOf(claim.spec.resources?.requests?.['storage'])) >= 0;
}

function findIn(
  claim: PersistentVolumeClaim,
  volumes: Iterable<PersistentVolume>,
  { delayBinding, node, excluded }: VolumeSearch,
): PersistentVolume | undefined {
  const requestedClass = claimClass(claim);
  const { selector } = claim.spec;
  const labelsMatch = selector === undefined ? null : selectorFor(selector);
  let smallest: PersistentVolume | undefined;
  for (const volume of volumes) {
    const reserved = isVolumeBoundToClaim(volume, claim);
    if (excluded?.has(volume.metadata.name) || (volume.spec.claimRef !== undefined && !reserved)) continue;
    if (!volumeIsLargeEnough(claim, volume) || volumeModesDiffer(claim, volume)) continue;
    if (volume.metadata.deletionTimestamp !== undefined) continue;
    const fitsNode = node === null || volumeFitsNode(volume, node);
    if (reserved) return fitsNode ? volume : undefined;
    if (node === null && delayBinding) continue;
    if (volume.status?.phase !== 'Available' || volumeClass(volume) !== requestedClass || !fitsNode) continue;
    if (labelsMatch !== null && !labelsMatch(volume.metadata.labels)) continue;
    if (node !== null && !accessModesContained(claim, volume)) continue;
    if (smallest === undefined || compareQuantities(capacityOf(smallest), capacityOf(volume)) > 0) smallest = volume;
  }
  return smallest;
}

/** Volumes that have all requested modes, grouped by their set of modes, the fewest modes first. upstream: allPossibleMatchingAccessModes */
function byAccessModes(claim: PersistentVolumeClaim, volumes: Iterable<PersistentVolume>): readonly (readonly PersistentVolume[])[] {
  const groups = new Map<string, { readonly modes: number; readonly volumes: PersistentVolume[] }>();
  for (const volume of volumes) {
    if (!accessModesContained(claim, volume)) continue;
    const modes = [...new Set(volume.spec.accessModes ?? [])].sort();
    const key = modes.join(',');
    const group = groups.get(key) ?? { modes: modes.length, volumes: [] };
    groups.set(key, group);
    group.volumes.push(volume);
  }
  return [...groups.values()].sort((a, b) => a.modes - b.modes).map((group) => group.volumes);
}

const capacityOf = (volume: PersistentVolume): Quantity => quantityOf(volume.spec.capacity?.['storage']);

const ZERO: Quantity = { nanos: 0n, format: 'BinarySI' };

function quantityOf(text: string | undefined): Quantity {
  return text === undefined ? ZERO : (parseQuantity(text).value ?? ZERO);
}
