// Do two pods name one disk in their own specifications that cannot serve both?
// upstream: pkg/scheduler/framework/plugins/volumerestrictions isVolumeConflict
import type { Pod } from '../../kinds/core/pod.ts';

type PodVolume = NonNullable<Pod['spec']['volumes']>[number];

/** Names of disks that a pod wants for itself alone; only these sorts can collide. */
export function exclusiveDisks(pod: Pod): readonly PodVolume[] {
  const { volumes } = pod.spec;
  if (volumes === undefined || !volumes.some(isExclusive)) return NONE;
  return volumes.filter(isExclusive);
}

/** Where both only read, all but EBS volumes are shared. */
export function volumesConflict(a: PodVolume, b: PodVolume): boolean {
  const [gce, otherGce] = [a.gcePersistentDisk, b.gcePersistentDisk];
  if (gce !== undefined && gce.pdName === otherGce?.pdName) return !bothRead(gce, otherGce);
  const ebs = a.awsElasticBlockStore;
  if (ebs !== undefined && ebs.volumeID === b.awsElasticBlockStore?.volumeID) return true;
  const [iscsi, otherIscsi] = [a.iscsi, b.iscsi];
  if (iscsi !== undefined && iscsi.iqn === otherIscsi?.iqn) return !bothRead(iscsi, otherIscsi);
  const [rbd, otherRbd] = [a.rbd, b.rbd];
  if (rbd === undefined || otherRbd === undefined || bothRead(rbd, otherRbd)) return false;
  const sameImage = (rbd.pool ?? RBD_POOL) === (otherRbd.pool ?? RBD_POOL) && rbd.image === otherRbd.image;
  return sameImage && rbd.monitors.some((monitor) => otherRbd.monitors.includes(monitor));
}

const NONE: readonly PodVolume[] = [];
/** upstream: SetDefaults_RBDVolumeSource */
const RBD_POOL = 'rbd';

function isExclusive({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: PodVolume): boolean {
  return gcePersistentDisk !== undefined || awsElasticBlockStore !== undefined || rbd !== undefined || iscsi !== undefined;
}

function bothRead(a: { readonly readOnly?: boolean }, b: { readonly readOnly?: boolean }): boolean {
  return a.readOnly === true && b.readOnly === true;
}
