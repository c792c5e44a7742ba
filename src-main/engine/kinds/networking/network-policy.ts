// NetworkPolicy: its type and all of its API rules. upstream: pkg/registry/networking/networkpolicy/strategy.go, pkg/apis/networking/validation (release 1.33)
import type { NetworkPolicy as OpenApiNetworkPolicy } from 'kubernetes-types/networking/v1.d.ts';
import { type FieldError, FieldPath, fieldForbidden, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { formatLabelSelector, validateLabelSelector } from '../../meta/label-selector.ts';
import { portName, portNumber } from '../../meta/names.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { cidrContains, isCidr, prefixLength } from '../core/cidr.ts';
import { sameMembers } from '../core/pod-defaults.ts';
import { mapShared } from '../core/pod-spec.ts';
import { defineKind } from '../define-kind.ts';
import { goTexts } from '../go-syntax.ts';
import { each, invalidBy } from '../rules.ts';

export type NetworkPolicy = StoredInNamespace<OpenApiNetworkPolicy, 'spec'>;
type Spec = NetworkPolicy['spec'];
export type NetworkPolicyPort = NonNullable<NonNullable<Spec['ingress']>[number]['ports']>[number];
export type NetworkPolicyPeer = NonNullable<NonNullable<Spec['ingress']>[number]['from']>[number];

const specPath = new FieldPath('spec');

export const networkPolicyKind = defineKind<NetworkPolicy>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  namespaced: true,
  tracksGeneration: true,
  defaults: (policy) => {
    const given = policy.spec ?? { podSelector: {} };
    const spec = defaultSpec(given);
    return sameMembers(spec, given) && policy.spec !== undefined ? policy : { ...policy, spec };
  },
  validate: ({ spec }) => validateSpec(spec),
  columns: [nameColumn, { name: 'Pod-Selector', type: 'string', value: ({ spec }) => formatLabelSelector(spec.podSelector) }, ageColumn],
});

/** upstream: pkg/apis/networking/v1/defaults.go */
function defaultSpec(given: Spec): Spec {
  const port = (one: NetworkPolicyPort): NetworkPolicyPort => (one.protocol === undefined ? { ...one, protocol: 'TCP' } : one);
  const rule = <Rule extends { readonly ports?: readonly NetworkPolicyPort[] }>(one: Rule): Rule => {
    const ports = one.ports === undefined ? undefined : mapShared(one.ports, port);
    return ports === one.ports ? one : { ...one, ports };
  };
  const { ingress, egress, policyTypes = [] } = given;
  const types = policyTypes.length > 0 ? policyTypes : (egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  return {
    ...given,
    podSelector: given.podSelector ?? {},
    ...(ingress && { ingress: mapShared(ingress, rule) }),
    ...(egress && { egress: mapShared(egress, rule) }),
    policyTypes: types,
  };
}

/** upstream: ValidateNetworkPolicySpec */
function validateSpec({ podSelector, ingress, egress, policyTypes = [] }: Spec): readonly FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, specPath.child('podSelector')),
    ...each(specPath.child('ingress'), ingress, ({ ports, from }, at) => [
      ...each(at.child('ports'), ports, validatePort),
      ...each(at.child('from'), from, validatePeer),
    ]),
    ...each(specPath.child('egress'), egress, ({ ports, to }, at) => [
      ...each(at.child('ports'), ports, validatePort),
      ...each(at.child('to'), to, validatePeer),
    ]),
  ];
  const path = specPath.child('policyTypes');
  if (policyTypes.length > 2)
    return [...errors, fieldInvalid(path, goTexts('networking.PolicyType', policyTypes), 'may not specify more than two policyTypes')];
  const known = ['Ingress', 'Egress'];
  return [...errors, ...each(path, policyTypes, (type, at) => (known.includes(type) ? [] : [fieldNotSupported(at, type, known)]))];
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: FieldPath): readonly FieldError[] {
  const protocols = ['TCP', 'UDP', 'SCTP'];
  const errors =
    protocol === undefined || protocols.includes(protocol) ? [] : [fieldNotSupported(path.child('protocol'), protocol, protocols)];
  const at = path.child('endPort');
  if (typeof port === 'string') {
    if (endPort !== undefined) errors.push(fieldInvalid(at, endPort, 'may not be specified when `port` is non-numeric'));
    return [...errors, ...invalidBy(path.child('port'), port, portName(port))];
  }
  if (port === undefined)
    return endPort === undefined ? errors : [...errors, fieldInvalid(at, endPort, 'may not be specified when `port` is not specified')];
  errors.push(...invalidBy(path.child('port'), port, portNumber(port)));
  if (endPort === undefined) return errors;
  // Upstream shows the port here, not the end.
  if (endPort < port) errors.push(fieldInvalid(at, port, 'must be greater than or equal to `port`'));
  return [...errors, ...invalidBy(at, endPort, portNumber(endPort))];
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, path: FieldPath): readonly FieldError[] {
  const errors = [
    ...validateLabelSelector(podSelector, path.child('podSelector')),
    ...validateLabelSelector(namespaceSelector, path.child('namespaceSelector')),
    ...(ipBlock === undefined ? [] : validateBlock(ipBlock, path.child('ipBlock'))),
  ];
  const selects = podSelector !== undefined || namespaceSelector !== undefined;
  if (!selects && ipBlock === undefined) return [...errors, fieldRequired(path, 'must specify a peer')];
  return selects && ipBlock !== undefined ? [...errors, fieldForbidden(path, 'may not specify both ipBlock and another peer')] : errors;
}

/** upstream: ValidateIPBlock */
function validateBlock({ cidr = '', except }: NonNullable<NetworkPolicyPeer['ipBlock']>, path: FieldPath): readonly FieldError[] {
  if (cidr === '') return [fieldRequired(path.child('cidr'), '')];
  const fault = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
  if (!isCidr(cidr)) return [fieldInvalid(path.child('cidr'), cidr, fault)];
  return each(path.child('except'), except, (text, at) => {
    if (!isCidr(text)) return [fieldInvalid(at, text, fault)];
    const inside = cidrContains(cidr, text.slice(0, text.indexOf('/'))) && prefixLength(cidr) < prefixLength(text);
    return inside ? [] : [fieldInvalid(at, text, 'must be a strict subset of `cidr`')];
  });
}
