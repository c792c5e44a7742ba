// Derives assets/openapi/kind-fields.json, the fields and types of the modelled kinds, from the declarations of kubernetes-types.
// The engine needs it to name unknown fields and wrong types. Run: node tests/support/generate-kind-fields.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));
const declarations = `${root}node_modules/kubernetes-types/`;

const kinds = {
  'admissionregistration/v1': ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding'],
  'apiextensions/v1': ['CustomResourceDefinition'],
  'apps/v1': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'authentication/v1': ['SelfSubjectReview', 'TokenReview'],
  'authorization/v1': ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'autoscaling/v1': ['HorizontalPodAutoscaler'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'batch/v1': ['CronJob', 'Job'],
  'certificates/v1': ['CertificateSigningRequest'],
  'coordination/v1': ['Lease'],
  'core/v1': [
    ...['ConfigMap', 'Endpoints', 'Event', 'LimitRange', 'Namespace', 'Node', 'PersistentVolume', 'PersistentVolumeClaim', 'Pod'],
    ...['ReplicationController', 'ResourceQuota', 'Secret', 'Service', 'ServiceAccount'],
  ],
  'discovery/v1': ['EndpointSlice'],
  'events/v1': ['Event'],
  'networking/v1': ['Ingress', 'IngressClass', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
  'scheduling/v1': ['PriorityClass'],
  'storage/v1': ['CSIDriver', 'CSINode', 'CSIStorageCapacity', 'StorageClass', 'VolumeAttachment'],
};

// The declarations are of release 1.30; these fields came with 1.31, 1.32 and 1.33.
const added = {
  // The declarations leave members out whose names they hold for words of their language's own.
  'admissionregistration.NamedRuleWithOperations': {
    ...{ apiGroups: '[]string', apiVersions: '[]string', operations: '[]string', resourceNames: '[]string', resources: '[]string' },
    scope: 'string',
  },
  'apiextensions.CustomResourceDefinitionSpec': { preserveUnknownFields: 'bool' },
  // Bounds of numbers may be fractions; the extensions are not in the declarations.
  'apiextensions.JSONSchemaProps': {
    ...{ maximum: 'any', minimum: 'any', multipleOf: 'any', items: 'any', additionalProperties: 'any' },
    'x-kubernetes-embedded-resource': 'bool',
    'x-kubernetes-int-or-string': 'bool',
    'x-kubernetes-list-map-keys': '[]string',
    'x-kubernetes-list-type': 'string',
    'x-kubernetes-map-type': 'string',
    'x-kubernetes-preserve-unknown-fields': 'bool',
    'x-kubernetes-validations': '[]any',
  },
  'authorization.ResourceAttributes': { fieldSelector: 'any', labelSelector: 'any' },
  'authorization.ResourceRule': { resources: '[]string', verbs: '[]string' },
  'certificates.CertificateSigningRequestSpec': { expirationSeconds: 'int32' },
  'core.ContainerStatus': { allocatedResourcesStatus: '[]any', user: 'any', stopSignal: 'string' },
  'core.Lifecycle': { stopSignal: 'string' },
  'core.NodeRuntimeHandlerFeatures': { userNamespaces: 'bool' },
  'core.NodeStatus': { features: 'any' },
  'core.NodeSystemInfo': { swap: 'any' },
  'core.PodCondition': { observedGeneration: 'int64' },
  'core.PodResourceClaim': { resourceClaimName: 'string', resourceClaimTemplateName: 'string' },
  'core.PodSecurityContext': { supplementalGroupsPolicy: 'string', seLinuxChangePolicy: 'string' },
  'core.PodSpec': { resources: 'core.ResourceRequirements' },
  'core.PodStatus': { observedGeneration: 'int64' },
  'core.ResourceClaim': { request: 'string' },
  'core.Volume': { image: 'any' },
  'coordination.LeaseSpec': { strategy: 'string', preferredHolder: 'string' },
  'discovery.EndpointHints': { forNodes: '[]any' },
  'storage.CSIDriverSpec': { nodeAllocatableUpdatePeriodSeconds: 'int64' },
  'storage.VolumeError': { errorCode: 'int32' },
};

const int64 = new Set(
  [
    ...[
      'activeDeadlineSeconds',
      'deletionGracePeriodSeconds',
      'expirationSeconds',
      'fsGroup',
      'generation',
      'observedGeneration',
      'revision',
    ],
    ...[
      'runAsGroup',
      'runAsUser',
      'seconds',
      'sizeBytes',
      'startingDeadlineSeconds',
      'supplementalGroups',
      'terminationGracePeriodSeconds',
      'tolerationSeconds',
    ],
  ].sort(),
);
const leaves = {
  Quantity: 'quantity',
  IntOrString: 'intOrString',
  Time: 'time',
  MicroTime: 'microTime',
  RawExtension: 'any',
  FieldsV1: 'any',
  JSON: 'any',
};

// Bytes are texts in the declarations.
const bytes = new Set([
  ...['Secret.data', 'ConfigMap.binaryData', 'CertificateSigningRequestSpec.request', 'CertificateSigningRequestStatus.certificate'],
  'WebhookClientConfig.caBundle',
]);

const modules = new Map();
const types = {};

function moduleOf(path) {
  let module = modules.get(path);
  if (module !== undefined) return module;
  const source = ts.createSourceFile(path, readFileSync(`${declarations}${path}.d.ts`, 'utf8'), ts.ScriptTarget.Latest);
  module = { interfaces: new Map(), imported: new Map() };
  for (const statement of source.statements) {
    if (ts.isInterfaceDeclaration(statement)) module.interfaces.set(statement.name.text, statement);
    if (!ts.isImportDeclaration(statement)) continue;
    const from = statement.moduleSpecifier.text.replace('../', '');
    for (const element of statement.importClause.namedBindings.elements) module.imported.set(element.name.text, from);
  }
  modules.set(path, module);
  return module;
}

function typeOf(node, path, field) {
  if (node.kind === ts.SyntaxKind.StringKeyword || ts.isLiteralTypeNode(node)) return 'string';
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return 'bool';
  if (node.kind === ts.SyntaxKind.NumberKeyword) return int64.has(field) ? 'int64' : 'int32';
  if (ts.isUnionTypeNode(node)) return node.types.some(({ kind }) => kind === ts.SyntaxKind.NumberKeyword) ? 'intOrString' : 'string';
  if (ts.isTypeLiteralNode(node)) return `{}${typeOf(node.members[0].type, path, field)}`;
  if (!ts.isTypeReferenceNode(node)) return 'any';
  const name = node.typeName.text;
  if (name === 'Array') return `[]${typeOf(node.typeArguments[0], path, field)}`;
  return leaves[name] ?? add(name, moduleOf(path).imported.get(name) ?? path);
}

function add(name, path) {
  // Of a group that is served in two versions, the older one's types are named with it.
  const key = `${path === 'autoscaling/v1' ? path : path.split('/')[0]}.${name}`;
  if (types[key] !== undefined) return key;
  const declaration = moduleOf(path).interfaces.get(name);
  if (declaration === undefined) return 'any';
  types[key] = {};
  for (const { name: field, type } of declaration.members) {
    const of = typeOf(type, path, field.text);
    types[key][field.text] = bytes.has(`${name}.${field.text}`) ? of.replace('string', 'bytes') : of;
  }
  Object.assign(types[key], added[key]);
  return key;
}

const roots = {};
for (const [path, names] of Object.entries(kinds)) for (const name of names) roots[`${path} ${name}`] = add(name, path);
// Of release 1.33 in the shape that the declarations know as an earlier version.
for (const name of ['IPAddress', 'ServiceCIDR']) roots[`networking/v1 ${name}`] = add(name, 'networking/v1alpha1');
// Definitions that come with the snapshot controller, of release 8.
const reference = { apiVersion: 'string', kind: 'string', metadata: 'meta.ObjectMeta' };
const snapshots = {
  VolumeSnapshot: { ...reference, spec: 'snapshot.VolumeSnapshotSpec', status: 'snapshot.VolumeSnapshotStatus' },
  VolumeSnapshotSpec: { source: 'snapshot.VolumeSnapshotSource', volumeSnapshotClassName: 'string' },
  VolumeSnapshotSource: { persistentVolumeClaimName: 'string', volumeSnapshotContentName: 'string' },
  VolumeSnapshotStatus: {
    ...{ boundVolumeSnapshotContentName: 'string', creationTime: 'time', error: 'snapshot.VolumeSnapshotError' },
    ...{ readyToUse: 'bool', restoreSize: 'quantity', volumeGroupSnapshotName: 'string' },
  },
  VolumeSnapshotError: { message: 'string', time: 'time' },
  VolumeSnapshotContent: { ...reference, spec: 'snapshot.VolumeSnapshotContentSpec', status: 'snapshot.VolumeSnapshotContentStatus' },
  VolumeSnapshotContentSpec: {
    ...{ deletionPolicy: 'string', driver: 'string', source: 'snapshot.VolumeSnapshotContentSource', sourceVolumeMode: 'string' },
    ...{ volumeSnapshotClassName: 'string', volumeSnapshotRef: 'core.ObjectReference' },
  },
  VolumeSnapshotContentSource: { snapshotHandle: 'string', volumeHandle: 'string' },
  VolumeSnapshotContentStatus: {
    ...{ creationTime: 'int64', error: 'snapshot.VolumeSnapshotError', readyToUse: 'bool', restoreSize: 'int64' },
    ...{ snapshotHandle: 'string', volumeGroupSnapshotHandle: 'string' },
  },
  VolumeSnapshotClass: { ...reference, deletionPolicy: 'string', driver: 'string', parameters: '{}string' },
};
for (const [name, fields] of Object.entries(snapshots)) types[`snapshot.${name}`] = fields;
for (const name of ['VolumeSnapshot', 'VolumeSnapshotContent', 'VolumeSnapshotClass']) roots[`snapshot/v1 ${name}`] = `snapshot.${name}`;
const { version } = JSON.parse(readFileSync(`${declarations}package.json`, 'utf8'));
const origin = `fields and types of Kubernetes API objects, from kubernetes-types ${version} (Apache-2.0), with those added up to release 1.33`;
const lines = Object.entries(types)
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([key, fields]) => `    ${JSON.stringify(key)}: ${JSON.stringify(fields)}`);
const text = `{\n  "origin": ${JSON.stringify(origin)},\n  "kinds": ${JSON.stringify(roots)},\n  "types": {\n${lines.join(',\n')}\n  }\n}\n`;
writeFileSync(`${root}assets/openapi/kind-fields.json`, text);
