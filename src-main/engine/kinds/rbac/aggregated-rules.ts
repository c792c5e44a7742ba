// The rules of a ClusterRole that gathers those of others by their labels. upstream: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go syncClusterRole
import { equal } from '../../base/equal.ts';
import { selectorFor } from '../../meta/label-selector.ts';
import type { PolicyRule } from './rbac-validation.ts';
import type { ClusterRole } from './roles.ts';

type Gathering = Pick<ClusterRole, 'aggregationRule'> & { readonly metadata: { readonly name: string } };

/** Each rule once, in the order of selectors and of the roles' names. */
export function aggregatedRules({ metadata, aggregationRule }: Gathering, roles: Iterable<ClusterRole>): readonly PolicyRule[] {
  const others = [...roles].filter((role) => role.metadata.name !== metadata.name).sort(byName);
  const gathered: PolicyRule[] = [];
  for (const selector of aggregationRule?.clusterRoleSelectors ?? []) {
    const matches = selectorFor(selector);
    for (const role of others)
      if (matches(role.metadata.labels))
        for (const rule of role.rules ?? []) if (!gathered.some((known) => equal(known, rule))) gathered.push(rule);
  }
  return gathered;
}

function byName(a: ClusterRole, b: ClusterRole): number {
  return a.metadata.name < b.metadata.name ? -1 : 1;
}
