// The columns of the kinds that are only stored here, so that they are listed as everywhere. upstream: pkg/printers/internalversion/printers.go
import { humanDuration } from '../meta/duration.ts';
import type { ApiObject, JsonObject, JsonValue } from '../meta/object.ts';
import { ageColumn, mapText, nameColumn, templateColumns } from './columns.ts';
import type { PrinterColumn } from './kind.ts';

const SHOWN_MAX = 3;

type Columns = readonly PrinterColumn<ApiObject>[];

/** By kind key. Kinds without printers of their own show their name and age. */
export function storedColumns(key: string): Columns {
  return (Object.hasOwn(columns, key) ? columns[key] : undefined) ?? [nameColumn, ageColumn];
}

/** The value at a path of plain names. */
function at(object: ApiObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = object as unknown as JsonValue;
  for (const name of path.split('.')) value = isObject(value) ? value[name] : undefined;
  return value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listAt(object: ApiObject, path: string): readonly JsonObject[] {
  const value = at(object, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
}

const text = (name: string, path: string, absent = ''): PrinterColumn<ApiObject> => ({
  name,
  type: 'string',
  value: (object) => {
    const value = at(object, path);
    return value === undefined || value === null || value === '' ? absent : String(value);
  },
});
const count = (name: string, path: string): PrinterColumn<ApiObject> => ({
  name,
  type: 'integer',
  value: (object) => listAt(object, path).length,
});
const number = (name: string, path: string): PrinterColumn<ApiObject> => ({
  name,
  type: 'integer',
  value: (object) => Number(at(object, path) ?? 0),
});
/** A number, or the word for none. */
const orNone = (name: string, path: string): PrinterColumn<ApiObject> => ({
  name,
  type: 'string',
  value: (object) => {
    const value = at(object, path);
    return typeof value === 'number' ? value : '<none>';
  },
});

const withWebhooks: Columns = [nameColumn, count('Webhooks', 'webhooks'), ageColumn];
const paramKind: PrinterColumn<ApiObject> = {
  name: 'ParamKind',
  type: 'string',
  value: (object) => {
    const kind = at(object, 'spec.paramKind');
    return isObject(kind) ? `${String(kind['apiVersion'])}/${String(kind['kind'])}` : '<unset>';
  },
};
const policyBinding: Columns = [
  nameColumn,
  text('PolicyName', 'spec.policyName'),
  {
    name: 'ParamRef',
    type: 'string',
    value: (object) => {
      const { name = '', namespace = '' } = (at(object, 'spec.paramRef') ?? {}) as { name?: string; namespace?: string };
      return name === '' ? '<unset>' : namespace === '' ? `*/${name}` : `${namespace}/${name}`;
    },
  },
  ageColumn,
];
const QUEUING = 'spec.limited.limitResponse.queuing';

const columns: Readonly<Record<string, Columns>> = {
  ComponentStatus: [nameColumn, { name: 'Status', type: 'string', value: health }, healthText('Message'), healthText('Error')],
  PodTemplate: [
    nameColumn,
    ...(templateColumns as unknown as Columns).map(({ priority: _wide, ...column }) => ({
      ...column,
      value: (object: ApiObject, nowMs: number) => column.value({ ...object, spec: object } as ApiObject, nowMs),
    })),
    { name: 'Pod Labels', type: 'string', value: (object) => mapText(at(object, 'template.metadata.labels') as Record<string, string>) },
  ],
  'MutatingWebhookConfiguration.admissionregistration.k8s.io': withWebhooks,
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io': withWebhooks,
  'MutatingAdmissionPolicy.admissionregistration.k8s.io': [nameColumn, count('Mutations', 'spec.mutations'), paramKind, ageColumn],
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io': policyBinding,
  'CertificateSigningRequest.certificates.k8s.io': [
    nameColumn,
    ageColumn,
    text('SignerName', 'spec.signerName', '<none>'),
    text('Requestor', 'spec.username'),
    {
      name: 'RequestedDuration',
      type: 'string',
      value: (object) => {
        const seconds = at(object, 'spec.expirationSeconds');
        return typeof seconds === 'number' ? humanDuration(seconds * 1000) : '<none>';
      },
    },
    { name: 'Condition', type: 'string', value: certificateState },
  ],
  'FlowSchema.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    text('PriorityLevel', 'spec.priorityLevelConfiguration.name'),
    number('MatchingPrecedence', 'spec.matchingPrecedence'),
    text('DistinguisherMethod', 'spec.distinguisherMethod.type', '<none>'),
    ageColumn,
    {
      name: 'MissingPL',
      type: 'string',
      value: (object) => String(listAt(object, 'status.conditions').find(({ type }) => type === 'Dangling')?.['status'] ?? '?'),
    },
  ],
  'PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io': [
    nameColumn,
    text('Type', 'spec.type'),
    orNone('NominalConcurrencyShares', 'spec.limited.nominalConcurrencyShares'),
    orNone('Queues', `${QUEUING}.queues`),
    orNone('HandSize', `${QUEUING}.handSize`),
    orNone('QueueLengthLimit', `${QUEUING}.queueLengthLimit`),
    ageColumn,
  ],
  'ClusterTrustBundle.certificates.k8s.io': [nameColumn, text('SignerName', 'spec.signerName', '<none>')],
  'LeaseCandidate.coordination.k8s.io': [
    nameColumn,
    text('LeaseName', 'spec.leaseName'),
    text('BinaryVersion', 'spec.binaryVersion'),
    text('EmulationVersion', 'spec.emulationVersion'),
    ageColumn,
  ],
  'Scale.autoscaling': [nameColumn, number('Desired', 'spec.replicas'), number('Available', 'status.replicas'), ageColumn],
  'StorageVersion.internal.apiserver.k8s.io': [
    nameColumn,
    text('CommonEncodingVersion', 'status.commonEncodingVersion', '<unset>'),
    { name: 'StorageVersions', type: 'string', value: storageVersions },
    ageColumn,
  ],
  'StorageVersionMigration.storagemigration.k8s.io': [
    nameColumn,
    {
      name: 'Resource',
      type: 'string',
      value: (object) => ['resource', 'version', 'group'].map((part) => String(at(object, `spec.resource.${part}`) ?? '')).join('.'),
    },
  ],
  'VolumeAttributesClass.storage.k8s.io': [
    {
      name: 'Name',
      type: 'string',
      value: ({ metadata }) =>
        metadata.annotations?.['volumeattributesclass.alpha.kubernetes.io/is-default-class'] === 'true'
          ? `${metadata.name} (default)`
          : metadata.name,
    },
    text('DriverName', 'driverName'),
    ageColumn,
  ],
  'ResourceClaim.resource.k8s.io': [nameColumn, { name: 'State', type: 'string', value: claimState }, ageColumn],
  'ResourceSlice.resource.k8s.io': [
    nameColumn,
    text('Node', 'spec.nodeName'),
    text('Driver', 'spec.driver'),
    text('Pool', 'spec.pool.name'),
    ageColumn,
  ],
  'APIService.apiregistration.k8s.io': [
    nameColumn,
    {
      name: 'Service',
      type: 'string',
      value: (object) => {
        const service = at(object, 'spec.service');
        return isObject(service) ? `${String(service['namespace'])}/${String(service['name'])}` : 'Local';
      },
    },
    {
      name: 'Available',
      type: 'string',
      value: (object) => {
        const found = listAt(object, 'status.conditions').find(({ type }) => type === 'Available');
        if (found === undefined) return 'Unknown';
        return found['status'] === 'True' ? 'True' : `${String(found['status'])} (${String(found['reason'])})`;
      },
    },
    ageColumn,
  ],
};

/** upstream: printComponentStatus */
function health(object: ApiObject): string {
  const found = listAt(object, 'conditions').find(({ type }) => type === 'Healthy');
  return found === undefined ? 'Unknown' : found['status'] === 'True' ? 'Healthy' : 'Unhealthy';
}

function healthText(name: 'Message' | 'Error'): PrinterColumn<ApiObject> {
  const field = name === 'Message' ? 'message' : 'error';
  return {
    name,
    type: 'string',
    value: (object) => String(listAt(object, 'conditions').find(({ type }) => type === 'Healthy')?.[field] ?? ''),
  };
}

/** upstream: extractCSRStatus */
function certificateState(object: ApiObject): string {
  const types = listAt(object, 'status.conditions').map(({ type }) => type);
  const state = types.includes('Denied') ? 'Denied' : types.includes('Approved') ? 'Approved' : 'Pending';
  const isIssued = (at(object, 'status.certificate') ?? '') !== '';
  return `${state}${types.includes('Failed') ? ',Failed' : ''}${isIssued ? ',Issued' : ''}`;
}

/** upstream: resourceClaimState */
function claimState(object: ApiObject): string {
  const isDeleted = object.metadata.deletionTimestamp !== undefined;
  if (!isObject(at(object, 'status.allocation'))) return isDeleted ? 'deleted' : 'pending';
  const words = [...(isDeleted ? ['deleted'] : []), 'allocated', ...(listAt(object, 'status.reservedFor').length > 0 ? ['reserved'] : [])];
  return words.join(',');
}

/** upstream: formatStorageVersions */
function storageVersions(object: ApiObject): string {
  const all = listAt(object, 'status.storageVersions').map((one) => `${String(one['apiServerID'])}=${String(one['encodingVersion'])}`);
  const shown = all.slice(0, SHOWN_MAX).join(',');
  if (all.length > SHOWN_MAX) return `${shown} + ${all.length - SHOWN_MAX} more...`;
  return shown === '' ? '<unset>' : shown;
}
