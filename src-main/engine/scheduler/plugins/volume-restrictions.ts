// Lets a claim that only one pod may use be used by one pod, and a disk that a pod names itself by one pod of a node.
// upstream: pkg/scheduler/framework/plugins/volumerestrictions/volume_restrictions.go

import type { Pod } from '../../kinds/core/pod.ts';
import { claimsOfPod } from '../claims-of-pod.ts';
import type { ClusterEvent } from '../cluster-event.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { NodeInfo } from '../node-info.ts';
import type { FilterPlan, Rejection, SchedulerPlugin } from './plugin.ts';
import { exclusiveDisks, volumesConflict } from './volume-conflict.ts';

const name = 'VolumeRestrictions';
const inUse: Rejection = {
  plugin: name,
  reasons: ['node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'],
  resolvable: true,
};
const diskTaken: Rejection = { plugin: name, reasons: ['node(s) had no available disk'], resolvable: true };

export const volumeRestrictions: SchedulerPlugin = { name, planFilter, mayHelp };

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const exclusive: string[] = [];
  for (const { name: claimName, key, ephemeral } of claimsOfPod(pod)) {
    if (ephemeral) continue;
    const claim = view.listers.claims.get(key);
    if (claim === undefined)
      return { rejection: { plugin: name, reasons: [`persistentvolumeclaim "${claimName}" not found`], resolvable: false } };
    if (claim.spec.accessModes?.includes('ReadWriteOncePod') === true) exclusive.push(key);
  }
  const disks = exclusiveDisks(pod);
  const used = exclusive.some((key) => view.isClaimUsed(key));
  if (disks.length === 0 && !used) return null;
  const collides = ({ pods }: NodeInfo): boolean => {
    for (const other of pods.values())
      for (const volume of exclusiveDisks(other)) if (disks.some((disk) => volumesConflict(disk, volume))) return true;
    return false;
  };
  return { filter: (node) => (disks.length > 0 && collides(node) ? diskTaken : used ? inUse : null) };
}

// upstream: isSchedulableAfterPodDeleted, isSchedulableAfterPersistentVolumeClaimAdded
function mayHelp(pod: Pod, { resource, next, previous }: ClusterEvent): boolean {
  const claims = claimsOfPod(pod);
  if (resource === 'PersistentVolumeClaim')
    return (
      next !== undefined && previous === undefined && claims.some(({ key }) => key === `${next.metadata.namespace}/${next.metadata.name}`)
    );
  if (resource !== 'AssignedPod' || next !== undefined || previous === undefined) return false;
  const disks = exclusiveDisks(pod);
  if (disks.length > 0 && exclusiveDisks(previous).some((volume) => disks.some((disk) => volumesConflict(disk, volume)))) return true;
  const freed = new Set(claimsOfPod(previous).map(({ key }) => key));
  return claims.some(({ key }) => freed.has(key));
}
