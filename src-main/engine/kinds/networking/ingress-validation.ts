// The rules of ingresses. upstream: pkg/apis/networking/validation/validation.go ValidateIngressCreate, ValidateIngressUpdate (release 1.33)
import { type FieldError, FieldPath, fieldInvalid, fieldNotSupported, fieldRequired } from '../../meta/field-error.ts';
import { dns1035Label, dns1123Subdomain, pathSegmentName, portName, portNumber, wildcardDns1123Subdomain } from '../../meta/names.ts';
import { ipFaults, isIpv4, isIpv6 } from '../core/ip-address.ts';
import { goList } from '../go-syntax.ts';
import { each, invalidBy } from '../rules.ts';
import type { Ingress } from './ingress.ts';

type Spec = Ingress['spec'];
type Rule = NonNullable<Spec['rules']>[number];
type Backend = NonNullable<Spec['defaultBackend']>;
type HttpPath = NonNullable<Rule['http']>['paths'][number];

/** What an update need not put right because it was wrong before. */
export interface IngressLeniency {
  readonly allowsInvalidSecretName: boolean;
  readonly allowsInvalidWildcardHostRule: boolean;
}

export const ALL_INGRESS_RULES: IngressLeniency = { allowsInvalidSecretName: false, allowsInvalidWildcardHostRule: false };

const specPath = new FieldPath('spec');
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const sequences = ['//', '/./', '/../', '%2f', '%2F'];
const NO_ADDRESS = 'must be a DNS name, not an IP address';
const suffixes = ['/..', '/.'];

export function ingressLeniency({ tls = [], rules = [] }: Spec): IngressLeniency {
  return {
    allowsInvalidSecretName: tls.some(({ secretName }) => secretNameFaults(secretName).length > 0),
    allowsInvalidWildcardHostRule: rules.some((rule) => rule.host?.includes('*') === true && validateHttp(rule, specPath).length > 0),
  };
}

export function validateIngressSpec(spec: Spec, leniency: IngressLeniency): readonly FieldError[] {
  const { rules = [], defaultBackend, tls, ingressClassName } = spec;
  const errors: FieldError[] = [];
  if (rules.length === 0 && defaultBackend === undefined)
    errors.push(
      fieldInvalid(
        specPath,
        goList('networking.IngressRule', spec.rules === undefined ? undefined : []),
        'either `defaultBackend` or `rules` must be specified',
      ),
    );
  if (defaultBackend !== undefined) errors.push(...validateBackend(defaultBackend, specPath.child('defaultBackend')));
  errors.push(...each(specPath.child('rules'), rules, (rule, at) => validateRule(rule, at, leniency)));
  errors.push(...each(specPath.child('tls'), tls, (entry, at) => validateTls(entry, at, leniency)));
  if (ingressClassName !== undefined)
    errors.push(...invalidBy(specPath.child('ingressClassName'), ingressClassName, dns1123Subdomain(ingressClassName)));
  return errors;
}

/** upstream: validateIngressTypedLocalObjectReference */
export function validateObjectReference(
  { apiGroup, kind = '', name = '' }: { readonly apiGroup?: string; readonly kind?: string; readonly name?: string },
  path: FieldPath,
): readonly FieldError[] {
  const named = (field: 'kind' | 'name', value: string): readonly FieldError[] =>
    value === '' ? [fieldRequired(path.child(field), `${field} is required`)] : invalidBy(path.child(field), value, pathSegmentName(value));
  return [
    ...(apiGroup === undefined ? [] : invalidBy(path.child('apiGroup'), apiGroup, dns1123Subdomain(apiGroup))),
    ...named('kind', kind),
    ...named('name', name),
  ];
}

/** upstream: ValidateIngressLoadBalancerStatus */
export function validateIngressStatus(status: Ingress['status']): readonly FieldError[] {
  const addresses = new FieldPath('status', 'loadBalancer', 'ingress');
  return each(addresses, status?.loadBalancer?.ingress, ({ ip = '', hostname = '' }, path) => {
    const at = path.child('hostname');
    return [
      ...(ip === '' ? [] : invalidBy(path.child('ip'), ip, ipFaults(ip))),
      ...(hostname === '' ? [] : invalidBy(at, hostname, dns1123Subdomain(hostname))),
      ...(isIpv4(hostname) || isIpv6(hostname) ? [fieldInvalid(at, hostname, NO_ADDRESS)] : []),
    ];
  });
}

