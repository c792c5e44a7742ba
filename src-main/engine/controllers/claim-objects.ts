// Adoption and release: a controller takes orphans its selector matches and lets go of what it matches no more.
// upstream: pkg/controller/controller_ref_manager.go
import type { Client } from '../client/component.ts';
import type { Kind } from '../kinds/kind.ts';
import type { LabelMatcher } from '../meta/labels.ts';
import { type ApiObject, keyOf } from '../meta/object.ts';
import { controllerOf, newControllerReference } from '../meta/owner-references.ts';
import { isInvalid, isNotFound } from '../meta/status-error.ts';

interface Claim<Owner extends ApiObject, Owned extends ApiObject> {
  readonly client: Client;
  readonly ownerKind: Kind<Owner>;
  readonly ownedKind: Kind<Owned>;
  readonly owner: Owner;
  readonly matches: LabelMatcher;
  /** Put on what is adopted, and taken from what is let go. */
  readonly finalizer?: string;
}

/** The objects that are the owner's, after adoption and release. Throws what a write threw. */
export function claimObjects<Owner extends ApiObject, Owned extends ApiObject>(
  claim: Claim<Owner, Owned>,
  owned: Iterable<Owned>,
  orphans: Iterable<Owned>,
): Owned[] {
  const { owner, matches } = claim;
  const deleting = owner.metadata.deletionTimestamp !== undefined;
  const claimed: Owned[] = [];
  for (const object of owned) {
    if (matches(object.metadata.labels)) claimed.push(object);
    else if (!deleting) release(claim, object);
  }
  if (deleting) return claimed;
  let fresh: Owner | null = null;
  for (const object of orphans) {
    if (object.metadata.deletionTimestamp !== undefined || !matches(object.metadata.labels)) continue;
    // One live read before the first adoption: the cache may not know yet that the owner goes away.
    fresh ??= claim.client.get(claim.ownerKind, keyOf(owner));
    if (fresh.metadata.uid !== owner.metadata.uid || fresh.metadata.deletionTimestamp !== undefined) break;
    if (adopt(claim, object)) claimed.push(object);
  }
  return claimed;
}

function adopt<Owner extends ApiObject, Owned extends ApiObject>(claim: Claim<Owner, Owned>, object: Owned): boolean {
  const reference = newControllerReference(claim.owner);
  return change(claim, object, (current) => {
    if (controllerOf(current) !== undefined) return current;
    return withReferences(withFinalizer(current, claim.finalizer), [...(current.metadata.ownerReferences ?? []), reference]);
  });
}

function release<Owner extends ApiObject, Owned extends ApiObject>(claim: Claim<Owner, Owned>, object: Owned): void {
  const { uid } = claim.owner.metadata;
  change(claim, object, (current) =>
    withReferences(
      withoutFinalizer(current, claim.finalizer),
      (current.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid),
    ),
  );
}

/** False when the object is gone, which is no fault. */
function change<Owner extends ApiObject, Owned extends ApiObject>(
  { client, ownedKind }: Claim<Owner, Owned>,
  object: Owned,
  next: (current: Owned) => Owned,
): boolean {
  try {
    client.patch(ownedKind, keyOf(object), (current) => (current.metadata.uid === object.metadata.uid ? next(current) : current));
    return true;
  } catch (error) {
    if (!isNotFound(error) && !isInvalid(error)) throw error;
    return false;
  }
}

function withFinalizer<Owned extends ApiObject>(object: Owned, finalizer: string | undefined): Owned {
  const { finalizers = [] } = object.metadata;
  if (finalizer === undefined || finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

function withoutFinalizer<Owned extends ApiObject>(object: Owned, finalizer: string | undefined): Owned {
  const { finalizers = [] } = object.metadata;
  if (finalizer === undefined || !finalizers.includes(finalizer)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: finalizers.filter((one) => one !== finalizer) } };
}

function withReferences<Owned extends ApiObject>(
  object: Owned,
  ownerReferences: NonNullable<ApiObject['metadata']['ownerReferences']>,
): Owned {
  if (ownerReferences.length > 0) return { ...object, metadata: { ...object.metadata, ownerReferences } };
  const { ownerReferences: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
