// Random objects that limit others: budgets that evictions must keep to, quotas that count what is there, and a policy that refuses.
import type { Random } from '../../src-main/engine/base/random.ts';
import type { JsonObject } from '../../src-main/engine/meta/object.ts';

interface Place {
  readonly name: string;
  readonly namespace: string;
}

/** One budget an app, so that each pod has at most one. */
export function budget(random: Random, { name, namespace }: Place): JsonObject {
  const amount = random.pick([
    { minAvailable: random.below(4) },
    { minAvailable: '50%' },
    { maxUnavailable: 1 },
    { maxUnavailable: '30%' },
  ]);
  const policy = random.below(3) === 0 ? { unhealthyPodEvictionPolicy: 'AlwaysAllow' } : {};
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace },
    spec: { ...amount, ...policy, selector: { matchLabels: { app: name } } },
  };
}

/** Wide enough never to refuse, though a node that is short of memory turns away a dozen pods a second: what it says is used has to be true all the same. */
export const quota: JsonObject = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'all', namespace: 'shop' },
  spec: {
    hard: {
      pods: '100000',
      'count/pods': '100000',
      'count/deployments.apps': '100',
      configmaps: '1000',
      services: '100',
      persistentvolumeclaims: '100',
      'requests.storage': '10Ti',
    },
  },
};

/** Maps that hold secrets are refused wherever they are; nothing else is. */
export const noSecretsInMaps: readonly JsonObject[] = [
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'no-secrets-in-maps' },
    spec: {
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] }],
      },
      matchConditions: [{ name: 'not-the-system', expression: "!request.namespace.startsWith('kube-')" }],
      variables: [{ name: 'keys', expression: 'object.?data.orValue({}).map(key, key)' }],
      validations: [{ expression: '!variables.keys.exists(key, key == "password")', reason: 'Forbidden' }],
    },
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name: 'no-secrets-in-maps' },
    spec: { policyName: 'no-secrets-in-maps', validationActions: ['Deny'] },
  },
];

/** What somebody tries all the same. */
export function refusedMap({ name, namespace }: Place): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `secret-${name}`, namespace }, data: { password: name } };
}
