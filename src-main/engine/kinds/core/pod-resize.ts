// Pods whose containers get other resources while they run: what a request may change, and what such a pod holds until its node has carried it out.
// upstream: pkg/registry/core/pod/strategy.go dropNonResizeUpdates, pkg/apis/core/validation ValidatePodResize (release 1.33), component-helpers/resource/helpers.go
import { equal } from '../../base/equal.ts';
import { findCondition } from '../../meta/conditions.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, omittedValue } from '../../meta/field-error.ts';
import { compareQuantities, parseQuantity } from '../../meta/quantity.ts';
import type { Pod } from './pod.ts';
import { type Container, isSidecar, mapShared, type PodSpec, type ResourceList, type ResourceRequirements } from './pod-spec.ts';
import { qosClass } from './qos.ts';

type ContainerStatus = NonNullable<Pod['status']['containerStatuses']>[number];

export const RESIZE_PENDING = 'PodResizePending';
export const RESIZE_IN_PROGRESS = 'PodResizeInProgress';

/** The pod with the resources that are wanted of its containers; nothing else of what is sent counts. */
export function withWantedResources(pod: Pod, wanted: Partial<Pod>): Pod {
  const take = (list: readonly Container[] | undefined) => (own: Container) => {
    const other = list?.find(({ name }) => name === own.name);
    if (other === undefined || (equal(other.resources, own.resources) && equal(other.resizePolicy, own.resizePolicy))) return own;
    const { resources: _resources, resizePolicy: _policy, ...rest } = own;
    const { resources, resizePolicy } = other;
    return { ...rest, ...(resources && { resources }), ...(resizePolicy && { resizePolicy }) };
  };
  return withContainers(pod, take(wanted.spec?.containers), take(wanted.spec?.initContainers));
}

export function validateResize(next: Pod, previous: Pod): readonly FieldError[] {
  const spec = previous.spec as PodSpec;
  if (spec.resources !== undefined) return [fieldForbidden(root, 'pods with pod-level resources cannot be resized')];
  if (previous.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined)
    return [fieldForbidden(root, 'static pods cannot be resized')];
  if (spec.os?.name === 'windows') return [fieldForbidden(root, 'windows pods cannot be resized')];
  const errors: FieldError[] = [];
  if (qosClass(next.spec) !== (previous.status.qosClass ?? qosClass(spec)))
    errors.push(fieldInvalid(path, previous.status.qosClass ?? omittedValue, 'Pod QOS Class may not change as a result of resizing'));
  if (!isSupported(previous)) errors.push(fieldForbidden(path, 'Pod running on node without support for resize'));
  const compare = (field: 'containers' | 'initContainers'): void => {
    for (const [index, old] of (spec[field] ?? []).entries()) {
      const container = next.spec[field]?.[index];
      if (container !== undefined) errors.push(...validateContainer(container, old, path.child(field).index(index).child('resources')));
    }
  };
  compare('containers');
  compare('initContainers');
  const isFixed = (container: Container, index: number): boolean =>
    !isSidecar(container) && !equal(container.resources, spec.initContainers?.[index]?.resources);
  if ((next.spec.initContainers ?? []).some(isFixed))
    errors.push(fieldForbidden(path, 'resources for non-sidecar init containers are immutable'));
  else if (!equal(withoutResizable(next).spec, withoutResizable(previous).spec))
    errors.push(fieldForbidden(path, 'only cpu and memory resources are mutable'));
  return errors;
}

/** The pod as its node counts it: with the most that each container wants, was given and has. upstream: determineContainerReqs */
export function asHeld(pod: Pod): Pod {
  const { conditions = [], containerStatuses, initContainerStatuses } = pod.status;
  if (holdWanted(pod.spec.containers, containerStatuses) && holdWanted(pod.spec.initContainers, initContainerStatuses)) return pod;
  const isInfeasible = findCondition(conditions, RESIZE_PENDING)?.reason === 'Infeasible';
  const hold = (statuses: readonly ContainerStatus[] | undefined) => (container: Container) => {
    const status = statuses?.find(({ name }) => name === container.name);
    if (status?.resources === undefined || holdsWanted(container, status)) return container;
    const lists = [isInfeasible ? {} : container.resources?.requests, status.resources.requests, status.allocatedResources];
    return { ...container, resources: { ...container.resources, requests: lists.reduce<ResourceList>(most, {}) } };
  };
  return withContainers(pod, hold(containerStatuses), hold(initContainerStatuses));
}

