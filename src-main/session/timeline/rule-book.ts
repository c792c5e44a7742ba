// The rules behind the steps: for each, the numbers in it with their defaults, who sets them, and the page of the documentation that explains it.
import type { RuleRecord } from '../../contract/timeline.ts';
import type { WhySetting } from '../../contract/why.ts';
import { settings } from '../settings.ts';

const rule = (page: string, ...numbers: readonly WhySetting[]): RuleRecord => ({ settings: numbers, page });

const NODES = 'docs/concepts/architecture/nodes/';
const PODS = 'docs/concepts/workloads/pods/pod-lifecycle/';
const TAINTS = 'docs/concepts/scheduling-eviction/taint-and-toleration/';
const VOLUMES = 'docs/concepts/storage/persistent-volumes/';
const IMAGES = 'docs/concepts/containers/images/';
const ROLLOUTS = 'docs/concepts/workloads/controllers/deployment/';
const REPLICAS = 'docs/concepts/workloads/controllers/replicaset/';
const SCHEDULER = 'docs/concepts/scheduling-eviction/kube-scheduler/';
const SLICES = 'docs/concepts/services-networking/endpoint-slices/';
const PROBES = 'docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/';
const CLASSES = 'docs/concepts/storage/storage-classes/';
const AUTOSCALING = 'docs/tasks/run-application/horizontal-pod-autoscale/';
const NODE_SCALING = 'docs/concepts/cluster-administration/node-autoscaling/';
const JOBS = 'docs/concepts/workloads/controllers/job/';
const CRON_JOBS = 'docs/concepts/workloads/controllers/cron-jobs/';
const PRESSURE = 'docs/concepts/scheduling-eviction/node-pressure-eviction/';
const RESIZES = 'docs/tasks/configure-pod-container/resize-container-resources/';
const IMAGE_GARBAGE = 'docs/concepts/architecture/garbage-collection/#container-image-lifecycle';
const HINTS = 'docs/concepts/services-networking/topology-aware-routing/';
const RUNTIME_CLASSES = 'docs/concepts/containers/runtime-class/';
const MULTI_ATTACH = 'docs/concepts/cluster-administration/node-shutdown/';

const { podGrace, crashBackOff, imageBackOff, monitorGrace, toleration, forceDetach, bindingMode } = settings;
const { probePeriod, probeFailures, probeSuccesses, maxSurge, maxUnavailable, progressDeadline, minReady, replicas } = settings;
const {
  leaseRenewal,
  monitorPeriod,
  statusPeriod,
  evictionRate,
  secondEvictionRate,
  unhealthyZone,
  schedulerBackOff,
  collectorPeriod,
  bindingPeriod,
  attachPeriod,
} = settings;
const { scalePeriod, scaleTolerance, scaleDownWindow } = settings;
const { backoffLimit, jobBackOff, jobDeadline, concurrencyPolicy, pressureTransition, hardEviction, shutdownGrace } = settings;
const noticing = [monitorGrace, leaseRenewal, monitorPeriod];
const evicting = [toleration, evictionRate];

