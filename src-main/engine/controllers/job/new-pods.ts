// The pods that a Job makes: its template with the tracking finalizer, and for an Indexed Job each with its index.
// upstream: pkg/controller/job/job_controller.go manageJob, indexed_job_utils.go
import type { Job } from '../../kinds/batch/job.ts';
import { FAILURE_COUNT_ANNOTATION, IGNORED_COUNT_ANNOTATION, INDEX_ANNOTATION, TRACKING_FINALIZER } from '../../kinds/batch/job-labels.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import { draftOf, type PodDraft, type PodTemplate } from '../replica-set/pod-control.ts';
import { countedFailures, ignoredFailures } from './back-off.ts';
import { judgeFailure } from './failure-policy.ts';
import type { NewPod } from './job-world.ts';

type Spec = Pod['spec'];
type Container = Spec['containers'][number];

const GENERATED_PREFIX_MAX = 58;
const INDEX_VARIABLE = 'JOB_COMPLETION_INDEX';

/** One template of a Job serves all of its pods. */
const templates = new WeakMap<object, PodTemplate>();
const indexedSpecs = new WeakMap<object, Spec>();

export function podDraft(job: Job, { index, replaces }: NewPod): PodDraft {
  const template = trackedTemplate(job);
  if (index === null) return draftOf(job, template);
  const number = String(index);
  const { labels, annotations } = template.metadata ?? {};
  const counts = job.spec.backoffLimitPerIndex === undefined ? {} : failureCounts(job, replaces);
  const metadata = {
    ...template.metadata,
    labels: { ...labels, [INDEX_ANNOTATION]: number },
    annotations: { ...annotations, [INDEX_ANNOTATION]: number, ...counts },
  };
  const spec = { ...indexedSpec(template.spec ?? { containers: [] }), hostname: `${job.metadata.name}-${number}` };
  return draftOf(job, { metadata, spec }, prefixOf(job.metadata.name, number));
}

function trackedTemplate({ spec: { template } }: Job): PodTemplate {
  const known = templates.get(template);
  if (known !== undefined) return known;
  const finalizers = template.metadata?.finalizers ?? [];
  const tracked = finalizers.includes(TRACKING_FINALIZER) ? finalizers : [...finalizers, TRACKING_FINALIZER];
  const made = { ...template, metadata: { ...template.metadata, finalizers: tracked } };
  templates.set(template, made);
  return made;
}

/** Containers find their index in the environment. upstream: addCompletionIndexEnvVariables */
function indexedSpec(spec: Spec): Spec {
  const known = indexedSpecs.get(spec);
  if (known !== undefined) return known;
  const fieldPath = `metadata.labels['${INDEX_ANNOTATION}']`;
  const variable = { name: INDEX_VARIABLE, valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath } } };
  const withVariable = (container: Container): Container =>
    (container.env ?? []).some(({ name }) => name === INDEX_VARIABLE)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] };
  const made = {
    ...spec,
    containers: spec.containers.map(withVariable),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(withVariable) }),
  };
  indexedSpecs.set(spec, made);
  return made;
}

/** How often the index has failed before this pod. upstream: addIndexFailureCountAnnotation */
function failureCounts(job: Job, replaces: Pod | undefined): Readonly<Record<string, string>> {
  if (replaces === undefined) return { [FAILURE_COUNT_ANNOTATION]: '0' };
  const { counts } = judgeFailure(job.spec.podFailurePolicy, replaces);
  const ignored = ignoredFailures(replaces) + (counts ? 0 : 1);
  return {
    [FAILURE_COUNT_ANNOTATION]: String(countedFailures(replaces) + (counts ? 1 : 0)),
    ...(ignored > 0 && { [IGNORED_COUNT_ANNOTATION]: String(ignored) }),
  };
}

/** upstream: podGenerateNameWithIndex */
function prefixOf(name: string, index: string): string {
  const ending = `-${index}-`;
  return `${name.slice(0, Math.max(0, GENERATED_PREFIX_MAX - ending.length))}${ending}`;
}
