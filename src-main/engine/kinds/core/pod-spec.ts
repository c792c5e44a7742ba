// The parts of a pod's specification as immutable values, and the walks over its containers that every rule of a pod needs.
import type * as core from 'kubernetes-types/core/v1.d.ts';
import type { Value } from '../../meta/object.ts';

export type Container = Value<core.Container>;
export type EphemeralContainer = Value<core.EphemeralContainer>;
export type Probe = Value<core.Probe>;
export type LifecycleHandler = Value<core.LifecycleHandler>;
export type Volume = Value<core.Volume>;
export type ResourceRequirements = Value<core.ResourceRequirements>;
export type ResourceList = Readonly<Record<string, string>>;
/** `resources`: pod-level resources, an alpha field of the modelled release. */
export type PodSpec = Value<core.PodSpec> & { readonly resources?: ResourceRequirements };
export type PodTemplateSpec = Value<core.PodTemplateSpec>;

/** An init container that keeps running beside the others. upstream: podutil.IsRestartableInitContainer */
export function isSidecar(container: Pick<Container, 'restartPolicy'> | undefined): boolean {
  return container?.restartPolicy === 'Always';
}

/** The list with each item mapped; the very same list when no item changes, so that unchanged parts stay shared. */
export function mapShared<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed = false;
  const next = items.map((item) => {
    const mapped = change(item);
    if (mapped !== item) changed = true;
    return mapped;
  });
  return changed ? next : items;
}
