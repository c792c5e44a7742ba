// What ReplicaSet and Deployment have in common: a selector, and the template of the pods it selects. upstream: pkg/apis/apps/validation/validation.go
import { type FieldError, type FieldPath, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { type LabelSelector, requirementsOf, selectorFor, validateLabelSelector } from '../../meta/label-selector.ts';
import { defaultTemplateSpec } from '../core/pod-defaults.ts';
import type { PodTemplateSpec } from '../core/pod-spec.ts';
import { validateRunningTemplate } from '../core/pod-validation.ts';
import { goLabelSelector } from '../go-syntax.ts';

interface Selecting {
  readonly selector?: LabelSelector;
  readonly template?: PodTemplateSpec;
}

export function validateSelectorAndTemplate({ selector, template }: Selecting, path: FieldPath): readonly FieldError[] {
  const at = path.child('selector');
  const errors: FieldError[] = [];
  if (selector === undefined) errors.push(fieldRequired(at, ''));
  else errors.push(...validateLabelSelector(selector, at));
  const empty = selector !== undefined && Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;
  if (empty) errors.push(fieldInvalid(at, goLabelSelector(selector), 'empty selector is invalid for deployment'));
  if (selector !== undefined && requirementsOf(selector).value === undefined)
    return [...errors, fieldInvalid(at, goLabelSelector(selector), 'invalid label selector')];
  const selects = empty ? undefined : selectorFor(selector);
  return [...errors, ...validateRunningTemplate(template, selects, 'ReplicaSet', path.child('template'))];
}

/** The template with its pod spec filled in. upstream: SetObjectDefaults_Deployment and its like */
export function defaultTemplate(template: PodTemplateSpec): PodTemplateSpec {
  if (template.spec === undefined) return template;
  const spec = defaultTemplateSpec(template.spec);
  return spec === template.spec ? template : { ...template, spec };
}