/** Asked for each pod that is counted, and nearly always true. */
function holdWanted(containers: readonly Container[] | undefined, statuses: readonly ContainerStatus[] | undefined): boolean {
  if (containers === undefined || statuses === undefined) return true;
  for (const status of statuses) {
    if (status.resources === undefined) continue;
    for (const container of containers) if (container.name === status.name && !holdsWanted(container, status)) return false;
  }
  return true;
}

function holdsWanted({ resources }: Container, status: ContainerStatus): boolean {
  const wanted = resources?.requests;
  return equal(status.resources?.requests, wanted) && equal(status.allocatedResources, wanted);
}

export function withContainers(
  pod: Pod,
  change: (container: Container) => Container,
  changeInit: (container: Container) => Container = change,
): Pod {
  const { containers, initContainers } = pod.spec;
  const [next, init] = [mapShared(containers, change), initContainers && mapShared(initContainers, changeInit)];
  if (next === containers && init === initContainers) return pod;
  return { ...pod, spec: { ...pod.spec, containers: next, ...(init && { initContainers: init }) } as PodSpec };
}

const root = new FieldPath('');
const path = new FieldPath('spec');
const RESIZABLE = ['cpu', 'memory'] as const;

function validateContainer(next: Container, previous: Container, at: FieldPath): readonly FieldError[] {
  const [after, before] = [next.resources ?? {}, previous.resources ?? {}];
  if (equal(after, before)) return [];
  const errors: FieldError[] = [];
  const lost = (side: 'requests' | 'limits'): boolean => Object.keys(before[side] ?? {}).some((name) => after[side]?.[name] === undefined);
  if (lost('requests')) errors.push(fieldForbidden(at.child('requests'), 'resource requests cannot be removed'));
  if (lost('limits')) errors.push(fieldForbidden(at.child('limits'), 'resource limits cannot be removed'));
  const policy = next.resizePolicy?.find(({ resourceName }) => resourceName === 'memory')?.restartPolicy ?? 'NotRequired';
  const limit = after.limits?.['memory'];
  if (policy !== 'NotRequired' || limit === undefined) return errors;
  const memoryPath = at.child('limits').key('memory');
  const old = before.limits?.['memory'];
  if (old === undefined) errors.push(fieldForbidden(memoryPath, 'memory limits cannot be added unless resizePolicy is RestartContainer'));
  else if (isLess(limit, old))
    errors.push(fieldForbidden(memoryPath, 'memory limits cannot be decreased unless resizePolicy is RestartContainer'));
  return errors;
}

/** A node that says what its running containers have can give them something else. upstream: isPodResizeRequestSupported */
function isSupported({ status }: Pod): boolean {
  const running = (status.containerStatuses ?? []).find(({ state }) => state?.running !== undefined);
  return running === undefined || running.resources !== undefined;
}

function withoutResizable(pod: Pod): Pod {
  const rest = (list: ResourceList | undefined): ResourceList =>
    Object.fromEntries(Object.entries(list ?? {}).filter(([name]) => !(RESIZABLE as readonly string[]).includes(name)));
  return withContainers(pod, (container) => {
    const { requests, limits, ...others }: ResourceRequirements = container.resources ?? {};
    return { ...container, resources: { ...others, requests: rest(requests), limits: rest(limits) } };
  });
}

function most(sum: ResourceList, list: ResourceList | undefined): ResourceList {
  const next: Record<string, string> = { ...sum };
  for (const [name, text] of Object.entries(list ?? {})) if (next[name] === undefined || isLess(next[name], text)) next[name] = text;
  return next;
}

function isLess(a: string, b: string): boolean {
  const [first, second] = [parseQuantity(a).value, parseQuantity(b).value];
  return first !== undefined && second !== undefined && compareQuantities(first, second) < 0;
}
