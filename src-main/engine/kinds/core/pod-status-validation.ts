// What the status of a pod may say, and which containers may not come back. upstream: pkg/apis/core/validation ValidatePodStatusUpdate
import type * as core from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid } from '../../meta/field-error.ts';
import { dns1123Subdomain, qualifiedName } from '../../meta/names.ts';
import type { Value } from '../../meta/object.ts';
import { invalidBy } from '../rules.ts';
import { validateAddresses } from './address-list-validation.ts';
import type { Pod } from './pod.ts';

type Statuses = readonly Value<core.ContainerStatus>[] | undefined;

const path = new FieldPath('status');
const conditionsPath = new FieldPath('metadata', 'conditions');

/** Parts that are the same value as before were right before. */
export function validatePodStatus({ status: next = {} }: Pod, { spec, status: previous = {} }: Pod): readonly FieldError[] {
  const errors: FieldError[] = [];
  if (next.conditions !== previous.conditions) errors.push(...validateConditions(next.conditions ?? []));
  const nominated = next.nominatedNodeName ?? '';
  if (nominated !== '' && nominated !== previous.nominatedNodeName)
    errors.push(...invalidBy(path.child('nominatedNodeName'), nominated, dns1123Subdomain(nominated)));
  errors.push(...revivals(next, previous, spec));
  if (next.podIPs !== previous.podIPs) errors.push(...validateAddresses(next.podIPs ?? [], path.child('podIPs')));
  const hosts = next.hostIPs ?? [];
  if (next.hostIPs === previous.hostIPs || hosts[0] === undefined) return errors;
  const at = path.child('hostIPs');
  if (next.hostIP !== hosts[0].ip) errors.push(fieldInvalid(at.index(0).child('ip'), hosts[0].ip, 'must be equal to `hostIP`'));
  return [...errors, ...validateAddresses(hosts, at)];
}

/** Containers that have ended for good and that a status says to be back. */
export function revivals(next: Pod['status'], previous: Pod['status'], spec: Pod['spec']): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (let index = 0; index < statusLists.length; index += 1) {
    const list = statusLists[index] as (typeof statusLists)[number];
    if (previous[list] !== undefined && next[list] !== previous[list])
      errors.push(...revived(next[list], previous[list], (name) => policyOf(spec, list, name), path.child(list)));
  }
  return errors;
}

const statusLists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses'] as const;

/** Kubernetes' own need no look: kubelets write them at each step of each pod. */
const plainConditions: ReadonlySet<string> = new Set([
  ...['ContainersReady', 'DisruptionTarget', 'Initialized', 'PodReadyToStartContainers'],
  ...['PodResizeInProgress', 'PodResizePending', 'PodScheduled', 'Ready'],
]);

/** Upstream blames the metadata for them. */
function validateConditions(conditions: readonly { readonly type?: string }[]): readonly FieldError[] {
  const errors: FieldError[] = [];
  for (let index = 0; index < conditions.length; index += 1) {
    const { type = '' } = conditions[index] as { readonly type?: string };
    if (!plainConditions.has(type)) errors.push(...invalidBy(conditionsPath.index(index).child('Type'), type, qualifiedName(type)));
  }
  return errors;
}

/** Kubelets never start ephemeral containers again. */
function policyOf({ restartPolicy, initContainers = [] }: Pod['spec'], list: string, name: string): string | undefined {
  if (list === 'ephemeralContainerStatuses') return 'Never';
  if (list !== 'initContainerStatuses' || restartPolicy === 'Always') return restartPolicy;
  return initContainers.find((container) => container.name === name)?.restartPolicy ?? restartPolicy;
}

/** upstream: ValidateContainerStateTransition, ValidateInitContainerStateTransition */
function revived(next: Statuses, previous: Statuses, policy: (name: string) => string | undefined, at: FieldPath): readonly FieldError[] {
  return (previous ?? []).flatMap(({ name, state }, index) => {
    const ended = state?.terminated;
    const restarts = policy(name);
    if (ended === undefined || restarts === 'Always' || (restarts === 'OnFailure' && ended.exitCode !== 0)) return [];
    const isBack = (next ?? []).some((status) => status.name === name && status.state?.terminated === undefined);
    return isBack ? [fieldForbidden(at.index(index).child('state'), 'may not be transitioned to non-terminated state')] : [];
  });
}
