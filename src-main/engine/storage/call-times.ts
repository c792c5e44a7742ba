// How long the calls of storage drivers take, and how often what failed is tried again.

/** Least and most virtual milliseconds of each call; those of cloud block storage in quiet times. */
export const callMs = {
  createVolume: [1500, 3000],
  deleteVolume: [500, 1500],
  attach: [1200, 2500],
  detach: [2000, 5000],
  expand: [2000, 6000],
  snapshot: [1000, 2000],
  /** Until the copy of a snapshot is safe and can be restored. */
  snapshotReady: [4000, 9000],
  /** From a node's registration until its driver pod has registered with the kubelet. */
  register: [1000, 2000],
} as const;

/** upstream: --retry-interval-start, --retry-interval-max of external-provisioner, -attacher, -resizer and -snapshotter */
export const retryMsMin = 1000;
export const retryMsMax = 300_000;
