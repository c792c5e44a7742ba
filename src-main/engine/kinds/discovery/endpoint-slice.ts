// EndpointSlice: its type and all of its API rules. upstream: pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/validation
import type { EndpointSlice as OpenApiEndpointSlice } from 'kubernetes-types/discovery/v1.d.ts';
import {
  type FieldError,
  FieldPath,
  fieldDuplicate,
  fieldInternalError,
  fieldInvalid,
  fieldRequired,
  fieldTooMany,
} from '../../meta/field-error.ts';
import { validateLabels } from '../../meta/labels.ts';
import { dns1123Label, dns1123Subdomain, fullyQualifiedDomainName, labelValue, qualifiedName } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { isIpv4, isIpv6, specialIpFault } from '../core/ip-address.ts';
import { mapShared } from '../core/pod-spec.ts';
import { defineKind } from '../define-kind.ts';
import { each, eachOnce, immutable, invalidBy, requiredOneOf } from '../rules.ts';

export type EndpointSlice = StoredInNamespace<OpenApiEndpointSlice>;
type Endpoint = EndpointSlice['endpoints'][number];
type Port = NonNullable<EndpointSlice['ports']>[number];

const ENDPOINTS_MAX = 1000;
const PORTS_MAX = 20_000;
const ADDRESSES_MAX = 100;
const TOPOLOGY_LABELS_MAX = 16;
const ZONE_HINTS_MAX = 8;
const ZONE = 'topology.kubernetes.io/zone';
const SHOWN_MAX = 3;

export const endpointSliceKind = defineKind<EndpointSlice>({
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  namespaced: true,
  tracksGeneration: true,
  defaults: (slice) => {
    if (slice.ports === undefined) return slice;
    const ports = mapShared(slice.ports, (port) =>
      port.name !== undefined && port.protocol !== undefined ? port : { ...port, name: port.name ?? '', protocol: port.protocol ?? 'TCP' },
    );
    return ports === slice.ports ? slice : { ...slice, ports };
  },
  validate: validateSlice,
  validateUpdate: (next, previous) => immutable(new FieldPath('addressType'), next.addressType, previous.addressType),
  columns: [
    nameColumn,
    { name: 'AddressType', type: 'string', value: ({ addressType }) => addressType },
    { name: 'Ports', type: 'string', value: portsText },
    { name: 'Endpoints', type: 'string', value: endpointsText },
    ageColumn,
  ],
});

function validateSlice({ addressType, endpoints, ports }: EndpointSlice): readonly FieldError[] {
  const path = new FieldPath('endpoints');
  const portsPath = new FieldPath('ports');
  const errors = [...requiredOneOf(new FieldPath('addressType'), addressType, ['FQDN', 'IPv4', 'IPv6'])];
  if ((endpoints ?? []).length > ENDPOINTS_MAX) errors.push(fieldTooMany(path, endpoints.length, ENDPOINTS_MAX));
  else
    errors.push(
      ...eachOnce(path, endpoints, sound[addressType] ?? new WeakSet(), (endpoint, at) => validateEndpoint(endpoint, addressType, at)),
    );
  if ((ports ?? []).length > PORTS_MAX) return [...errors, fieldTooMany(portsPath, (ports ?? []).length, PORTS_MAX)];
  const names = new Set<string>();
  return [...errors, ...each(portsPath, ports, (port, at) => validatePort(port, names, at))];
}

/** `names`: those of the ports before it. */
function validatePort({ name = '', protocol, appProtocol }: Port, names: Set<string>, path: FieldPath): readonly FieldError[] {
  const at = path.child('name');
  const errors: FieldError[] = name === '' ? [] : [...invalidBy(at, name, dns1123Label(name))];
  if (names.has(name)) errors.push(fieldDuplicate(at, name));
  names.add(name);
  errors.push(...requiredOneOf(path.child('protocol'), protocol, ['SCTP', 'TCP', 'UDP']));
  if (appProtocol !== undefined) errors.push(...invalidBy(path.child('appProtocol'), appProtocol, qualifiedName(appProtocol)));
  return errors;
}

/** Endpoints that were found right, by the type of their addresses. */
const sound: Readonly<Record<string, WeakSet<Endpoint>>> = { FQDN: new WeakSet(), IPv4: new WeakSet(), IPv6: new WeakSet() };

function validateEndpoint(endpoint: Endpoint, type: string, path: FieldPath): readonly FieldError[] {
  const { addresses = [], nodeName, hostname, hints, deprecatedTopology: topology = {} } = endpoint;
  const at = path.child('addresses');
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(fieldRequired(at, 'must contain at least 1 address'));
  else if (addresses.length > ADDRESSES_MAX) errors.push(fieldTooMany(at, addresses.length, ADDRESSES_MAX));
  errors.push(...each(at, addresses, (address, place) => validateAddress(address, type, place)));
  if (nodeName !== undefined) errors.push(...invalidBy(path.child('nodeName'), nodeName, dns1123Subdomain(nodeName)));
  errors.push(...validateTopology(topology, path.child('deprecatedTopology')));
  if (hostname !== undefined) errors.push(...invalidBy(path.child('hostname'), hostname, dns1123Label(hostname)));
  return hints === undefined ? errors : [...errors, ...validateHints(hints, path.child('hints', 'forZones'))];
}

/** Zones have a field of their own. */
function validateTopology(topology: Readonly<Record<string, string>>, path: FieldPath): readonly FieldError[] {
  const count = Object.keys(topology).length;
  return [
    ...(count > TOPOLOGY_LABELS_MAX ? [fieldTooMany(path, count, TOPOLOGY_LABELS_MAX)] : []),
    ...validateLabels(topology, path),
    ...(topology[ZONE] === undefined ? [] : [fieldInternalError(path.key(ZONE), 'reserved key was not removed in conversion')]),
  ];
}

function validateHints({ forZones = [] }: NonNullable<Endpoint['hints']>, path: FieldPath): readonly FieldError[] {
  if (forZones.length > ZONE_HINTS_MAX) return [fieldTooMany(path, forZones.length, ZONE_HINTS_MAX)];
  const names = new Set<string>();
  return each(path, forZones, ({ name = '' }, place) => {
    const at = place.child('name');
    const repeated = names.has(name) ? [fieldDuplicate(at, name)] : [];
    names.add(name);
    return [...repeated, ...invalidBy(at, name, labelValue(name))];
  });
}

function validateAddress(address: string, type: string, path: FieldPath): readonly FieldError[] {
  if (type === 'FQDN') return fullyQualifiedDomainName(path, address);
  if (type === 'IPv4' && !isIpv4(address)) return [fieldInvalid(path, address, 'must be an IPv4 address')];
  if (type === 'IPv6' && !isIpv6(address)) return [fieldInvalid(path, address, 'must be an IPv6 address')];
  const special = specialIpFault(address);
  return special === undefined ? [] : [fieldInvalid(path, address, special)];
}

/** upstream: formatDiscoveryPorts */
function portsText({ ports = [] }: EndpointSlice): string {
  return shortened(ports.map(({ port, name }) => (port === undefined ? (name ?? '*') : String(port))));
}

/** upstream: formatDiscoveryEndpoints */
function endpointsText({ endpoints }: EndpointSlice): string {
  return shortened((endpoints ?? []).flatMap(({ addresses }) => addresses));
}

/** upstream: listWithMoreString */
function shortened(all: readonly string[]): string {
  const text = all.slice(0, SHOWN_MAX).join(',');
  if (all.length > SHOWN_MAX) return `${text} + ${all.length - SHOWN_MAX} more...`;
  return text === '' ? '<unset>' : text;
}
