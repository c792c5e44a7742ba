// Every time the kubelet takes or waits, in one table, so that nobody has to look for a number.

/** Virtual milliseconds. Those upstream defines name it; the others are what containerd on a common machine needs. */
export const TIMINGS = {
  /** Tracking, directories and small volumes of a pod. */
  mountSmallMs: 40,
  /** Formatting and mounting a block device. */
  mountDiskMs: 400,
  /** Pause container and network. */
  sandboxMs: [500, 900] as const,
  createMs: [80, 140] as const,
  /** upstream: pkg/kubelet/kubelet.go genericPlegRelistPeriod */
  relistMs: 1000,
  teardownMs: 200,
  /** From the kubelet's start to its first look at pods: sources, caches, node registration. */
  kubeletStartMs: 2000,
  /** From power to the kubelet's start. */
  bootMs: 20_000,
  /** Asking the registry for a manifest. */
  manifestMs: 300,
  /** A registry that does not answer. */
  registryTimeoutMs: 30_000,
  /** upstream: pkg/kubelet/kubelet.go MaxImageBackOff, imageBackOffPeriod */
  imageBackOffMs: 10_000,
  imageBackOffMaxMs: 300_000,
  /** upstream: pkg/kubelet/kubelet.go MaxCrashLoopBackOff, backOffPeriod */
  crashBackOffMs: 10_000,
  crashBackOffMaxMs: 300_000,
  /** A run of this length forgets the crashes before it: twice the longest back-off. upstream: client-go/util/flowcontrol/backoff.go hasExpired */
  crashForgottenMs: 600_000,
  /** Until a wait after an error shows its own reason. */
  resyncMs: 1000,
  /** upstream: pkg/kubelet/kubelet.go backOffPeriod, jittered: from a look at a pod that met an error to the next. */
  retryMs: [10_000, 15_000] as const,
  /** upstream: pkg/kubelet/kubelet.go syncLoop syncTicker */
  syncBeatMs: 1000,
  /** upstream: pkg/kubelet/kuberuntime/kuberuntime_container.go minimumGracePeriodInSeconds */
  graceMinMs: 2000,
  /** upstream: pkg/volume/util/exponentialbackoff: 500 ms to 2 min 2 s between tries of one volume. */
  volumeRetryMs: 500,
  volumeRetryMaxMs: 122_000,
  /** Until a running pod's volume is looked at again: its next sync. upstream: pkg/kubelet podWorkers.workQueue resyncInterval, jittered */
  growMs: [5_000, 60_000] as const,
  /** From a resize that the node had no room for to the next look at the pod. upstream: pkg/kubelet/pod_workers.go completeWork, workerResyncIntervalJitterFactor */
  resizeRetryMs: [60_000, 90_000] as const,
  hookMs: 50,
  /** Between a change of what a node holds and the node status that tells it. */
  nodeStatusMs: 10_000,
} as const;
