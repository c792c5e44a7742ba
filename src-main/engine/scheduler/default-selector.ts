// Which pods belong together with a pod when nobody says so: those of the same Services and the same owner. Default spreading goes by it.
// upstream: pkg/scheduler/framework/plugins/helper/spread.go DefaultSelector
import type { Pod } from '../kinds/core/pod.ts';
import { requirementsOf, selectorForMap } from '../meta/label-selector.ts';
import type { LabelRequirement, Labels } from '../meta/labels.ts';
import { controllerOf } from '../meta/owner-references.ts';
import type { ClusterView } from './cluster-view.ts';

/** Requirements that together select the pods; none at all: nothing is known to belong to the pod. */
export function defaultRequirements(pod: Pod, { listers }: ClusterView): readonly LabelRequirement[] {
  const { namespace, labels } = pod.metadata;
  let merged: Labels = {};
  for (const service of listers.services.inNamespace(namespace)) {
    const { selector } = service.spec;
    if (selector !== undefined && selectorForMap(selector)(labels)) merged = { ...merged, ...selector };
  }
  const owner = controllerOf(pod);
  const key = `${namespace}/${owner?.name}`;
  if (owner?.kind === 'ReplicationController' && owner.apiVersion === 'v1')
    merged = { ...merged, ...listers.replicationControllers.get(key)?.spec.selector };
  const requirements = Object.entries(merged).map(([label, value]): LabelRequirement => ({ key: label, operator: '=', values: [value] }));
  if (owner?.apiVersion !== 'apps/v1' || (owner.kind !== 'ReplicaSet' && owner.kind !== 'StatefulSet')) return requirements;
  const selector = (owner.kind === 'ReplicaSet' ? listers.replicaSets : listers.statefulSets).get(key)?.spec.selector;
  if (selector === undefined) return requirements;
  const { value = [] } = requirementsOf(selector);
  return requirements.length === 0 ? value : [...requirements, ...value];
}
