// Keeps a pod off nodes that can attach no more volumes of its drivers.
// upstream: pkg/scheduler/framework/plugins/nodevolumelimits/csi.go
import { claimClass } from '../../kinds/core/find-matching-volume.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { claimIsForPod } from '../../kinds/core/pod-claims.ts';
import { keyOf } from '../../meta/object.ts';
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
    const claims = claimsOfPod(pod);
    if (claims.length === 0) return false;
    if (event.resource === 'AssignedPod') return event.next === undefined && claimsOfPod(event.previous as Pod).length > 0;
    if (event.resource === 'CSINode') return event.next !== undefined;
    if (event.resource === 'VolumeAttachment') return event.next === undefined;
    if (event.resource !== 'PersistentVolumeClaim' || event.previous !== undefined) return false;
    const { next } = event;
    return next !== undefined && claims.some(({ key }) => key === keyOf(next));
  },
};

/** Drivers by a name of the volume that two pods with one volume share. */
type Volumes = ReadonlyMap<string, string>;

function planFilter(pod: Pod, view: ClusterView): FilterPlan | null {
  const wanted = wantedVolumes(pod, view);
  if (wanted instanceof Map) {
    if (wanted.size === 0) return null;
    const drivers = new Set(wanted.values());
    return { filter: (node) => (exceeds(wanted, drivers, node, view) ? full : null) };
  }
  const rejection = wanted as Rejection;
  return { filter: () => rejection };
}

function exceeds(wanted: Volumes, drivers: ReadonlySet<string>, node: NodeInfo, view: ClusterView): boolean {
  const limits = limitsOf(node, view);
  if (![...drivers].some((driver) => limits.has(driver))) return false;
  const attached = attachedTo(node, view);
  for (const other of node.podsWithClaims.values()) addVolumes(other, view, attached);
  for (const driver of drivers) {
    const limit = limits.get(driver);
    if (limit === undefined) continue;
    let added = 0;
    for (const [volume, by] of wanted) if (by === driver && !attached.has(volume)) added += 1;
    let present = 0;
    for (const by of attached.values()) if (by === driver) present += 1;
    if (added > 0 && present + added > limit) return true;
  }
  return false;
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

// upstream: filterAttachableVolumes of a new pod, which cannot run without any of its claims
function wantedVolumes(pod: Pod, view: ClusterView): Volumes | Rejection {
  const key = `${pod.metadata.namespace}/${pod.metadata.name}`;
  for (const { name: claimName, key: claimKey, ephemeral } of claimsOfPod(pod)) {
    const claim = view.listers.claims.get(claimKey);
    if (claim === undefined) {
      const reason = `looking up PVC ${claimKey}: persistentvolumeclaims "${claimName}" not found`;
      return { plugin: name, reasons: [reason], resolvable: false };
    }
    if (ephemeral && !claimIsForPod(pod, claim)) {
      const reason = `PVC ${claimKey} was not created for pod ${key} (pod is not owner)`;
      return { plugin: name, reasons: [reason], resolvable: false, failed: true };
    }
  }
  const wanted = new Map<string, string>();
  addVolumes(pod, view, wanted);
  return wanted;
}

function addVolumes(pod: Pod, view: ClusterView, volumes: Map<string, string>): void {
  for (const { key } of claimsOfPod(pod)) {
    const claim = view.listers.claims.get(key);
    if (claim === undefined) continue;
    const volume = view.listers.volumes.get(claim.spec.volumeName ?? '');
    const source = volume?.spec.csi;
    if (source !== undefined) volumes.set(`${source.driver}/${source.volumeHandle}`, source.driver);
    else if (volume === undefined) {
      // One that is still to be made, or that cannot be found, counts for the driver of its class.
      const provisioner = view.listers.storageClasses.get(claimClass(claim))?.provisioner;
      if (provisioner !== undefined) volumes.set(`${provisioner}-${key}`, provisioner);
    }
  }
}
