// Keeps a pod off nodes that can attach no more volumes of its drivers.
// upstream: pkg/scheduler/framework/plugins/nodevolumelimits/csi.go
import { claimClass } from '../../kinds/core/find-matching-volume.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { claimsOfPod } from '../claims-of-pod.ts';
import type { ClusterView } from '../cluster-view.ts';
import type { NodeInfo } from '../node-info.ts';
import type { FilterPlan, Rejection, SchedulerPlugin } from './plugin.ts';

const name = 'NodeVolumeLimits';
const full: Rejection = { plugin: name, reasons: ['node(s) exceed max volume count'], resolvable: true };

export const nodeVolumeLimits: SchedulerPlugin = {
  name,
  planFilter,
  mayHelp: (pod, event) => {
    if (claimsOfPod(pod).length === 0) return false;
    if (event.resource === 'AssignedPod') return event.next === undefined && claimsOfPod(event.previous as Pod).length > 0;
    if (event.resource === 'CSINode') return event.next !== undefined;
    if (event.resource === 'VolumeAttachment') return event.next === undefined;
    return event.resource === 'PersistentVolumeClaim' && event.next !== undefined && event.previous === undefined;
  },
};

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const wanted = driversByVolume(pod, view);
  if (wanted.size === 0) return null;
  const drivers = new Set(wanted.values());
  return {
    filter: (node) => {
      const limits = limitsOf(node, view);
      if (![...drivers].some((driver) => limits.has(driver))) return null;
      const attached = attachedTo(node, view);
      for (const other of node.pods.values()) for (const [volume, driver] of driversByVolume(other, view)) attached.set(volume, driver);
      for (const driver of drivers) {
        const limit = limits.get(driver);
        if (limit === undefined) continue;
        const added = [...wanted].filter(([volume, by]) => by === driver && !attached.has(volume)).length;
        const present = [...attached.values()].filter((by) => by === driver).length;
        if (added > 0 && present + added > limit) return full;
      }
      return null;
    },
  };
}

/** A volume that no pod uses any more counts until it is detached. */
function attachedTo({ name: node }: NodeInfo, view: ClusterView): Map<string, string> {
  const attached = new Map<string, string>();
  for (const { spec } of view.listers.attachmentsOn(node)) {
    const source = view.listers.volumes.get(spec.source.persistentVolumeName ?? '')?.spec.csi;
    if (source !== undefined) attached.set(`${source.driver}/${source.volumeHandle}`, source.driver);
  }
  return attached;
}

function limitsOf({ name: node }: NodeInfo, view: ClusterView): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const { name: driver, allocatable } of view.listers.csiNodes.get(node)?.spec.drivers ?? [])
    if (allocatable?.count !== undefined) limits.set(driver, allocatable.count);
  return limits;
}

/** The drivers of a pod's volumes, by a name that two pods with one volume share. */
function driversByVolume(pod: Pod, view: ClusterView): ReadonlyMap<string, string> {
  const drivers = new Map<string, string>();
  for (const { key } of claimsOfPod(pod)) {
    const claim = view.listers.claims.get(key);
    if (claim === undefined) continue;
    const source = view.listers.volumes.get(claim.spec.volumeName ?? '')?.spec.csi;
    if (source !== undefined) drivers.set(`${source.driver}/${source.volumeHandle}`, source.driver);
    else if ((claim.spec.volumeName ?? '') === '') {
      // A volume that is still to be made counts as well.
      const provisioner = view.listers.storageClasses.get(claimClass(claim))?.provisioner;
      if (provisioner !== undefined) drivers.set(`${provisioner}-${key}`, provisioner);
    }
  }
  return drivers;
}
