// Keeps a pod to nodes its volumes can reach, and picks or orders volumes for claims that wait for their first consumer.
// upstream: pkg/scheduler/framework/plugins/volumebinding (volume_binding.go, binder.go)
import { equal } from '../../base/equal.ts';
import {
  claimClass,
  findMatchingVolume,
  isVolumeBoundToClaim,
  volumeFitsNode,
  waitsForFirstConsumer,
} from '../../kinds/core/find-matching-volume.ts';
import type { PersistentVolume } from '../../kinds/core/persistent-volume.ts';
import type { PersistentVolumeClaim } from '../../kinds/core/persistent-volume-claim.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { claimIsForPod } from '../../kinds/core/pod-claims.ts';
import { selectedNodeAnnotation } from '../../kinds/core/volume-annotations.ts';
import { topologyAllowed } from '../../kinds/storage/allowed-topologies.ts';
import type { CSIStorageCapacity } from '../../kinds/storage/csi-storage-capacity.ts';
import { keyOf } from '../../meta/object.ts';
import { quantityValue } from '../../meta/quantity.ts';
import { type ClaimOfPod, claimsOfPod } from '../claims-of-pod.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { NodeInfo } from '../node-info.ts';
import { hasEnoughCapacity, hasGrown } from '../storage-capacity.ts';
import { isFullyBound, type VolumePlan } from '../volume-plan.ts';
import type { FilterPlan, Rejection, SchedulerPlugin } from './plugin.ts';

const NO_PROVISIONER = 'kubernetes.io/no-provisioner';

const name = 'VolumeBinding';
const NODE_CONFLICT = 'node(s) had volume node affinity conflict';
const BIND_CONFLICT = "node(s) didn't find available persistent volumes to bind";
const NO_SPACE = 'node(s) did not have enough free storage';
const VOLUME_MISSING = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)';

export const volumeBinding: SchedulerPlugin = { name, planFilter, mayHelp };

/** What must be written for the pod's claims to be bound when it goes to the node; null when they are. */
export function planVolumes(pod: Pod, node: NodeInfo, view: ClusterView): VolumePlan | null {
  const { bindings, provisions, problem } = findPodVolumes(pod, node, view);
  return problem !== null || (bindings.length === 0 && provisions.length === 0) ? null : { bindings, provisions };
}

/** Volumes on the node for the pod's claims that wait for one. */
export function findPodVolumes(pod: Pod, node: NodeInfo, view: ClusterView): Found {
  const needs = needsOf(pod, view);
  return findVolumes('refusal' in needs ? [] : needs.delayed, node, view);
}

/** What was found for claims on a node, and why it is not enough. */
export interface Found extends VolumePlan {
  readonly problem: typeof BIND_CONFLICT | typeof NO_SPACE | null;
}

interface Needs {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Claims whose class waits for the first consumer, each with the volumes that might do. */
  readonly delayed: readonly DelayedClaim[];
}

interface DelayedClaim {
  readonly claim: PersistentVolumeClaim;
  readonly key: string;
  readonly volumes: readonly PersistentVolume[];
}

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const needs = needsOf(pod, view);
  if ('refusal' in needs) return { rejection: { plugin: name, reasons: [needs.refusal], resolvable: false } };
  const { bound, delayed } = needs;
  if (bound.length === 0 && delayed.length === 0) return null;
  return {
    filter: (node) => {
      const reasons: string[] = [];
      const volumes = bound.map(({ spec }) => view.listers.volumes.get(spec.volumeName ?? ''));
      // upstream stops at the first volume that is missing or does not fit
      const odd = volumes.findIndex((volume) => volume === undefined || !volumeFitsNode(volume, node.node));
      if (odd >= 0 && volumes[odd] !== undefined) reasons.push(NODE_CONFLICT);
      const problem = delayed.length > 0 ? findVolumes(delayed, node, view).problem : null;
      if (problem !== null) reasons.push(problem);
      if (odd >= 0 && volumes[odd] === undefined) reasons.push(VOLUME_MISSING);
      return reasons.length === 0 ? null : rejectionFor(reasons);
    },
  };
}

function needsOf(pod: Pod, view: ClusterView): Needs | { readonly refusal: string } {
  const bound: PersistentVolumeClaim[] = [];
  const delayed: DelayedClaim[] = [];
  let immediate = false;
  const mounts = claimsOfPod(pod);
  for (const mount of mounts) {
    const refusal = claimRefusal(pod, mount, view);
    if (refusal !== null) return { refusal };
  }
  for (const { key } of mounts) {
    const claim = view.listers.claims.get(key) as PersistentVolumeClaim;
    if (isFullyBound(claim)) bound.push(claim);
    else if ((claim.spec.volumeName ?? '') === '' && waitsForFirstConsumer(view.listers.storageClasses.get(claimClass(claim))))
      delayed.push({ claim, key, volumes: volumesFor(claim, key, view) });
    else immediate = true;
  }
  if (immediate) return { refusal: 'pod has unbound immediate PersistentVolumeClaims' };
  const size = ({ claim }: DelayedClaim): number => quantityValue(claim.spec.resources?.requests?.['storage'] ?? '0');
  return { bound, delayed: delayed.toSorted((a, b) => size(a) - size(b)) };
}

