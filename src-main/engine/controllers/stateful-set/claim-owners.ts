// Who owns a StatefulSet's claim: what persistentVolumeClaimRetentionPolicy says is carried out by owner references, and by the garbage collector.
// upstream: pkg/controller/statefulset/stateful_set_utils.go isClaimOwnerUpToDate, updateClaimOwnerRefForSetAndPod (release 1.33)
import type { StatefulSet } from '../../kinds/apps/stateful-set.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { OwnerReference } from '../../meta/object.ts';
import { isInRange, ordinalOf } from './identity.ts';

type References = readonly OwnerReference[];
type Owner = Pick<OwnerReference, 'apiVersion' | 'kind' | 'name' | 'uid'>;

/** The set and the pod as owner references name them; uid '' for a pod that is not made yet. */
function setAsOwner({ metadata }: StatefulSet): Owner {
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', name: metadata.name, uid: metadata.uid };
}

function podAsOwner({ metadata }: Pod): Owner {
  return { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid };
}

export function retentionOf(set: StatefulSet): { readonly whenScaled: string; readonly whenDeleted: string } {
  const { whenScaled = 'Retain', whenDeleted = 'Retain' } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  return { whenScaled, whenDeleted };
}

export function ownersAreUpToDate(references: References, set: StatefulSet, pod: Pod): boolean {
  const [ofSet, ofPod] = [setAsOwner(set), podAsOwner(pod)];
  // What an earlier object of the same name left is not touched: the garbage collector decides about it.
  if (hasStaleOwner(references, ofSet) || hasStaleOwner(references, ofPod)) return true;
  if (hasUnexpectedController(references, set, pod)) return ![ofSet, ofPod].some((owner) => hasOwner(references, owner));
  if (references.some((reference) => isOneOf(reference, ofSet, ofPod) && reference.controller !== true)) return false;
  const wanted = wantedOwner(set, pod);
  return [ofSet, ofPod].every((owner) => hasOwner(references, owner) === (wanted?.uid === owner.uid));
}

/** Foreign references stay; where another controller holds the claim, only they stay. */
export function ownersSetRight(references: References, set: StatefulSet, pod: Pod): References {
  const [ofSet, ofPod] = [setAsOwner(set), podAsOwner(pod)];
  const others = references.filter((reference) => !names(reference, ofSet) && !names(reference, ofPod));
  const wanted = hasUnexpectedController(references, set, pod) ? null : wantedOwner(set, pod);
  return wanted === null ? others : [...others, { ...wanted, controller: true, blockOwnerDeletion: true }];
}

/** Something else controls the claim, or an earlier object of the set's or the pod's name does. */
export function hasUnexpectedController(references: References, set: StatefulSet, pod: Pod): boolean {
  const { whenScaled, whenDeleted } = retentionOf(set);
  if (whenScaled !== 'Delete' && whenDeleted !== 'Delete') return false;
  const owners = [setAsOwner(set), podAsOwner(pod)];
  return references.some((reference) => {
    const owner = owners.find((candidate) => names(reference, candidate));
    return owner === undefined ? reference.controller === true : reference.uid !== owner.uid;
  });
}

/** An owner reference to an object of that name that is another one. upstream: hasStaleOwnerRef */
export function hasStalePodOwner(references: References, pod: Pod): boolean {
  return hasStaleOwner(references, podAsOwner(pod));
}

function wantedOwner(set: StatefulSet, pod: Pod): Owner | null {
  const { whenScaled, whenDeleted } = retentionOf(set);
  if (whenScaled === 'Delete' && !isInRange(set, ordinalOf(pod))) return podAsOwner(pod);
  return whenDeleted === 'Delete' ? setAsOwner(set) : null;
}

function hasOwner(references: References, { uid }: Owner): boolean {
  return references.some((reference) => reference.uid === uid);
}

function hasStaleOwner(references: References, owner: Owner): boolean {
  const found = references.find((reference) => names(reference, owner));
  return found !== undefined && found.uid !== owner.uid;
}

function names({ apiVersion, kind, name }: OwnerReference, owner: Owner): boolean {
  return apiVersion === owner.apiVersion && kind === owner.kind && name === owner.name;
}

function isOneOf({ uid }: OwnerReference, ...owners: readonly Owner[]): boolean {
  return owners.some((owner) => owner.uid === uid);
}
