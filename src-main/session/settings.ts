// The numbers of Kubernetes that the window speaks of: their defaults in 1.33, who sets them, and the page that explains them. One table, so that no number is told in two ways.
import type { WhySetting } from '../contract/why.ts';

const setting = (given: string, setBy: string, page: string): WhySetting => ({ default: given, setBy, page });

const PROBES = 'docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/';
const NODE_STATUS = 'docs/reference/node/node-status/';
const NODES = 'docs/concepts/architecture/nodes/';
const ROLLOUTS = 'docs/concepts/workloads/controllers/deployment/';
const STATEFUL = 'docs/concepts/workloads/controllers/statefulset/';
const DAEMONS = 'docs/tasks/manage-daemon/update-daemon-set/';
const PODS = 'docs/concepts/workloads/pods/pod-lifecycle/';
const KUBELET = 'docs/reference/config-api/kubelet-config.v1beta1/';
const CONTROLLERS = 'docs/reference/command-line-tools-reference/kube-controller-manager/';
const AUTOSCALING = 'docs/tasks/run-application/horizontal-pod-autoscale/';
const SCHEDULER_CONFIG = 'docs/reference/config-api/kube-scheduler-config.v1/';

const JOBS = 'docs/concepts/workloads/controllers/job/';
const CRON_JOBS = 'docs/concepts/workloads/controllers/cron-jobs/';
const PRESSURE = 'docs/concepts/scheduling-eviction/node-pressure-eviction/';
const IMAGE_GARBAGE = 'docs/concepts/architecture/garbage-collection/#container-image-lifecycle';

