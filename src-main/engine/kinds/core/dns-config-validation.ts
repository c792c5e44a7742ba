// What a pod may say of name servers and search paths: as much as a resolver's file can hold. upstream: pkg/apis/core/validation validatePodDNSConfig
import { type FieldError, type FieldPath, fieldInvalid, fieldRequired } from '../../meta/field-error.ts';
import { dns1123SubdomainWithUnderscore } from '../../meta/names.ts';
import { goStrings } from '../go-syntax.ts';
import { each, invalidBy } from '../rules.ts';
import { ipFaults } from './ip-address.ts';
import type { PodSpec } from './pod-spec.ts';

const SERVERS_MAX = 3;
const SEARCHES_MAX = 32;
const SEARCH_TEXT_MAX = 2048;

export function validateDnsConfig({ dnsConfig, dnsPolicy }: PodSpec, path: FieldPath): readonly FieldError[] {
  const { nameservers = [], searches = [], options } = dnsConfig ?? {};
  if (dnsPolicy === 'None' && dnsConfig === undefined) return [fieldRequired(path, 'must provide `dnsConfig` when `dnsPolicy` is None')];
  const servers = path.child('nameservers');
  if (dnsPolicy === 'None' && nameservers.length === 0)
    return [fieldRequired(servers, 'must provide at least one DNS nameserver when `dnsPolicy` is None')];
  const errors: FieldError[] = [];
  if (nameservers.length > SERVERS_MAX)
    errors.push(fieldInvalid(servers, goStrings(nameservers), `must not have more than ${SERVERS_MAX} nameservers`));
  errors.push(...each(servers, nameservers, (server, at) => invalidBy(at, server, ipFaults(server))));
  errors.push(...validateSearches(searches, path.child('searches')));
  const named = each(path.child('options'), options, ({ name = '' }, at) => (name === '' ? [fieldRequired(at, 'must not be empty')] : []));
  return [...errors, ...named];
}

function validateSearches(searches: readonly string[], path: FieldPath): readonly FieldError[] {
  const errors: FieldError[] = [];
  const refuse = (detail: string) => errors.push(fieldInvalid(path, goStrings(searches), `must not have more than ${detail}`));
  if (searches.length > SEARCHES_MAX) refuse(`${SEARCHES_MAX} search paths`);
  if (searches.join(' ').length > SEARCH_TEXT_MAX) refuse(`${SEARCH_TEXT_MAX} characters (including spaces) in the search list`);
  // A trailing dot is fine, and the root alone.
  const domains = each(path, searches, (search, at) => {
    const domain = search.replace(/\.$/, '');
    return search === '.' ? [] : invalidBy(at, domain, dns1123SubdomainWithUnderscore(domain));
  });
  return [...errors, ...domains];
}
