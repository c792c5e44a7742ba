// The addresses of a service and their families must fit each other, and none may be special. upstream: pkg/apis/core/validation ValidateServiceClusterIPsRelatedFields
import { type FieldError, FieldPath, fieldDuplicate, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { goStrings } from '../go-syntax.ts';
import { each, invalidBy, oneOf } from '../rules.ts';
import { ipFaults, isIpv4, isIpv6, specialIpFault } from './ip-address.ts';
import type { Service } from './service.ts';

type Spec = Service['spec'];

const NONE = 'None';
const ADDRESSES_MAX = 2;
const FAMILIES = ['IPv4', 'IPv6'];
const POLICIES = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];
const specPath = new FieldPath('spec');
const path = specPath.child('clusterIPs');

export function validateClusterIps(spec: Spec): readonly FieldError[] {
  if (spec.type === 'ExternalName') return [];
  const { clusterIPs = [] } = spec;
  const errors = [...validatePrimary(spec), ...validateFamilies(spec.ipFamilies), ...validatePolicy(spec.ipFamilyPolicy)];
  const faults = each(path, clusterIPs, (ip, at) => (ip === NONE && ip === clusterIPs[0] ? [] : invalidBy(at, ip, ipFaults(ip))));
  const isMixed = clusterIPs[0] === NONE && clusterIPs.length > 1;
  if (isMixed) errors.push(fieldInvalid(path, goStrings(clusterIPs), "'None' must be the first and only value"));
  errors.push(...faults);
  if (clusterIPs.length > ADDRESSES_MAX) errors.push(fieldInvalid(path, goStrings(clusterIPs), 'may only hold up to 2 values'));
  return isMixed || faults.length > 0 ? errors : [...errors, ...validatePairs(spec)];
}

export function validateExternalIp(ip: string, at: FieldPath): readonly FieldError[] {
  const faults = ipFaults(ip);
  if (faults.length > 0) return invalidBy(at, ip, faults);
  const special = specialIpFault(ip);
  return special === undefined ? [] : [fieldInvalid(at, ip, special)];
}

/** The single field and the first of the list are one value. */
function validatePrimary({ clusterIP = '', clusterIPs = [] }: Spec): readonly FieldError[] {
  const [first] = clusterIPs;
  if (clusterIP === '')
    return first === undefined ? [] : [fieldInvalid(path, goStrings(clusterIPs), 'must be empty when `clusterIP` is not specified')];
  if (first === undefined) return [fieldRequired(path, '')];
  return first === clusterIP ? [] : [fieldInvalid(path, goStrings(clusterIPs), 'first value must match `clusterIP`')];
}

function validateFamilies(families: readonly string[] | undefined): readonly FieldError[] {
  const seen = new Set<string>();
  return each(specPath.child('ipFamilies'), families, (family, at) => {
    const errors = FAMILIES.includes(family) ? [] : [fieldNotSupported(at, family, FAMILIES)];
    if (seen.has(family)) errors.push(fieldDuplicate(at, family));
    seen.add(family);
    return errors;
  });
}

function validatePolicy(policy: string | undefined): readonly FieldError[] {
  return oneOf(specPath.child('ipFamilyPolicy'), policy, POLICIES);
}

function validatePairs({ clusterIPs = [], ipFamilies = [] }: Spec): readonly FieldError[] {
  const errors: FieldError[] = [];
  // One too many has been told of by itself.
  const isDual = clusterIPs.some(isIpv4) && clusterIPs.some(isIpv6);
  if (clusterIPs.length > 1 && !isDual)
    errors.push(fieldInvalid(path, goStrings(clusterIPs), 'may specify no more than one IP for each IP family'));
  if (clusterIPs[0] === NONE) return errors;
  for (const [index, ip] of clusterIPs.entries()) {
    const family = ipFamilies[index];
    const fits = family === 'IPv4' ? !isIpv6(ip) : family !== 'IPv6' || isIpv6(ip);
    const detail = `expected an ${family} value as indicated by \`ipFamilies[${index}]\``;
    if (!fits) errors.push(fieldInvalid(path.index(index), ip, detail));
  }
  return errors;
}
