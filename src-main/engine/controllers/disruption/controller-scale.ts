// How many pods the controller of a pod should have: a ReplicaSet that belongs to a Deployment counts as the Deployment.
// upstream: pkg/controller/disruption/disruption.go finders
import type { Deployment } from '../../kinds/apps/deployment.ts';
import type { ReplicaSet } from '../../kinds/apps/replica-set.ts';
import type { ReplicationController } from '../../kinds/core/replication-controller.ts';
import type { ApiObject, OwnerReference } from '../../meta/object.ts';
import { controllerOf } from '../../meta/owner-references.ts';

export interface ControllerScale {
  readonly uid: string;
  readonly replicas: number;
}

/** The controllers as far as they can be found by name. */
export interface ScaleWorld {
  readonly replicationController: (key: string) => ReplicationController | undefined;
  readonly replicaSet: (key: string) => ReplicaSet | undefined;
  readonly deployment: (key: string) => Deployment | undefined;
  /** Any other object with a Scale; undefined when there is none of that name. Throws SyncFailure for a kind without a Scale. */
  readonly scaled: (
    owner: OwnerReference,
    namespace: string,
  ) => (ApiObject & { readonly spec: { readonly replicas?: number } }) | undefined;
}

/** Why a budget cannot be counted; the words end up in its condition and event. */
export class SyncFailure extends Error {
  override readonly name = 'SyncFailure';
}

/** undefined: no such controller any more. */
export function scaleOf(owner: OwnerReference, namespace: string, world: ScaleWorld): ControllerScale | undefined {
  const key = `${namespace}/${owner.name}`;
  const isApps = owner.apiVersion.startsWith('apps/') || owner.apiVersion.startsWith('extensions/');
  if (owner.kind === 'ReplicationController' && owner.apiVersion === 'v1') return sized(world.replicationController(key), owner.uid);
  if (owner.kind !== 'ReplicaSet' || !isApps) return sized(world.scaled(owner, namespace), owner.uid);
  const set = world.replicaSet(key);
  if (set === undefined || set.metadata.uid !== owner.uid) return undefined;
  const deployer = controllerOf(set);
  if (deployer?.kind !== 'Deployment') return sized(set, owner.uid);
  return sized(world.deployment(`${namespace}/${deployer.name}`), deployer.uid);
}

function sized(
  controller: { readonly metadata: { readonly uid: string }; readonly spec: { readonly replicas?: number } } | undefined,
  uid: string,
): ControllerScale | undefined {
  return controller?.metadata.uid === uid ? { uid, replicas: controller.spec.replicas ?? 1 } : undefined;
}