/** By the name of the step. */
export const ruleBook: Readonly<Record<string, RuleRecord>> = {
  'node.registered': rule(`${NODES}#self-registration-of-nodes`),
  'node.ready': rule(`${NODES}#node-status`, statusPeriod, leaseRenewal),
  'node.notReady': rule(`${NODES}#node-status`, statusPeriod),
  'node.unknown': rule(`${NODES}#node-heartbeats`, ...noticing),
  'node.lostNoSchedule': rule(`${TAINTS}#taint-based-evictions`),
  'node.lostNoExecute': rule(`${NODES}#rate-limits-on-eviction`, evictionRate, unhealthyZone, secondEvictionRate, toleration),
  'node.tainted': rule(TAINTS),
  'node.untainted': rule(TAINTS),
  'node.untaintedAnew': rule(`${NODES}#rate-limits-on-eviction`, ...noticing),
  'node.taintTaken': rule(TAINTS),
  'node.cordoned': rule(`${NODES}#manual-node-administration`),
  'node.uncordoned': rule(`${NODES}#manual-node-administration`),
  'node.pressure': rule('docs/concepts/scheduling-eviction/node-pressure-eviction/'),
  'node.relieved': rule('docs/concepts/scheduling-eviction/node-pressure-eviction/'),
  'node.gone': rule(`${PODS}#pod-garbage-collection`, collectorPeriod),
  'pod.created': rule(PODS),
  'pod.createdBy': rule(REPLICAS, replicas),
  'pod.scheduled': rule(SCHEDULER),
  'pod.unschedulable': rule(SCHEDULER, schedulerBackOff),
  'pod.running': rule(`${PODS}#pod-phase`),
  'pod.ready': rule(`${PODS}#pod-conditions`, probePeriod, probeSuccesses),
  'pod.notReady': rule(`${PODS}#pod-conditions`, probePeriod, probeFailures),
  'pod.notReadyByNode': rule(`${NODES}#node-controller`, ...noticing),
  'pod.CrashLoopBackOff': rule(`${PODS}#restart-policy`, crashBackOff),
  'pod.ErrImagePull': rule(`${IMAGES}#imagepullbackoff`, imageBackOff),
  'pod.ImagePullBackOff': rule(`${IMAGES}#imagepullbackoff`, imageBackOff),
  'pod.ErrImageNeverPull': rule(`${IMAGES}#image-pull-policy`),
  'pod.InvalidImageName': rule(`${IMAGES}#image-names`),
  'pod.CreateContainerConfigError': rule('docs/tasks/configure-pod-container/configure-pod-configmap/'),
  'pod.restarted': rule(`${PODS}#restart-policy`, crashBackOff),
  'pod.outOfMemory': rule('docs/concepts/configuration/manage-resources-containers/', crashBackOff),
  'pod.succeeded': rule(`${PODS}#pod-phase`),
  'pod.failed': rule(`${PODS}#pod-phase`),
  'pod.failedFor': rule(`${PODS}#pod-phase`),
  'pod.failedByCollector': rule(`${PODS}#pod-garbage-collection`, collectorPeriod),
  'pod.terminating': rule(`${PODS}#pod-termination`, podGrace),
  'pod.evictedByTaint': rule(`${TAINTS}#taint-based-evictions`, ...evicting),
  'pod.preempted': rule('docs/concepts/scheduling-eviction/pod-priority-preemption/', podGrace),
  'pod.evictedByKubelet': rule('docs/concepts/scheduling-eviction/node-pressure-eviction/'),
  'pod.collected': rule(`${PODS}#pod-garbage-collection`, collectorPeriod),
  'pod.resizeWanted': rule(RESIZES),
  'pod.resizeDeferred': rule(`${RESIZES}#pod-resize-status`, settings.resizeRetry),
  'pod.resizeInfeasible': rule(`${RESIZES}#pod-resize-status`),
  'pod.resizeGiven': rule(`${RESIZES}#container-resize-policies`),
  'pod.resized': rule(`${RESIZES}#pod-resize-status`),
  'pod.evicted': rule('docs/concepts/scheduling-eviction/api-eviction/'),
  'pod.gone': rule(`${PODS}#pod-termination`),
  'claim.created': rule(`${VOLUMES}#persistentvolumeclaims`, bindingMode),
  'claim.bound': rule(`${VOLUMES}#binding`, bindingPeriod),
  'claim.lost': rule(`${VOLUMES}#binding`),
  'claim.terminating': rule(`${VOLUMES}#storage-object-in-use-protection`),
  'claim.gone': rule(`${VOLUMES}#reclaiming`),
  'volume.created': rule(`${VOLUMES}#provisioning`, bindingMode),
  'volume.available': rule(`${VOLUMES}#phase`),
  'volume.bound': rule(`${VOLUMES}#binding`, bindingPeriod),
  'volume.released': rule(`${VOLUMES}#reclaiming`),
  'volume.failed': rule(`${VOLUMES}#reclaiming`),
  'volume.terminating': rule(`${VOLUMES}#reclaiming`),
  'volume.gone': rule(`${VOLUMES}#reclaiming`),
  'attachment.asked': rule(`${VOLUMES}#access-modes`, attachPeriod),
  'attachment.attached': rule(`${VOLUMES}#access-modes`),
  'attachment.attachError': rule(`${VOLUMES}#access-modes`),
  'attachment.detachError': rule(`${VOLUMES}#access-modes`),
  'attachment.leaving': rule(`${MULTI_ATTACH}#storage-force-detach-on-timeout`, forceDetach, attachPeriod),
  'attachment.gone': rule(`${VOLUMES}#access-modes`),
  'deployment.changed': rule(`${ROLLOUTS}#updating-a-deployment`, maxSurge, maxUnavailable),
  'deployment.available': rule(`${ROLLOUTS}#deployment-status`, minReady, maxUnavailable),
  'deployment.unavailable': rule(`${ROLLOUTS}#deployment-status`, maxUnavailable),
  'deployment.complete': rule(`${ROLLOUTS}#complete-deployment`),
  'deployment.stuck': rule(`${ROLLOUTS}#failed-deployment`, progressDeadline),
  'set.whole': rule('docs/concepts/workloads/controllers/', replicas),
  'set.short': rule('docs/concepts/workloads/controllers/', replicas),
  'job.complete': rule('docs/concepts/workloads/controllers/job/#job-termination-and-cleanup'),
  'job.failed': rule('docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy', settings.backoffLimit, settings.jobBackOff),
  'job.suspended': rule('docs/concepts/workloads/controllers/job/#suspending-a-job'),
  'autoscaler.up': rule(AUTOSCALING, scalePeriod, scaleTolerance),
  'autoscaler.down': rule(AUTOSCALING, scalePeriod, scaleTolerance, scaleDownWindow),
  'budget.closed': rule('docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets'),
  'budget.open': rule('docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets'),
  'service.down': rule(SLICES),
  'service.up': rule(SLICES),
  'service.fewer': rule(`${SLICES}#conditions`),
  'service.more': rule(`${SLICES}#conditions`),
  'event.SuccessfulRescale': rule(AUTOSCALING, scalePeriod, scaleTolerance, scaleDownWindow),
  'event.FailedGetResourceMetric': rule(`${AUTOSCALING}#support-for-resource-metrics`, scalePeriod),
  'event.FailedComputeMetricsReplicas': rule(AUTOSCALING, scalePeriod),
  'event.FailedGetScale': rule(AUTOSCALING, scalePeriod),
  'event.AmbiguousSelector': rule(AUTOSCALING),
  'event.TriggeredScaleUp': rule(NODE_SCALING),
  'event.NotTriggerScaleUp': rule(NODE_SCALING),
  'event.ScaleDown': rule(NODE_SCALING),
  'event.EvictedByVPA': rule('docs/concepts/workloads/autoscaling/#scaling-workloads-vertically'),
  'event.MultiplePodDisruptionBudgets': rule('docs/concepts/workloads/pods/disruptions/#pod-disruption-budgets'),
  'event.Scheduled': rule(SCHEDULER),
  'event.FailedScheduling': rule(SCHEDULER, schedulerBackOff),
  'event.Preempted': rule('docs/concepts/scheduling-eviction/pod-priority-preemption/', podGrace),
  'event.Pulling': rule(`${IMAGES}#image-pull-policy`),
  'event.Pulled': rule(`${IMAGES}#serial-and-parallel-image-pulls`),
  'event.BackOff': rule(`${PODS}#restart-policy`, crashBackOff, imageBackOff),
  'event.Failed': rule(`${IMAGES}#imagepullbackoff`, imageBackOff),
  'event.Created': rule(PODS),
  'event.Started': rule(PODS),
  'event.Killing': rule(`${PODS}#pod-termination`, podGrace),
  'event.Unhealthy': rule(PROBES, probePeriod, probeFailures),
  'event.NodeNotReady': rule(`${NODES}#node-heartbeats`, ...noticing),
  'event.TaintManagerEviction': rule(`${TAINTS}#taint-based-evictions`, ...evicting),
  'event.TaintManagerCancelled': rule(`${TAINTS}#taint-based-evictions`),
  'event.SuccessfulCreate': rule(REPLICAS, replicas),
  'event.SuccessfulDelete': rule(REPLICAS, replicas),
  'event.ScalingReplicaSet': rule(ROLLOUTS, maxSurge, maxUnavailable),
  'event.SuccessfulAttachVolume': rule(`${VOLUMES}#access-modes`, attachPeriod),
  'event.FailedAttachVolume': rule(`${MULTI_ATTACH}#non-graceful-node-shutdown`, forceDetach),
  'event.FailedMount': rule(VOLUMES),
  'event.FailedCreatePodSandBox': rule(RUNTIME_CLASSES),
  'event.WaitForFirstConsumer': rule(`${CLASSES}#volume-binding-mode`, bindingMode),
  'event.WaitForPodScheduled': rule(`${CLASSES}#volume-binding-mode`, bindingMode),
  'event.ExternalProvisioning': rule(`${VOLUMES}#dynamic`),
  'event.Provisioning': rule(`${VOLUMES}#dynamic`),
  'event.ProvisioningSucceeded': rule(`${VOLUMES}#dynamic`),
  'event.ProvisioningFailed': rule(`${VOLUMES}#dynamic`),
  'event.FailedBinding': rule(`${VOLUMES}#binding`, bindingPeriod),
  'event.EvictionThresholdMet': rule(`${PRESSURE}#eviction-signals-and-thresholds`, hardEviction),
  'event.FreeDiskSpaceFailed': rule(IMAGE_GARBAGE, settings.imageGarbageHigh, settings.imageGarbageLow),
  'event.ImageGCFailed': rule(IMAGE_GARBAGE, settings.imageGarbageHigh, settings.imageGarbageLow),
  'event.TopologyAwareHintsEnabled': rule(`${HINTS}#how-it-works`),
  'event.TopologyAwareHintsDisabled': rule(`${HINTS}#safeguards`),
  'event.Evicted': rule(`${PRESSURE}#pod-selection-for-kubelet-eviction`, hardEviction),
  'event.SystemOOM': rule(`${PRESSURE}#node-out-of-memory-behavior`),
  'event.NodeHasInsufficientMemory': rule(`${PRESSURE}#node-conditions`, hardEviction),
  'event.NodeHasSufficientMemory': rule(`${PRESSURE}#node-condition-oscillation`, pressureTransition),
  'event.NodeHasDiskPressure': rule(`${PRESSURE}#node-conditions`, hardEviction),
  'event.NodeHasNoDiskPressure': rule(`${PRESSURE}#node-condition-oscillation`, pressureTransition),
  'event.NodeHasInsufficientPID': rule(`${PRESSURE}#node-conditions`, hardEviction),
  'event.NodeHasSufficientPID': rule(`${PRESSURE}#node-condition-oscillation`, pressureTransition),
  'event.NodeShutdown': rule(`${MULTI_ATTACH}#graceful-node-shutdown`, shutdownGrace),
  'event.BackoffLimitExceeded': rule(`${JOBS}#pod-backoff-failure-policy`, backoffLimit, jobBackOff),
  'event.DeadlineExceeded': rule(`${JOBS}#job-termination-and-cleanup`, jobDeadline),
  'event.PodFailurePolicy': rule(`${JOBS}#pod-failure-policy`),
  'event.FailedIndexes': rule(`${JOBS}#backoff-limit-per-index`),
  'event.MaxFailedIndexesExceeded': rule(`${JOBS}#backoff-limit-per-index`),
  'event.Completed': rule(`${JOBS}#job-termination-and-cleanup`),
  'event.Suspended': rule(`${JOBS}#suspending-a-job`),
  'event.Resumed': rule(`${JOBS}#suspending-a-job`),
  'event.SawCompletedJob': rule(`${CRON_JOBS}#jobs-history-limits`),
  'event.JobAlreadyActive': rule(`${CRON_JOBS}#concurrency-policy`, concurrencyPolicy),
  'event.MissSchedule': rule(`${CRON_JOBS}#starting-deadline`),
  'event.TooManyMissedTimes': rule(`${CRON_JOBS}#job-creation`),
  'event.UnexpectedJob': rule(`${CRON_JOBS}#job-creation`),
  'event.MissingJob': rule(`${CRON_JOBS}#job-creation`),
};
