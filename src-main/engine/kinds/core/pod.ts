// Pod: its type and all of its API rules. upstream: pkg/registry/core/pod/strategy.go

import type { Pod as OpenApiPod } from 'kubernetes-types/core/v1.d.ts';
import { extended } from '../../base/extended.ts';
import { FieldPath } from '../../meta/field-error.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, ageOf, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import type { PrinterColumn } from '../kind.ts';
import { withLabelKeys } from './affinity-label-keys.ts';
import { validatePodAnnotations } from './pod-annotation-validation.ts';
import { validatePodCreate, validatePodVolumes } from './pod-create-validation.ts';
import { defaultPodSpec } from './pod-defaults.ts';
import type { PodSpec } from './pod-spec.ts';
import { type PodStatusColumn, podStatusColumn } from './pod-status.ts';
import { validatePodStatus } from './pod-status-validation.ts';
import { validatePodSpecUpdate } from './pod-update.ts';
import { validatePodSpec } from './pod-validation.ts';
import { qosClass } from './qos.ts';

export type Pod = StoredInNamespace<OpenApiPod, 'spec' | 'status'>;

export const podKind = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  defaults: (pod) => {
    const spec = defaultPodSpec(pod.spec ?? { containers: [] });
    return spec === pod.spec ? pod : { ...pod, spec };
  },
  prepareForCreate: (pod) => {
    const status = { phase: 'Pending', qosClass: qosClass(pod.spec), ...gated(pod.spec) } as const;
    return extended(pod, { spec: withLabelKeys(pod.spec, pod.metadata.labels), status });
  },
  validate: (pod) => [
    ...validatePodAnnotations(pod.metadata.annotations, pod.spec, annotationsPath),
    ...validatePodSpec(pod.spec, specPath),
    ...validatePodVolumes(pod),
  ],
  validateCreate: validatePodCreate,
  validateUpdate: (next, previous) => validatePodSpecUpdate(next.spec, previous.spec),
  validateStatus: validatePodStatus,
  selectableFields: ({ spec, status }) => ({
    'spec.nodeName': spec.nodeName ?? '',
    'spec.restartPolicy': spec.restartPolicy ?? '',
    'spec.schedulerName': spec.schedulerName ?? '',
    'spec.serviceAccountName': spec.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec.hostNetwork ?? false),
    'status.phase': status.phase ?? '',
    'status.podIP': status.podIPs?.[0]?.ip ?? status.podIP ?? '',
    'status.nominatedNodeName': status.nominatedNodeName ?? '',
  }),
  gracePeriodSeconds,
  columns: podColumns(),
});

const specPath = new FieldPath('spec');
const annotationsPath = new FieldPath('metadata', 'annotations');

/** upstream: podStrategy.CheckGracefulDelete */
function gracePeriodSeconds({ spec, status }: Pod, requested: number | undefined): number {
  if ((spec.nodeName ?? '') === '' || status.phase === 'Failed' || status.phase === 'Succeeded') return 0;
  const seconds = requested ?? spec.terminationGracePeriodSeconds ?? 0;
  return seconds < 0 ? 1 : seconds;
}

/** upstream: applySchedulingGatedCondition */
function gated(spec: PodSpec): Pick<Pod['status'], 'conditions'> {
  if ((spec.schedulingGates ?? []).length === 0) return {};
  const message = 'Scheduling is blocked due to non-empty scheduling gates';
  return { conditions: [{ type: 'PodScheduled', status: 'False', reason: 'SchedulingGated', message }] };
}

function podColumns(): readonly PrinterColumn<Pod>[] {
  const wide = (name: string, value: (pod: Pod) => string | undefined): PrinterColumn<Pod> => ({
    name,
    type: 'string',
    priority: 1,
    value: (pod) => {
      const text = value(pod) ?? '';
      return text === '' ? '<none>' : text;
    },
  });
  return [
    nameColumn,
    { name: 'Ready', type: 'string', value: (pod) => ready(pod) },
    { name: 'Status', type: 'string', value: (pod) => columnOf(pod).status },
    { name: 'Restarts', type: 'string', value: restarts },
    ageColumn,
    wide('IP', ({ status }) => status.podIPs?.[0]?.ip ?? status.podIP),
    wide('Node', ({ spec }) => spec.nodeName),
    wide('Nominated Node', ({ status }) => status.nominatedNodeName),
    wide('Readiness Gates', readinessGates),
  ];
}

/** Three columns of a row are of the same pod, which is a value: it is looked through once. */
let latest: { readonly pod: Pod; readonly column: PodStatusColumn } | undefined;

function columnOf(pod: Pod): PodStatusColumn {
  if (latest?.pod !== pod) latest = { pod, column: podStatusColumn(pod) };
  return latest.column;
}

function ready(pod: Pod): string {
  const column = columnOf(pod);
  return `${column.ready}/${column.containers}`;
}

function restarts(pod: Pod, nowMs: number): string {
  const { restarts: count, lastRestart } = columnOf(pod);
  return count === 0 || lastRestart === undefined ? String(count) : `${count} (${ageOf(lastRestart, nowMs)} ago)`;
}

function readinessGates({ spec, status }: Pod): string | undefined {
  const gates = spec.readinessGates ?? [];
  const isTrue = (type: string) => (status.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
  return gates.length === 0 ? undefined : `${gates.filter(({ conditionType }) => isTrue(conditionType)).length}/${gates.length}`;
}
