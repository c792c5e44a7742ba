// Keeps the rules of ClusterRoles that gather those of others. upstream: pkg/controller/clusterroleaggregation/clusterroleaggregation_controller.go
import { equal } from '../base/equal.ts';
import { defineController } from '../client/component.ts';
import { aggregatedRules } from '../kinds/rbac/aggregated-rules.ts';
import { clusterRoleKind } from '../kinds/rbac/roles.ts';

export const clusterRoleAggregation = defineController<Record<never, never>>({
  name: 'clusterrole-aggregation-controller',
  workers: 5,
  initialState: () => ({}),
  start: ({ cache, client, queue, restored }) => {
    const roles = cache(clusterRoleKind);
    // Any role may be among those that another gathers. upstream: enqueue
    const queueGathering = (): void => {
      for (const role of roles.values()) if (role.aggregationRule !== undefined) queue.add(role.metadata.name);
    };
    roles.onChange(queueGathering);
    if (!restored) queueGathering();
    return {
      reconcile: (name) => {
        const role = roles.get(name);
        if (role?.aggregationRule === undefined) return;
        const rules = aggregatedRules(role, roles.values());
        if (!equal(rules, role.rules ?? [])) client.patch(clusterRoleKind, name, (current) => ({ ...current, rules }));
      },
    };
  },
});
