// EndpointSlice: its type and all of its API rules. upstream: pkg/registry/discovery/endpointslice/strategy.go, pkg/apis/discovery/validation
import type { EndpointSlice as OpenApiEndpointSlice } from 'kubernetes-types/discovery/v1.d.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldRequired, fieldTooMany } from '../../meta/field-error.ts';
import { dns1123Subdomain } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { isIpv4, isIpv6, specialIpFault } from '../core/ip-address.ts';
import { mapShared } from '../core/pod-spec.ts';
import { defineKind } from '../define-kind.ts';
import { each, eachOnce, immutable, invalidBy, oneOf, requiredOneOf } from '../rules.ts';

export type EndpointSlice = StoredInNamespace<OpenApiEndpointSlice>;
type Endpoint = EndpointSlice['endpoints'][number];

const ENDPOINTS_MAX = 1000;
const PORTS_MAX = 20_000;
const ADDRESSES_MAX = 100;
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
  return [...errors, ...each(portsPath, ports, ({ protocol }, at) => oneOf(at.child('protocol'), protocol, ['SCTP', 'TCP', 'UDP']))];
}

/** Endpoints that were found right, by the type of their addresses. */
const sound: Readonly<Record<string, WeakSet<Endpoint>>> = { FQDN: new WeakSet(), IPv4: new WeakSet(), IPv6: new WeakSet() };

function validateEndpoint(endpoint: Endpoint, type: string, path: FieldPath): readonly FieldError[] {
  const { addresses = [], nodeName } = endpoint;
  const at = path.child('addresses');
  const errors: FieldError[] = [];
  if (addresses.length === 0) errors.push(fieldRequired(at, 'must contain at least 1 address'));
  else if (addresses.length > ADDRESSES_MAX) errors.push(fieldTooMany(at, addresses.length, ADDRESSES_MAX));
  errors.push(...each(at, addresses, (address, place) => validateAddress(address, type, place)));
  if (nodeName !== undefined) errors.push(...invalidBy(path.child('nodeName'), nodeName, dns1123Subdomain(nodeName)));
  return errors;
}

function validateAddress(address: string, type: string, path: FieldPath): readonly FieldError[] {
  if (type === 'FQDN') return invalidBy(path, address, dns1123Subdomain(address));
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
