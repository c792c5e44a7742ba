// IPAddress: its type and all of its API rules. upstream: pkg/registry/networking/ipaddress/strategy.go, pkg/apis/networking/validation ValidateIPAddress
import type { IPAddress as OpenApiIPAddress } from 'kubernetes-types/networking/v1alpha1.d.ts';
import { type FieldError, FieldPath, fieldRequired, type GoSyntax } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import { dns1123Subdomain, pathSegmentName } from '../../meta/names.ts';
import type { Stored } from '../../meta/object.ts';
import { nameColumn } from '../columns.ts';
import { canonicalIp, ipFaults } from '../core/ip-address.ts';
import { defineKind } from '../define-kind.ts';
import { goStruct } from '../go-syntax.ts';
import { immutable, invalidBy } from '../rules.ts';

export type IPAddress = Stored<OpenApiIPAddress, 'spec'>;
type Parent = Partial<IPAddress['spec']['parentRef']>;

const parentPath = new FieldPath('spec', 'parentRef');

export const ipAddressKind = defineKind<IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  validateName: (name) => {
    const faults = ipFaults(name);
    if (faults.length > 0) return faults;
    return canonicalIp(name) === name ? [] : [`must be in canonical form (${goQuote(canonicalIp(name))})`];
  },
  validate: ({ spec }) => validateParent(spec?.parentRef),
  validateUpdate: ({ spec: { parentRef } }, { spec: previous }) =>
    immutable(parentPath, parentRef, previous.parentRef, goParent(parentRef)),
  columns: [nameColumn, { name: 'ParentRef', type: 'string', value: ({ spec }) => parentText(spec?.parentRef) }],
});

/** upstream: validateIPAddressParentReference */
function validateParent(parent: Parent | undefined): readonly FieldError[] {
  if (parent === undefined) return [fieldRequired(parentPath, '')];
  const { group = '', resource = '', namespace = '', name = '' } = parent;
  const part = (field: string, value: string): readonly FieldError[] => invalidBy(parentPath.child(field), value, pathSegmentName(value));
  return [
    ...(group === '' ? [] : invalidBy(parentPath.child('group'), group, dns1123Subdomain(group))),
    ...(resource === '' ? [fieldRequired(parentPath.child('resource'), '')] : part('resource', resource)),
    ...(name === '' ? [fieldRequired(parentPath.child('name'), '')] : part('name', name)),
    ...(namespace === '' ? [] : part('namespace', namespace)),
  ];
}

function goParent({ group = '', resource = '', namespace = '', name = '' }: Parent): GoSyntax {
  const members = { Group: goQuote(group), Resource: goQuote(resource), Namespace: goQuote(namespace), Name: goQuote(name) };
  return goStruct('networking.ParentReference', members);
}

/** `services/shop/web`. upstream: printIPAddress */
function parentText(parent: Parent | undefined): string {
  if (parent === undefined) return '<none>';
  const { group = '', resource = '', namespace = '', name = '' } = parent;
  const what = `${resource}${group === '' ? '' : `.${group}`}`.toLowerCase();
  return [what, ...(namespace === '' ? [] : [namespace]), name].join('/');
}
