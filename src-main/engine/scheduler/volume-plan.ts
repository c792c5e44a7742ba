// What has to be written so that a pod's claims get their volumes on the chosen node, and how far that has come.
// upstream: pkg/scheduler/framework/plugins/volumebinding/binder.go AssumePodVolumes, bindAPIUpdate, checkBindings
import type { Client } from '../client/component.ts';
import { bindVolumeToClaim } from '../kinds/core/bind-volume-to-claim.ts';
import { volumeFitsNode } from '../kinds/core/find-matching-volume.ts';
import { type PersistentVolume, persistentVolumeKind } from '../kinds/core/persistent-volume.ts';
import { type PersistentVolumeClaim, persistentVolumeClaimKind } from '../kinds/core/persistent-volume-claim.ts';
import { bindCompletedAnnotation, hasAnnotation, selectedNodeAnnotation, withAnnotation } from '../kinds/core/volume-annotations.ts';
import type { ClusterView } from './cluster-view.ts';

/** JSON: part of the scheduler's memory while the pod waits for its volumes. */
export interface VolumePlan {
  /** Volumes that exist and are to be reserved for a claim. */
  readonly bindings: readonly { readonly volume: string; readonly claim: string }[];
  /** Claims for which a volume is to be made. */
  readonly provisions: readonly string[];
}

/** Writes the plan down; throws StatusError when somebody was faster. */
export function writeVolumePlan(plan: VolumePlan, node: string, view: ClusterView, client: Client): void {
  for (const { volume: name, claim: key } of plan.bindings) {
    const volume = view.listers.volumes.get(name);
    const claim = view.listers.claims.get(key);
    if (volume === undefined || claim === undefined) continue;
    const reserved = bindVolumeToClaim(volume, claim);
    if (reserved !== volume) client.update(persistentVolumeKind, reserved);
  }
  for (const key of plan.provisions) {
    const claim = view.listers.claims.get(key);
    if (claim === undefined) continue;
    const selected = withAnnotation(claim, selectedNodeAnnotation, node);
    if (selected !== claim) client.update(persistentVolumeClaimKind, selected);
  }
}

/** 'waiting', 'done', or what went wrong so that the pod has to be scheduled again. upstream: checkBindings */
export function volumePlanProgress(plan: VolumePlan, node: string, view: ClusterView): 'waiting' | 'done' | { readonly error: string } {
  const info = view.node(node);
  if (info === undefined) return { error: `failed to get node "${node}": node "${node}" not found` };
  const mismatch = (volume: PersistentVolume): { readonly error: string } => ({
    error: `pv "${volume.metadata.name}" node affinity doesn't match node "${node}": no matching NodeSelectorTerms`,
  });
  for (const { volume: name, claim: key } of plan.bindings) {
    const volume = view.listers.volumes.get(name);
    const claim = view.listers.claims.get(key);
    if (volume === undefined || claim === undefined) return { error: `failed to check binding: could not find ${volume ? key : name}` };
    if (!volumeFitsNode(volume, info.node)) return mismatch(volume);
    if ((volume.spec.claimRef?.uid ?? '') === '') return { error: `ClaimRef got reset for pv "${name}"` };
    if (!isFullyBound(claim)) return 'waiting';
  }
  for (const key of plan.provisions) {
    const claim = view.listers.claims.get(key);
    if (claim === undefined) return { error: `failed to check provisioning pvc: could not find v1.PersistentVolumeClaim "${key}"` };
    if (claim.metadata.annotations?.[selectedNodeAnnotation] !== node)
      return { error: `provisioning failed for PVC "${claim.metadata.name}"` };
    const volume = claim.spec.volumeName === undefined ? undefined : view.listers.volumes.get(claim.spec.volumeName);
    if (volume !== undefined && !volumeFitsNode(volume, info.node)) return mismatch(volume);
    if (volume === undefined || !isFullyBound(claim)) return 'waiting';
  }
  return 'done';
}

/** upstream: isPVCFullyBound */
export function isFullyBound(claim: PersistentVolumeClaim): boolean {
  return (claim.spec.volumeName ?? '') !== '' && hasAnnotation(claim, bindCompletedAnnotation);
}
