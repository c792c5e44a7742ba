// Tells in the status of each ValidatingAdmissionPolicy that it was seen, and which of its expressions ask for what is not there.
// upstream: pkg/controller/validatingadmissionpolicystatus/controller.go
import { defineController } from '../client/component.ts';
import { expressionWarnings } from '../kinds/admissionregistration/policy-type-check.ts';
import { validatingAdmissionPolicyKind as kind } from '../kinds/admissionregistration/validating-admission-policy.ts';
import { customResourceDefinitionKind } from '../kinds/apiextensions/custom-resource-definition.ts';

export const validatingAdmissionPolicyStatus = defineController<Record<never, never>>({
  name: 'validatingadmissionpolicy-status-controller',
  workers: 5,
  initialState: () => ({}),
  start: ({ cache, client, queue, restored }) => {
    const policies = cache(kind);
    policies.onChange((next) => {
      if (next !== undefined) queue.add(next.metadata.name);
    });
    if (!restored) for (const policy of policies.values()) queue.add(policy.metadata.name);
    return {
      reconcile: (name) => {
        const policy = policies.get(name);
        if (policy === undefined) return;
        const { generation = 0 } = policy.metadata;
        if (generation <= (policy.status?.observedGeneration ?? 0)) return;
        const warnings = expressionWarnings(policy, client.list(customResourceDefinitionKind));
        const typeChecking = warnings.length === 0 ? {} : { expressionWarnings: warnings };
        client.patchStatus(kind, name, (current) => ({
          ...current,
          status: { ...current.status, observedGeneration: generation, typeChecking },
        }));
      },
    };
  },
});
