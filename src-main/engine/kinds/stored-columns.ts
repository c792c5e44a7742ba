// The columns of the kinds that are only stored here, so that they are listed as everywhere. upstream: pkg/printers/internalversion/printers.go
import { humanDuration } from '../meta/duration.ts';
import type { ApiObject, JsonObject, JsonValue } from '../meta/object.ts';
import { ageColumn, mapText, nameColumn, templateColumns } from './columns.ts';
import type { PrinterColumn } from './kind.ts';

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
/** A number, or the word for none. */
const orNone = (name: string, ...paths: readonly string[]): PrinterColumn<ApiObject> => ({
  name,
  type: 'string',
  value: (object) => {
    const value = paths.map((path) => at(object, path)).find((one) => one !== undefined);
    return typeof value === 'number' ? value : '<none>';
  },
});

const withWebhooks: Columns = [nameColumn, count('Webhooks', 'webhooks'), ageColumn];
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
  'ValidatingAdmissionPolicy.admissionregistration.k8s.io': [
    nameColumn,
    count('Validations', 'spec.validations'),
    {
      name: 'ParamKind',
      type: 'string',
      value: (object) => {
        const kind = at(object, 'spec.paramKind');
        return isObject(kind) ? `${String(kind['apiVersion'])}/${String(kind['kind'])}` : '<unset>';
      },
    },
    ageColumn,
  ],
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io': [
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
  ],
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
    text('PriorityLevel', 'spec.priorityLevelConfiguration.name', '<none>'),
    { name: 'MatchingPrecedence', type: 'integer', value: (object) => Number(at(object, 'spec.matchingPrecedence') ?? 0) },
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
    orNone('NominalConcurrencyShares', 'spec.limited.nominalConcurrencyShares', 'spec.exempt.nominalConcurrencyShares'),
    orNone('Queues', `${QUEUING}.queues`),
    orNone('HandSize', `${QUEUING}.handSize`),
    orNone('QueueLengthLimit', `${QUEUING}.queueLengthLimit`),
    ageColumn,
  ],
  'IPAddress.networking.k8s.io': [
    nameColumn,
    {
      name: 'ParentRef',
      type: 'string',
      value: (object) => {
        const { resource = '', group = '', namespace = '', name = '' } = (at(object, 'spec.parentRef') ?? {}) as Record<string, string>;
        return [group === '' ? resource : `${resource}.${group}`, namespace, name].filter((part) => part !== '').join('/');
      },
    },
    ageColumn,
  ],
  'ServiceCIDR.networking.k8s.io': [
    nameColumn,
    { name: 'CIDRs', type: 'string', value: (object) => ((at(object, 'spec.cidrs') ?? []) as readonly string[]).join(',') },
    ageColumn,
  ],
  'RuntimeClass.node.k8s.io': [nameColumn, text('Handler', 'handler'), ageColumn],
  'VolumeAttributesClass.storage.k8s.io': [nameColumn, text('DriverName', 'driverName'), ageColumn],
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
