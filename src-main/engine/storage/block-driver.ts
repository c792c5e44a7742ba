// The lab's storage backend as Kubernetes sees it: one CSI driver for zonal block disks, with the times its calls take.
export const driverName = 'block.csi.orrery.dev';
/** What the driver may place its disks by. */
export const topologyKey = 'topology.kubernetes.io/zone';
/** On attachments and attached volumes. upstream: external-attacher GetFinalizerName */
export const attacherFinalizer = `external-attacher/${driverName.replace(/[^a-zA-Z0-9-]/g, '-')}`;

/** Least and most virtual milliseconds of each call; those of cloud block storage in quiet times. */
export const callMs = {
  createVolume: [1500, 3000],
  deleteVolume: [500, 1500],
  attach: [1200, 2500],
  detach: [2000, 5000],
  /** From a node's registration until its driver pod has registered with the kubelet. */
  register: [1000, 2000],
} as const;

/** upstream: --retry-interval-start, --retry-interval-max of external-provisioner and external-attacher */
export const retryMsMin = 1000;
export const retryMsMax = 300_000;

/** How many disks a node takes. */
export const disksPerNodeMax = 25;
