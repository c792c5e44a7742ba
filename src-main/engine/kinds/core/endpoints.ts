// Endpoints: its type and all of its API rules. upstream: pkg/apis/core/validation ValidateEndpoints, printers.go formatEndpoints
import type { Endpoints as OpenApiEndpoints } from 'kubernetes-types/core/v1.d.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { portNumber, qualifiedName } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { each, eachOnce, invalidBy, requiredOneOf } from '../rules.ts';
import { ipFaults, specialIpFault } from './ip-address.ts';
import { mapShared } from './pod-spec.ts';

export type Endpoints = StoredInNamespace<OpenApiEndpoints>;
type Subset = NonNullable<Endpoints['subsets']>[number];
type Address = NonNullable<Subset['addresses']>[number];

const SHOWN_MAX = 3;

export const endpointsKind = defineKind<Endpoints>({
  group: '',
  version: 'v1',
  kind: 'Endpoints',
  plural: 'endpoints',
  // upstream: core/v1 Endpoints APILifecycleDeprecated
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  shortNames: ['ep'],
  namespaced: true,
  defaults: (endpoints) => {
    if (endpoints.subsets === undefined) return endpoints;
    const subsets = mapShared(endpoints.subsets, defaultSubset);
    return subsets === endpoints.subsets ? endpoints : { ...endpoints, subsets };
  },
  validate: ({ subsets }) => each(new FieldPath('subsets'), subsets, validateSubset),
  columns: [nameColumn, { name: 'Endpoints', type: 'string', value: endpointsText }, ageColumn],
});

function defaultSubset(subset: Subset): Subset {
  if (subset.ports === undefined) return subset;
  const ports = mapShared(subset.ports, (port) => (port.protocol === undefined ? { ...port, protocol: 'TCP' } : port));
  return ports === subset.ports ? subset : { ...subset, ports };
}

function validateSubset({ addresses = [], notReadyAddresses = [], ports }: Subset, path: FieldPath): readonly FieldError[] {
  const none = addresses.length === 0 && notReadyAddresses.length === 0;
  return [
    ...(none ? [fieldRequired(path, 'must specify `addresses` or `notReadyAddresses`')] : []),
    ...eachOnce(path.child('addresses'), addresses, sound, validateAddress),
    ...eachOnce(path.child('notReadyAddresses'), notReadyAddresses, sound, validateAddress),
    ...each(path.child('ports'), ports, ({ port, protocol, name = '', appProtocol }, at) => [
      ...((ports?.length ?? 0) > 1 && name === '' ? [fieldRequired(at.child('name'), '')] : []),
      ...invalidBy(at.child('port'), port, portNumber(port)),
      ...requiredOneOf(at.child('protocol'), protocol, ['SCTP', 'TCP', 'UDP']),
      ...(appProtocol === undefined ? [] : invalidBy(at.child('appProtocol'), appProtocol, qualifiedName(appProtocol))),
    ]),
  ];
}

/** Addresses that were found right. */
const sound = new WeakSet<Address>();

function validateAddress({ ip = '' }: Partial<Address>, path: FieldPath): readonly FieldError[] {
  const faults = ipFaults(ip);
  if (faults.length > 0) return invalidBy(path.child('ip'), ip, faults);
  const special = specialIpFault(ip);
  return special === undefined ? [] : [fieldInvalid(path.child('ip'), ip, special)];
}

function endpointsText({ subsets }: Endpoints): string {
  if (subsets === undefined || subsets.length === 0) return '<none>';
  const all = subsets.flatMap(({ addresses = [], ports }) =>
    // A headless service without ports has its addresses alone.
    ports === undefined || ports.length === 0
      ? addresses.map(({ ip }) => ip)
      : ports.flatMap(({ port }) => addresses.map(({ ip }) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`)),
  );
  const text = all.slice(0, SHOWN_MAX).join(',');
  return all.length > SHOWN_MAX ? `${text} + ${all.length - SHOWN_MAX} more...` : text;
}
