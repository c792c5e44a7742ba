// The labels, annotations and the finalizer by which a Job and its pods know one another. upstream: staging/src/k8s.io/api/batch/v1/types.go

/** While a pod has it, its Job has not yet counted it. */
export const TRACKING_FINALIZER = 'batch.kubernetes.io/job-tracking';
/** The uid tells a Job's pods from all others. */
export const UID_LABEL = 'batch.kubernetes.io/controller-uid';
export const NAME_LABEL = 'batch.kubernetes.io/job-name';

/** An annotation of the pod, and a label. */
export const INDEX_ANNOTATION = 'batch.kubernetes.io/job-completion-index';
export const FAILURE_COUNT_ANNOTATION = 'batch.kubernetes.io/job-index-failure-count';
export const IGNORED_COUNT_ANNOTATION = 'batch.kubernetes.io/job-index-ignored-failure-count';
/** When the job of a CronJob was to start. */
export const SCHEDULED_ANNOTATION = 'batch.kubernetes.io/cronjob-scheduled-timestamp';
