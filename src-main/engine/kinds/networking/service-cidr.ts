// ServiceCIDR: its type and all of its API rules. upstream: pkg/registry/networking/servicecidr/strategy.go, pkg/apis/networking/validation ValidateServiceCIDR
import type { ServiceCIDR as OpenApiServiceCIDR } from 'kubernetes-types/networking/v1alpha1.d.ts';
import { equal } from '../../base/equal.ts';
import { type FieldError, FieldPath, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { goQuote } from '../../meta/go-quote.ts';
import type { Stored } from '../../meta/object.ts';
import { ageColumn, nameColumn } from '../columns.ts';
import { isCidr, isNetwork, prefixLength } from '../core/cidr.ts';
import { canonicalIp } from '../core/ip-address.ts';
import { defineKind } from '../define-kind.ts';
import { goStrings, goStruct } from '../go-syntax.ts';
import { each } from '../rules.ts';

export type ServiceCIDR = Stored<OpenApiServiceCIDR, 'spec' | 'status'>;
type Cidrs = readonly string[];

/** kubeadm's default of --service-cluster-ip-range. */
export const SERVICE_CIDR = '10.96.0.0/12';
/** upstream: pkg/controlplane/controller/defaultservicecidr DefaultServiceCIDRName */
export const DEFAULT_SERVICE_CIDR = 'kubernetes';
const IMMUTABLE = 'field is immutable';
const cidrsPath = new FieldPath('spec', 'cidrs');

export const serviceCidrKind = defineKind<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  hasStatus: true,
  defaults: (given) => (given.spec === undefined ? { ...given, spec: {} } : given),
  prepareForCreate: (given) => ({ ...given, status: {} }),
  validate: ({ spec: { cidrs = [] } }) => validateCidrs(cidrs),
  validateUpdate: ({ spec: { cidrs = [] } }, { spec: { cidrs: previous = [] } }) => validateChange(cidrs, previous),
  columns: [nameColumn, { name: 'CIDRs', type: 'string', value: ({ spec }) => (spec?.cidrs ?? []).join(',') }, ageColumn],
});

function validateCidrs(cidrs: Cidrs): readonly FieldError[] {
  const whole = (detail: string): readonly FieldError[] => [
    fieldInvalid(cidrsPath, goStruct('networking.ServiceCIDRSpec', { CIDRs: goStrings(cidrs).text }), detail),
  ];
  if (cidrs.length === 0) return [fieldRequired(cidrsPath, 'at least one CIDR required')];
  if (cidrs.length > 2) return whole('may only hold up to 2 values');
  const [first = '', second] = cidrs;
  if (second !== undefined && (!cidrs.every(isCidr) || first.includes(':') === second.includes(':')))
    return whole('may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64');
  return each(cidrsPath, cidrs, validateCidr);
}

/** upstream: apimachinery pkg/util/validation/ip.go IsValidCIDR */
function validateCidr(cidr: string, path: FieldPath): readonly FieldError[] {
  if (!isCidr(cidr)) return [fieldInvalid(path, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')];
  if (!isNetwork(cidr)) return [fieldInvalid(path, cidr, 'must not have bits set beyond the prefix length')];
  const canonical = `${canonicalIp(cidr.slice(0, cidr.indexOf('/')))}/${prefixLength(cidr)}`;
  return canonical === cidr ? [] : [fieldInvalid(path, cidr, `must be in canonical form (${goQuote(canonical)})`)];
}

/** A block of the other family may be added. upstream: ValidateServiceCIDRUpdate */
function validateChange(next: Cidrs, previous: Cidrs): readonly FieldError[] {
  const isLonger = previous.length === 1 && next.length === 2;
  if (next.length !== previous.length && !isLonger) return [fieldInvalid(cidrsPath, goStrings(next), IMMUTABLE)];
  return previous.flatMap((cidr, index) =>
    equal(cidr, next[index]) ? [] : [fieldInvalid(cidrsPath.index(index), next[index], IMMUTABLE)],
  );
}