// upstream: podHasPVCs
function claimRefusal(pod: Pod, { name: claimName, key, ephemeral }: ClaimOfPod, view: ClusterView): string | null {
  const claim = view.listers.claims.get(key);
  if (claim === undefined)
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${claimName}"`
      : `persistentvolumeclaim "${claimName}" not found`;
  if (claim.status.phase === 'Lost')
    return `persistentvolumeclaim "${claimName}" bound to non-existent persistentvolume "${claim.spec.volumeName}"`;
  if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${claimName}" is being deleted`;
  if (ephemeral && !claimIsForPod(pod, claim)) return `PVC ${key} was not created for pod ${keyOf(pod)} (pod is not owner)`;
  return null;
}

/** Volumes of the claim's class that nobody else has, not even in the scheduler's mind. */
function volumesFor(claim: PersistentVolumeClaim, key: string, view: ClusterView): readonly PersistentVolume[] {
  const wanted = claimClass(claim);
  const volumes: PersistentVolume[] = [];
  for (const volume of view.listers.volumesOfClass(wanted)) {
    const takenFor = view.assumedVolumes.get(volume.metadata.name);
    if (takenFor !== undefined && takenFor !== key) continue;
    if (volume.spec.claimRef === undefined || isVolumeBoundToClaim(volume, claim)) volumes.push(volume);
  }
  return volumes;
}

// upstream: FindPodVolumes: first what exists, then what can be made
function findVolumes(delayed: readonly DelayedClaim[], node: NodeInfo, view: ClusterView): Found {
  const bindings: { readonly volume: string; readonly claim: string }[] = [];
  const toMake: DelayedClaim[] = [];
  const excluded = new Set<string>();
  const selectedNode = ({ claim, key }: DelayedClaim): string | undefined =>
    view.assumedClaims.get(key) ?? claim.metadata.annotations?.[selectedNodeAnnotation];
  if (delayed.some((wanted) => (selectedNode(wanted) ?? node.name) !== node.name))
    return { bindings, provisions: [], problem: BIND_CONFLICT };
  for (const wanted of delayed) if (selectedNode(wanted) !== undefined) toMake.push(wanted);
  for (const wanted of delayed) {
    if (selectedNode(wanted) !== undefined) continue;
    const volume = findMatchingVolume(wanted.claim, wanted.volumes, { delayBinding: true, node: node.node, excluded });
    if (volume === undefined) toMake.push(wanted);
    else {
      excluded.add(volume.metadata.name);
      bindings.push({ volume: volume.metadata.name, claim: wanted.key });
    }
  }
  for (const { claim } of toMake) {
    const problem = whyNotProvisioned(claim, node, view);
    if (problem !== null) return { bindings, provisions: [], problem };
  }
  return { bindings, provisions: toMake.map(({ key }) => key), problem: null };
}

// upstream: checkVolumeProvisions
function whyNotProvisioned(claim: PersistentVolumeClaim, { node }: NodeInfo, view: ClusterView): Found['problem'] {
  const storageClass = view.listers.storageClasses.get(claimClass(claim));
  if (storageClass === undefined || storageClass.provisioner === '' || storageClass.provisioner === NO_PROVISIONER) return BIND_CONFLICT;
  if (!topologyAllowed(storageClass, node.metadata.labels ?? {})) return BIND_CONFLICT;
  return hasEnoughCapacity(claim, storageClass, node, view.listers) ? null : NO_SPACE;
}

const rejections = new Map<string, Rejection>();

function rejectionFor(reasons: readonly string[]): Rejection {
  const key = reasons.join();
  let rejection = rejections.get(key);
  if (rejection === undefined) {
    rejection = { plugin: name, reasons, resolvable: false };
    rejections.set(key, rejection);
  }
  return rejection;
}

function mayHelp(pod: Pod, event: ClusterEvent): boolean {
  const { next, previous } = event;
  if (event.resource === 'CSIDriver') return event.next?.spec.storageCapacity !== event.previous?.spec.storageCapacity;
  if (next === undefined) return false;
  switch (event.resource) {
    case 'PersistentVolumeClaim':
      return claimsOfPod(pod).some(({ key }) => key === keyOf(next));
    case 'PersistentVolume':
      return true;
    case 'StorageClass':
      return previous === undefined || !equal(event.next?.allowedTopologies, event.previous?.allowedTopologies);
    case 'Node':
      return !equal(next.metadata.labels, previous?.metadata.labels);
    case 'CSINode':
      return previous === undefined;
    case 'CSIStorageCapacity':
      return previous === undefined || hasGrown(event.next as CSIStorageCapacity, event.previous as CSIStorageCapacity);
    default:
      return false;
  }
}
