// What may change of a Job: parallelism and what concerns its end, and where it may run while it has not begun.
// upstream: pkg/apis/batch/validation/validation.go ValidateJobSpecUpdate, pkg/registry/batch/job/strategy.go validationOptionsForJob
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import { goLabelSelector } from '../go-syntax.ts';
import { immutable } from '../rules.ts';
import { goPodTemplate } from './go-pod-template.ts';
import type { Job, JobSpec } from './job.ts';

type Template = JobSpec['template'];

const path = new FieldPath('spec');

export function validateJobUpdate(next: Job, previous: Job): readonly FieldError[] {
  const { spec } = next;
  const before = previous.spec;
  const waits = spec.suspend === true && previous.status.startTime === undefined;
  const template = waits ? withDirectives(before.template, spec.template) : before.template;
  return [
    ...validateCompletions(spec, before),
    ...immutable(path.child('selector'), spec.selector, before.selector, goLabelSelector(spec.selector)),
    ...immutable(path.child('template'), spec.template, template, goPodTemplate(spec.template)),
    ...immutable(path.child('completionMode'), spec.completionMode, before.completionMode),
    ...immutable(path.child('podFailurePolicy'), spec.podFailurePolicy, before.podFailurePolicy),
    ...immutable(path.child('backoffLimitPerIndex'), spec.backoffLimitPerIndex, before.backoffLimitPerIndex),
    ...immutable(path.child('managedBy'), spec.managedBy, before.managedBy),
    ...immutable(path.child('successPolicy'), spec.successPolicy, before.successPolicy),
  ];
}

/** The number of indexes and of workers may change together. upstream: validateCompletions */
function validateCompletions(next: JobSpec, previous: JobSpec): readonly FieldError[] {
  const at = path.child('completions');
  if (next.completionMode !== 'Indexed') return immutable(at, next.completions, previous.completions);
  if (next.completions === undefined || next.completions === previous.completions || next.completions === next.parallelism) return [];
  return [fieldInvalid(at, next.completions, 'can only be modified in tandem with spec.parallelism')];
}

/** The old template with the new one's scheduling directives. upstream: validatePodTemplateUpdate */
function withDirectives(old: Template, { metadata, spec: given }: Template): Template {
  if (old.spec === undefined || given === undefined) return old;
  const { nodeSelector: _1, tolerations: _2, schedulingGates: _3, affinity: _4, ...kept } = old.spec;
  const { nodeSelector, tolerations, schedulingGates } = given;
  const { labels: _5, annotations: _6, ...rest } = old.metadata ?? {};
  const affinity = affinityOf(old.spec.affinity, given.affinity);
  const spec = {
    ...kept,
    ...(nodeSelector && { nodeSelector }),
    ...(tolerations && { tolerations }),
    ...(schedulingGates && { schedulingGates }),
    ...(affinity && { affinity }),
  };
  const { labels, annotations } = metadata ?? {};
  return { ...old, metadata: { ...rest, ...(labels && { labels }), ...(annotations && { annotations }) }, spec };
}

type Affinity = NonNullable<Template['spec']>['affinity'];

/** Only the part about nodes may change. */
function affinityOf(old: Affinity, given: Affinity): Affinity {
  const { nodeAffinity: _, ...others } = old ?? {};
  if (given === undefined) return equal(others, {}) ? undefined : others;
  return given.nodeAffinity === undefined ? others : { ...others, nodeAffinity: given.nodeAffinity };
}