export const settings = {
  podGrace: setting('30 s', 'Pod spec.terminationGracePeriodSeconds', `${PODS}#pod-termination`),
  requests: setting('0', 'Pod spec.containers[].resources.requests', 'docs/concepts/configuration/manage-resources-containers/'),
  probePeriod: setting('10 s', 'spec.containers[].<probe>.periodSeconds', `${PROBES}#configure-probes`),
  probeFailures: setting('3', 'spec.containers[].<probe>.failureThreshold', `${PROBES}#configure-probes`),
  probeSuccesses: setting('1', 'spec.containers[].<probe>.successThreshold', `${PROBES}#configure-probes`),
  probeDelay: setting('0 s', 'spec.containers[].<probe>.initialDelaySeconds', `${PROBES}#configure-probes`),
  imageBackOff: setting(
    '10 s, 20 s, 40 s, … 300 s',
    'built into the kubelet (MaxImageBackOff)',
    'docs/concepts/containers/images/#imagepullbackoff',
  ),
  crashBackOff: setting('10 s, 20 s, 40 s, … 300 s', 'built into the kubelet (MaxCrashLoopBackOff)', `${PODS}#restart-policy`),
  monitorGrace: setting('50 s', 'kube-controller-manager --node-monitor-grace-period', NODE_STATUS),
  toleration: setting(
    '300 s',
    'Pod spec.tolerations[].tolerationSeconds (admission plugin DefaultTolerationSeconds)',
    'docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions',
  ),
  forceDetach: setting(
    '6 m',
    'kube-controller-manager (ReconcilerMaxWaitForUnmountDuration); --disable-force-detach-on-timeout turns it off',
    'docs/concepts/cluster-administration/node-shutdown/#storage-force-detach-on-timeout',
  ),
  bindingMode: setting('Immediate', 'StorageClass volumeBindingMode', 'docs/concepts/storage/storage-classes/#volume-binding-mode'),
  claimRequest: setting(
    '–',
    'PersistentVolumeClaim spec.resources.requests.storage',
    'docs/concepts/storage/persistent-volumes/#resources',
  ),
  replicas: setting('1', 'Deployment spec.replicas', `${ROLLOUTS}#replicas`),
  maxUnavailable: setting('25 %', 'Deployment spec.strategy.rollingUpdate.maxUnavailable', `${ROLLOUTS}#max-unavailable`),
  maxSurge: setting('25 %', 'Deployment spec.strategy.rollingUpdate.maxSurge', `${ROLLOUTS}#max-surge`),
  minReady: setting('0 s', 'Deployment spec.minReadySeconds', `${ROLLOUTS}#min-ready-seconds`),
  podManagement: setting('OrderedReady', 'StatefulSet spec.podManagementPolicy', `${STATEFUL}#pod-management-policies`),
  partition: setting('0', 'StatefulSet spec.updateStrategy.rollingUpdate.partition', `${STATEFUL}#partitions`),
  daemonUnavailable: setting('1', 'DaemonSet spec.updateStrategy.rollingUpdate.maxUnavailable', DAEMONS),
  daemonSurge: setting('0', 'DaemonSet spec.updateStrategy.rollingUpdate.maxSurge', DAEMONS),
  scalePeriod: setting(
    '15 s',
    'kube-controller-manager --horizontal-pod-autoscaler-sync-period',
    `${AUTOSCALING}#how-does-a-horizontalpodautoscaler-work`,
  ),
  scaleTolerance: setting('10 %', 'kube-controller-manager --horizontal-pod-autoscaler-tolerance', `${AUTOSCALING}#algorithm-details`),
  scaleDownWindow: setting(
    '300 s',
    'HorizontalPodAutoscaler spec.behavior.scaleDown.stabilizationWindowSeconds',
    `${AUTOSCALING}#stabilization-window`,
  ),
  scaleUpWindow: setting(
    '0 s',
    'HorizontalPodAutoscaler spec.behavior.scaleUp.stabilizationWindowSeconds',
    `${AUTOSCALING}#stabilization-window`,
  ),
  scaleMin: setting('1', 'HorizontalPodAutoscaler spec.minReplicas', AUTOSCALING),
  scaleMax: setting('–', 'HorizontalPodAutoscaler spec.maxReplicas', AUTOSCALING),
  backoffLimit: setting('6', 'Job spec.backoffLimit', `${JOBS}#pod-backoff-failure-policy`),
  jobBackOff: setting(
    '10 s, 20 s, 40 s, … 600 s',
    'built into the Job controller (DefaultJobPodFailureBackOff)',
    `${JOBS}#pod-backoff-failure-policy`,
  ),
  podReplacement: setting(
    'TerminatingOrFailed (Failed with a podFailurePolicy)',
    'Job spec.podReplacementPolicy',
    `${JOBS}#pod-replacement-policy`,
  ),
  jobDeadline: setting('–', 'Job spec.activeDeadlineSeconds', `${JOBS}#job-termination-and-cleanup`),
  concurrencyPolicy: setting('Allow', 'CronJob spec.concurrencyPolicy', `${CRON_JOBS}#concurrency-policy`),
  pressureTransition: setting('5 m', 'KubeletConfiguration evictionPressureTransitionPeriod', `${PRESSURE}#node-condition-oscillation`),
  hardEviction: setting(
    'memory.available<100Mi, nodefs.available<10%',
    'KubeletConfiguration evictionHard',
    `${PRESSURE}#hard-eviction-thresholds`,
  ),
  shutdownGrace: setting(
    '0 s',
    'KubeletConfiguration shutdownGracePeriod',
    'docs/concepts/cluster-administration/node-shutdown/#graceful-node-shutdown',
  ),
  resizeRetry: setting(
    '60 to 90 s',
    'built into the kubelet (its worker looks at each pod again after a sync period with some jitter)',
    'docs/tasks/configure-pod-container/resize-container-resources/#pod-resize-status',
  ),
  imageGarbageHigh: setting('85 %', 'KubeletConfiguration imageGCHighThresholdPercent', IMAGE_GARBAGE),
  imageGarbageLow: setting('80 %', 'KubeletConfiguration imageGCLowThresholdPercent', IMAGE_GARBAGE),
  progressDeadline: setting('600 s', 'Deployment spec.progressDeadlineSeconds', `${ROLLOUTS}#progress-deadline-seconds`),
  leaseRenewal: setting('10 s', 'a quarter of the kubelet’s nodeLeaseDurationSeconds (40)', KUBELET),
  monitorPeriod: setting('5 s', 'kube-controller-manager --node-monitor-period', CONTROLLERS),
  statusPeriod: setting('10 s', 'KubeletConfiguration nodeStatusUpdateFrequency', KUBELET),
  evictionRate: setting('0.1 / s', 'kube-controller-manager --node-eviction-rate', `${NODES}#rate-limits-on-eviction`),
  secondEvictionRate: setting('0.01 / s', 'kube-controller-manager --secondary-node-eviction-rate', `${NODES}#rate-limits-on-eviction`),
  unhealthyZone: setting('0.55', 'kube-controller-manager --unhealthy-zone-threshold', `${NODES}#rate-limits-on-eviction`),
  bindTimeout: setting('600 s', 'KubeSchedulerConfiguration VolumeBindingArgs bindTimeoutSeconds', SCHEDULER_CONFIG),
  schedulerBackOff: setting('1 s … 10 s', 'podInitialBackoffSeconds, podMaxBackoffSeconds', SCHEDULER_CONFIG),
  collectorPeriod: setting('20 s', 'built into the pod garbage collector (gcCheckPeriod)', `${PODS}#pod-garbage-collection`),
  bindingPeriod: setting('15 s', 'kube-controller-manager --pvclaimbinder-sync-period', CONTROLLERS),
  attachPeriod: setting('100 ms', 'built into the attach/detach controller (ReconcilerLoopPeriod)', CONTROLLERS),
} as const satisfies Readonly<Record<string, WhySetting>>;
