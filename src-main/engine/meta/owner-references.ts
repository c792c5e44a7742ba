// Who owns whom: a controller's claim on its objects, which garbage collection and every controller read.
// upstream: apimachinery pkg/apis/meta/v1/controller_ref.go
import type { ApiObject, OwnerReference } from './object.ts';

interface Owned {
  readonly metadata: { readonly ownerReferences?: readonly OwnerReference[] };
}

/** The reference to the one controller of an object. */
export function controllerOf(object: Owned): OwnerReference | undefined {
  const references = object.metadata.ownerReferences;
  if (references === undefined) return undefined;
  for (let index = 0; index < references.length; index += 1) {
    const reference = references[index] as OwnerReference;
    if (reference.controller === true) return reference;
  }
  return undefined;
}

export function isControlledBy(object: Owned, owner: { readonly metadata: { readonly uid: string } }): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

/** The reference a controller puts on what it creates. */
export function newControllerReference(owner: ApiObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}
