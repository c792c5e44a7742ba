// How server-side apply sees a value: which maps and lists have parts that may have owners of their own, and by what list items are told apart.
// upstream: x-kubernetes-list-type, -list-map-keys and -map-type of the OpenAPI document (release 1.33)
import { type JsonSchema, memberSchema } from '../../kinds/apiextensions/json-schema.ts';
import { type FieldType, fieldsOf } from '../../kinds/kind-fields.ts';

export type Structure =
  /** One owner for the whole of it. */
  | { readonly of: 'atom' }
  /** Each member has owners; what is `there` before anybody writes has none itself. */
  | { readonly of: 'map'; readonly member: (name: string) => Structure; readonly there?: ReadonlySet<string> }
  /** Each item has owners; `keys` tells items apart. */
  | { readonly of: 'items'; readonly keys: readonly string[]; readonly item: Structure }
  /** Each value of a list of plain values has owners. */
  | { readonly of: 'set' };

const ATOM: Structure = { of: 'atom' };
/** A value without a model: maps are looked into, lists are not. */
const FREE: Structure = { of: 'map', member: () => FREE };
const PARTS = ['metadata', 'spec', 'status'];
const SET: Structure = { of: 'set' };

export function structureOf(type: FieldType | undefined): Structure {
  if (type === undefined || type === 'any') return FREE;
  let structure = known.get(type);
  if (structure === undefined) {
    structure = makeStructure(type);
    known.set(type, structure);
  }
  return structure;
}

/** The structure of a member of what should be a map. */
export function memberOfMap(structure: Structure, name: string): Structure {
  return structure.of === 'map' ? structure.member(name) : ATOM;
}

/** Types are asked about with every write of a component. */
const known = new Map<FieldType, Structure>();

function makeStructure(type: FieldType): Structure {
  if (type.startsWith('{}')) {
    const member = structureOf(type.slice(2));
    return { of: 'map', member: () => member };
  }
  const fields = fieldsOf(type);
  if (fields === undefined || atomicTypes.has(type)) return ATOM;
  const members = new Map<string, Structure>();
  return {
    of: 'map',
    there: new Set(Object.hasOwn(alwaysThere, type) ? alwaysThere[type] : Object.hasOwn(fields, 'metadata') ? PARTS : []),
    member: (name) => {
      if (!Object.hasOwn(fields, name)) return FREE;
      let member = members.get(name);
      if (member === undefined) {
        member = memberOf(type, name, fields[name] ?? 'any');
        members.set(name, member);
      }
      return member;
    },
  };
}

/** The same of a custom resource, whose schema says it. upstream: structured-merge-diff schema, x-kubernetes-list-type and -map-type */
export function structureOfSchema(schema: JsonSchema): Structure {
  const { items, type } = schema;
  if (type === 'array') {
    const kind = schema['x-kubernetes-list-type'];
    if (kind === 'set') return SET;
    if (kind !== 'map' || items === undefined) return ATOM;
    return { of: 'items', keys: schema['x-kubernetes-list-map-keys'] ?? [], item: structureOfSchema(items) };
  }
  if (schema['x-kubernetes-map-type'] === 'atomic') return ATOM;
  return {
    of: 'map',
    member: (name) => {
      const member = memberSchema(schema, name);
      return member === undefined ? FREE : structureOfSchema(member);
    },
  };
}

function memberOf(owner: FieldType, name: string, type: FieldType): Structure {
  const field = `${owner}.${name}`;
  if (atomicFields.has(field)) return ATOM;
  if (!type.startsWith('[]')) return structureOf(type);
  if (sets.has(field)) return SET;
  const keys = name === 'conditions' && owner.endsWith('Status') ? ['type'] : Object.hasOwn(listKeys, field) ? listKeys[field] : undefined;
  return keys === undefined ? ATOM : { of: 'items', keys, item: structureOf(type.slice(2)) };
}

