// Ingress: its type and all of its API rules. upstream: pkg/registry/networking/ingress/strategy.go, printers.go printIngress
import type { Ingress as OpenApiIngress } from 'kubernetes-types/networking/v1.d.ts';
import { FieldPath, fieldInvalid } from '../../meta/field-error.ts';
import type { StoredInNamespace } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { defineKind } from '../define-kind.ts';
import { ALL_INGRESS_RULES, ingressLeniency, validateIngressSpec, validateIngressStatus } from './ingress-validation.ts';

export type Ingress = StoredInNamespace<OpenApiIngress, 'spec'>;

export const INGRESS_CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

const HOSTS_SHOWN_MAX = 3;

export const ingressKind = defineKind<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  hasStatus: true,
  tracksGeneration: true,
  defaults: (ingress) => (ingress.spec === undefined ? { ...ingress, spec: {} } : ingress),
  prepareForCreate: (ingress) => ({ ...ingress, status: { loadBalancer: {} } }),
  validateCreate: (ingress) => {
    const annotation = ingress.metadata.annotations?.[INGRESS_CLASS_ANNOTATION];
    const { ingressClassName } = ingress.spec;
    const path = new FieldPath('annotations', INGRESS_CLASS_ANNOTATION);
    const differ = annotation !== undefined && ingressClassName !== undefined && annotation !== ingressClassName;
    return [
      ...validateIngressSpec(ingress.spec, ALL_INGRESS_RULES),
      ...(differ ? [fieldInvalid(path, annotation, 'must match `ingressClassName` when both are specified')] : []),
    ];
  },
  validateUpdate: (next, previous) => validateIngressSpec(next.spec, ingressLeniency(previous.spec)),
  validateStatus: ({ status }) => validateIngressStatus(status),
  columns: [
    nameColumn,
    { name: 'Class', type: 'string', value: ({ spec }) => spec.ingressClassName ?? '<none>' },
    { name: 'Hosts', type: 'string', value: hostsText },
    { name: 'Address', type: 'string', value: addressText },
    { name: 'Ports', type: 'string', value: ({ spec }) => ((spec.tls ?? []).length > 0 ? '80, 443' : '80') },
    ageColumn,
  ],
});

/** Rules that follow the last host shown are counted whether they name a host or not. upstream: formatHosts */
function hostsText({ spec: { rules = [] } }: Ingress): string {
  const hosts: string[] = [];
  let isShortened = false;
  for (const { host = '' } of rules) {
    if (hosts.length === HOSTS_SHOWN_MAX) isShortened = true;
    else if (host !== '') hosts.push(host);
  }
  if (hosts.length === 0) return '*';
  return isShortened ? `${hosts.join(',')} + ${rules.length - HOSTS_SHOWN_MAX} more...` : hosts.join(',');
}

/** upstream: ingressLoadBalancerStatusStringer */
function addressText({ status }: Ingress): string {
  const addresses = (status?.loadBalancer?.ingress ?? []).map(({ ip = '', hostname = '' }) => (ip === '' ? hostname : ip));
  return [...new Set(addresses.filter((address) => address !== ''))].sort().join(',');
}
