// A scheduler's view of nothing but what a test names.
import { ClusterView, type Lister, type Listers } from '../../../../src-main/engine/scheduler/cluster-view.ts';

const nothing: Lister<never> = { get: () => undefined, values: () => [], inNamespace: () => [] };

export function viewWith(listers: Partial<Listers>): ClusterView {
  return new ClusterView({
    namespaces: nothing,
    services: nothing,
    replicationControllers: nothing,
    replicaSets: nothing,
    statefulSets: nothing,
    claims: nothing,
    volumes: nothing,
    volumesOfClass: () => [],
    storageClasses: nothing,
    csiNodes: nothing,
    csiDrivers: nothing,
    storageCapacities: nothing,
    attachmentsOn: () => [],
    ...listers,
  });
}

/** Objects of one namespace by name. */
export function listerOf<T>(namespace: string, objects: Readonly<Record<string, unknown>>): Lister<T> {
  const values = Object.values(objects) as T[];
  return {
    get: (key) => objects[key.slice(namespace.length + 1)] as T | undefined,
    values: () => values,
    inNamespace: (name) => (name === namespace ? values : []),
  };
}