function validateRule(rule: Rule, path: FieldPath, { allowsInvalidWildcardHostRule }: IngressLeniency): readonly FieldError[] {
  const { host = '' } = rule;
  const at = path.child('host');
  const isWildcard = host.includes('*');
  const errors: FieldError[] = [];
  if (isIpv4(host) || isIpv6(host)) errors.push(fieldInvalid(at, host, NO_ADDRESS));
  if (host !== '') errors.push(...invalidBy(at, host, isWildcard ? wildcardDns1123Subdomain(host) : dns1123Subdomain(host)));
  return isWildcard && allowsInvalidWildcardHostRule ? errors : [...errors, ...validateHttp(rule, path)];
}

function validateHttp({ http }: Rule, path: FieldPath): readonly FieldError[] {
  if (http === undefined) return [];
  const at = path.child('http', 'paths');
  return (http.paths ?? []).length === 0 ? [fieldRequired(at, '')] : each(at, http.paths, validateHttpPath);
}

function validateHttpPath({ pathType, path: text = '', backend }: HttpPath, path: FieldPath): readonly FieldError[] {
  if (pathType === undefined) return [fieldRequired(path.child('pathType'), 'pathType must be specified')];
  const at = path.child('path');
  const errors: FieldError[] = [];
  const mayBeEmpty = pathType === 'ImplementationSpecific';
  if (!pathTypes.includes(pathType)) errors.push(fieldNotSupported(path.child('pathType'), pathType, pathTypes));
  else if (!text.startsWith('/') && !(mayBeEmpty && text === '')) errors.push(fieldInvalid(at, text, 'must be an absolute path'));
  if (pathType === 'Exact' || pathType === 'Prefix') {
    for (const sequence of sequences) if (text.includes(sequence)) errors.push(fieldInvalid(at, text, `must not contain '${sequence}'`));
    for (const suffix of suffixes) if (text.endsWith(suffix)) errors.push(fieldInvalid(at, text, `cannot end with '${suffix}'`));
  }
  return [...errors, ...validateBackend(backend ?? {}, path.child('backend'))];
}

function validateBackend({ resource, service }: Backend, path: FieldPath): readonly FieldError[] {
  if (resource !== undefined && service !== undefined) return [fieldInvalid(path, '', 'cannot set both resource and service backends')];
  if (resource !== undefined) return validateObjectReference(resource, path.child('resource'));
  if (service === undefined) return [fieldInvalid(path, '', 'resource or service backend is required')];
  const { name = '', port: { name: text = '', number = 0 } = {} } = service;
  const at = path.child('service', 'name');
  const errors = name === '' ? [fieldRequired(at, '')] : [...invalidBy(at, name, dns1035Label(name))];
  const portPath = path.child('service', 'port');
  if (text !== '' && number !== 0) return [...errors, fieldInvalid(path, '', 'cannot set both port name & port number')];
  if (text !== '') return [...errors, ...invalidBy(portPath.child('name'), text, portName(text))];
  if (number !== 0) return [...errors, ...invalidBy(portPath.child('number'), number, portNumber(number))];
  return [...errors, fieldRequired(path, 'port name or number is required')];
}

function validateTls(
  { hosts, secretName }: NonNullable<Spec['tls']>[number],
  path: FieldPath,
  { allowsInvalidSecretName }: IngressLeniency,
): readonly FieldError[] {
  const errors = each(path.child('hosts'), hosts, (host, at) =>
    invalidBy(at, host, host.includes('*') ? wildcardDns1123Subdomain(host) : dns1123Subdomain(host)),
  );
  return allowsInvalidSecretName ? errors : [...errors, ...invalidBy(path.child('secretName'), secretName, secretNameFaults(secretName))];
}

function secretNameFaults(name: string | undefined): readonly string[] {
  return name === undefined || name === '' ? [] : dns1123Subdomain(name);
}
