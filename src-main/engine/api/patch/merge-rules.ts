// How a strategic merge patch treats each field of the API types: which lists merge, by which member, and which maps may drop keys.
// upstream: patchStrategy and patchMergeKey tags of k8s.io/api and apimachinery types (release 1.33)

import type { Kind } from '../../kinds/kind.ts';
import { type FieldType, fieldsOf, typeOfKind } from '../../kinds/kind-fields.ts';

export type PatchStrategy = 'merge' | 'retainKeys' | 'replace';

export interface FieldRule {
  readonly strategies: readonly PatchStrategy[];
  /** '' for lists of plain values, and for lists that are replaced. */
  readonly mergeKey: string;
  /** The rules of the members, or of each item. */
  readonly schema: PatchSchema;
}

export interface PatchSchema {
  readonly field: (name: string) => FieldRule;
}

/** No field has a rule: maps merge, lists are replaced. */
export const plainSchema: PatchSchema = { field: () => plain };
const plain: FieldRule = { strategies: [], mergeKey: '', schema: plainSchema };

export function schemaOfKind({ group, version, kind }: Pick<Kind, 'group' | 'version' | 'kind'>): PatchSchema {
  const type = typeOfKind(group, version, kind);
  return type === undefined ? plainSchema : schemaOfType(type);
}

/** `core.Pod`, `[]core.Container`, `{}string`. */
export function schemaOfType(type: FieldType): PatchSchema {
  const item = type.startsWith('[]') ? type.slice(2) : type;
  const fields = fieldsOf(item);
  if (fields === undefined) return plainSchema;
  return {
    field: (name) => {
      const fieldType = Object.hasOwn(fields, name) ? fields[name] : undefined;
      const schema = fieldType === undefined ? plainSchema : schemaOfType(fieldType);
      return { ...ruleOf(item, name), schema };
    },
  };
}

/** The rule of one field of a type, without those of its members. */
export function ruleOf(type: FieldType, field: string): Omit<FieldRule, 'schema'> {
  const text = Object.hasOwn(rules, `${type}.${field}`)
    ? rules[`${type}.${field}`]
    : type.endsWith('Status') && field === 'conditions'
      ? 'type'
      : undefined;
  if (text === undefined || (field === 'conditions' && unmerged.has(type))) return { strategies: [], mergeKey: '' };
  if (text === 'retainKeys') return { strategies: ['retainKeys'], mergeKey: '' };
  if (text === 'replace') return { strategies: ['replace'], mergeKey: '' };
  const [mergeKey = '', retains] = text.split(' ');
  return { strategies: retains === undefined ? ['merge'] : ['merge', 'retainKeys'], mergeKey };
}

/** Their conditions carry no patchStrategy. */
const unmerged: ReadonlySet<string> = new Set([
  'admissionregistration.ValidatingAdmissionPolicyStatus',
  'certificates.CertificateSigningRequestStatus',
]);

/** Merge key, '' for a set of plain values; `retainKeys` after a key when both hold. Conditions of a status merge by type everywhere else. */
const rules: Readonly<Record<string, string>> = {
  'admissionregistration.MutatingAdmissionPolicySpec.matchConditions': 'name',
  'admissionregistration.MutatingWebhook.matchConditions': 'name',
  'admissionregistration.MutatingWebhookConfiguration.webhooks': 'name',
  'admissionregistration.ValidatingWebhook.matchConditions': 'name',
  'admissionregistration.ValidatingWebhookConfiguration.webhooks': 'name',
  'admissionregistration.ValidatingAdmissionPolicySpec.matchConditions': 'name',
  'admissionregistration.ValidatingAdmissionPolicySpec.variables': 'name',
  'apps.DeploymentSpec.strategy': 'retainKeys',
  'core.Container.env': 'name',
  'core.Container.ports': 'containerPort',
  'core.Container.volumeDevices': 'devicePath',
  'core.Container.volumeMounts': 'mountPath',
  'core.ContainerStatus.allocatedResourcesStatus': 'name',
  'core.ContainerStatus.volumeMounts': 'mountPath',
  'core.EphemeralContainer.env': 'name',
  'core.EphemeralContainer.ports': 'containerPort',
  'core.EphemeralContainer.volumeDevices': 'devicePath',
  'core.EphemeralContainer.volumeMounts': 'mountPath',
  'core.NodeSpec.podCIDRs': '',
  'core.NodeStatus.addresses': 'type',
  'core.PodSpec.containers': 'name',
  'core.PodSpec.ephemeralContainers': 'name',
  'core.PodSpec.hostAliases': 'ip',
  'core.PodSpec.imagePullSecrets': 'name',
  'core.PodSpec.initContainers': 'name',
  'core.PodSpec.resourceClaims': 'name retainKeys',
  'core.PodSpec.schedulingGates': 'name',
  'core.PodSpec.topologySpreadConstraints': 'topologyKey',
  'core.PodSpec.volumes': 'name retainKeys',
  'core.PodStatus.hostIPs': 'ip',
  'core.PodStatus.podIPs': 'ip',
  'core.PodStatus.resourceClaimStatuses': 'name retainKeys',
  'core.ServiceAccount.secrets': 'name',
  'core.ServiceSpec.ports': 'port',
  'meta.ObjectMeta.finalizers': '',
  'meta.ObjectMeta.ownerReferences': 'uid',
  'policy.PodDisruptionBudgetSpec.selector': 'replace',
  'storage.CSINodeSpec.drivers': 'name',
};
