// What a DaemonSet adds to its template: tolerations that let a daemon run where others may not, and the one node the pod is for.
// upstream: pkg/controller/daemon/util/daemonset_util.go
import type { Affinity as OpenApiAffinity } from 'kubernetes-types/core/v1.d.ts';
import type { Pod } from '../../kinds/core/pod.ts';
import type { PodTemplateSpec } from '../../kinds/core/pod-spec.ts';
import type { Value } from '../../meta/object.ts';
import type { Toleration } from '../../meta/tolerations.ts';
import { revisionLabel } from '../controller-revision/revisions.ts';

type Affinity = Value<OpenApiAffinity>;

export const templateGenerationLabel = 'pod-template-generation';

const exists = (key: string, effect: string): Toleration => ({ key: `node.kubernetes.io/${key}`, operator: 'Exists', effect });
const automatic: readonly Toleration[] = [
  exists('not-ready', 'NoExecute'),
  exists('unreachable', 'NoExecute'),
  exists('disk-pressure', 'NoSchedule'),
  exists('memory-pressure', 'NoSchedule'),
  exists('pid-pressure', 'NoSchedule'),
  exists('unschedulable', 'NoSchedule'),
];
const onHostNetwork: readonly Toleration[] = [...automatic, exists('network-unavailable', 'NoSchedule')];

/** With the automatic tolerations; a template gets the very same answer each time. upstream: AddOrUpdateDaemonPodTolerations */
export function daemonTemplate(template: PodTemplateSpec): PodTemplateSpec {
  let filled = templates.get(template);
  if (filled === undefined) {
    const { spec = { containers: [] } } = template;
    const added = spec.hostNetwork === true ? onHostNetwork : automatic;
    const given = (spec.tolerations ?? []).map((one) => added.find((toleration) => sameToleration(one, toleration)) ?? one);
    filled = { ...template, spec: { ...spec, tolerations: [...given, ...added.filter((one) => !given.includes(one))] } };
    templates.set(template, filled);
  }
  return filled;
}

/** The template of one revision: its pods bear the revision's hash and the count of template changes. They share their labels. upstream: CreatePodTemplate */
export function labeledTemplate(template: PodTemplateSpec, hash: string, generation: number | undefined): PodTemplateSpec {
  const before = labeledTemplates.get(template);
  if (before?.hash === hash && before.generation === generation) return before.labeled;
  const filled = daemonTemplate(template);
  const labels = {
    ...filled.metadata?.labels,
    ...(generation !== undefined && { [templateGenerationLabel]: String(generation) }),
    ...(hash !== '' && { [revisionLabel]: hash }),
  };
  const labeled = { ...filled, metadata: { ...filled.metadata, labels } };
  labeledTemplates.set(template, { hash, generation, labeled });
  return labeled;
}

/** The scheduler binds the pod, but to this node only. upstream: ReplaceDaemonSetPodNodeNameNodeAffinity */
export function pinnedTo(affinity: Affinity | undefined, node: string): Affinity {
  const pin = { matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] };
  return {
    ...affinity,
    nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [pin] } },
  };
}

/** Where a daemon pod is or is meant to be; '' when it does not say. upstream: GetTargetNodeName */
export function targetNodeOf({ spec }: Pod): string {
  if ((spec.nodeName ?? '') !== '') return spec.nodeName ?? '';
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms)
    for (const { key, operator, values = [] } of matchFields)
      if (key === 'metadata.name' && operator === 'In' && values.length === 1) return values[0] ?? '';
  return '';
}

/** upstream: IsPodUpdated */
export function isPodUpdated({ metadata }: Pod, hash: string, generation: number | undefined): boolean {
  const { labels } = metadata;
  if (hash !== '' && labels?.[revisionLabel] === hash) return true;
  return generation !== undefined && labels?.[templateGenerationLabel] === String(generation);
}

const templates = new WeakMap<PodTemplateSpec, PodTemplateSpec>();

interface Labeled {
  readonly hash: string;
  readonly generation: number | undefined;
  readonly labeled: PodTemplateSpec;
}

const labeledTemplates = new WeakMap<PodTemplateSpec, Labeled>();

function sameToleration(a: Toleration, b: Toleration): boolean {
  return a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '');
}
