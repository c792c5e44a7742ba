// Defined kinds at rest: each definition is established, and objects of a kind that is no longer defined are gone.
import type { Cluster } from '../../src-main/engine/cluster.ts';
import type { CustomResourceDefinition } from '../../src-main/engine/kinds/apiextensions/custom-resource-definition.ts';
import { isConditionTrue } from '../../src-main/engine/meta/conditions.ts';
import { tableOf } from './convergence.ts';

export function definitionFaults(cluster: Cluster): readonly string[] {
  return tableOf<CustomResourceDefinition>(cluster, 'CustomResourceDefinition.apiextensions.k8s.io').flatMap(({ metadata, status }) =>
    isConditionTrue(status?.conditions, 'Established') ? [] : [`definition ${metadata.name} is not established`],
  );
}