const atomicTypes: ReadonlySet<string> = new Set([
  ...[
    'meta.LabelSelector',
    'meta.OwnerReference',
    'core.ConfigMapKeySelector',
    'core.LocalObjectReference',
    'core.NodeSelector',
    'core.NodeSelectorTerm',
  ],
  ...[
    'core.ObjectFieldSelector',
    'core.EndpointAddress',
    'core.EndpointPort',
    'discovery.EndpointPort',
    'core.ObjectReference',
    'core.ResourceFieldSelector',
    'core.ScopeSelector',
    'core.SecretKeySelector',
  ],
  ...['admissionregistration.ParamKind', 'admissionregistration.ParamRef', 'admissionregistration.MatchResources'],
  ...[
    'admissionregistration.NamedRuleWithOperations',
    'core.SecretReference',
    'core.TopologySelectorTerm',
    'core.TypedLocalObjectReference',
    'rbac.RoleRef',
    'rbac.Subject',
  ],
  ...['autoscaling.CrossVersionObjectReference', 'autoscaling/v1.CrossVersionObjectReference', 'networking.ServiceBackendPort'],
]);

const atomicFields: ReadonlySet<string> = new Set([
  'core.PodSpec.nodeSelector',
  'core.ServiceSpec.selector',
  'core.ReplicationControllerSpec.selector',
]);

/** Members that are in every such object, as Go writes structs that are no pointers, and lists that may be null. */
const alwaysThere: Readonly<Record<string, readonly string[]>> = {
  'apps.DaemonSetSpec': ['template', 'updateStrategy'],
  'apps.DeploymentSpec': ['template', 'strategy'],
  'apps.ReplicaSetSpec': ['template'],
  'apps.StatefulSetSpec': ['template', 'updateStrategy'],
  'batch.CronJobSpec': ['jobTemplate'],
  'batch.JobSpec': ['template'],
  'batch.JobTemplateSpec': ['metadata', 'spec'],
  'core.NodeStatus': ['daemonEndpoints', 'nodeInfo'],
  'core.NodeDaemonEndpoints': ['kubeletEndpoint'],
  'core.PersistentVolumeClaimSpec': ['resources'],
  'core.PodSpec': ['containers'],
  'core.PodTemplateSpec': ['metadata', 'spec'],
  'core.Event': ['metadata', 'involvedObject', 'source'],
  'core.LimitRangeSpec': ['limits'],
  'core.ServiceStatus': ['loadBalancer'],
  'discovery.EndpointSlice': ['metadata', 'endpoints', 'ports'],
  'networking.IngressStatus': ['loadBalancer'],
  'networking.NetworkPolicySpec': ['podSelector'],
  'rbac.ClusterRole': ['metadata', 'rules'],
  'rbac.Role': ['metadata', 'rules'],
  'storage.CSINodeSpec': ['drivers'],
  'storage.VolumeAttachmentSpec': ['source'],
};

const sets: ReadonlySet<string> = new Set([
  'admissionregistration.ValidatingAdmissionPolicyBindingSpec.validationActions',
  'core.NodeSpec.podCIDRs',
  'meta.ObjectMeta.finalizers',
  'batch.UncountedTerminatedPods.failed',
  'batch.UncountedTerminatedPods.succeeded',
]);

const containerLists: Readonly<Record<string, readonly string[]>> = {
  env: ['name'],
  ports: ['containerPort', 'protocol'],
  volumeDevices: ['devicePath'],
  volumeMounts: ['mountPath'],
};

const listKeys: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    ['core.Container', 'core.EphemeralContainer'].flatMap((type) =>
      Object.entries(containerLists).map(([name, keys]) => [`${type}.${name}`, keys]),
    ),
  ),
  'admissionregistration.ValidatingAdmissionPolicySpec.matchConditions': ['name'],
  'admissionregistration.ValidatingAdmissionPolicySpec.variables': ['name'],
  'core.NodeStatus.addresses': ['type'],
  'core.PodSpec.containers': ['name'],
  'core.PodSpec.ephemeralContainers': ['name'],
  'core.PodSpec.hostAliases': ['ip'],
  'core.PodSpec.imagePullSecrets': ['name'],
  'core.PodSpec.initContainers': ['name'],
  'core.PodSpec.resourceClaims': ['name'],
  'core.PodSpec.schedulingGates': ['name'],
  'core.PodSpec.topologySpreadConstraints': ['topologyKey', 'whenUnsatisfiable'],
  'core.PodSpec.volumes': ['name'],
  'core.PodStatus.podIPs': ['ip'],
  'core.PodStatus.resourceClaimStatuses': ['name'],
  'core.ResourceRequirements.claims': ['name'],
  'core.ServiceAccount.secrets': ['name'],
  'core.ServiceSpec.ports': ['port', 'protocol'],
  'meta.ObjectMeta.ownerReferences': ['uid'],
  'storage.CSINodeSpec.drivers': ['name'],
};
