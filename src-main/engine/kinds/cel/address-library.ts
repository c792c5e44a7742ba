// Addresses in expressions: IP addresses, blocks of them, and URLs. upstream: apiserver pkg/cel/library/{ip,cidr,urls}.go
import type { Environment } from '@marcbachmann/cel-js';
import { cidrContains, isCidr, prefixLength } from '../core/cidr.ts';
import { canonicalIp, isIpv4, isIpv6, specialIpFault } from '../core/ip-address.ts';
import { CelFault } from './budget.ts';

class IpValue {
  readonly text: string;
  constructor(text: string) {
    if (!isIpv4(text) && !isIpv6(text)) throw new CelFault(`IP Address ${JSON.stringify(text)} parse error during conversion from string`);
    this.text = text;
  }
}

class CidrValue {
  readonly text: string;
  constructor(text: string) {
    if (!isCidr(text)) throw new CelFault(`network address parse error during conversion from string: ${JSON.stringify(text)}`);
    this.text = text;
  }
}

class IpNamespace {
  readonly name = 'ip';
}

class UrlValue {
  readonly parts: readonly string[];
  constructor(text: string) {
    const parts = urlParts(text);
    if (parts === undefined)
      throw new CelFault(`URL parse error during conversion from string: parse ${JSON.stringify(text)}: invalid URI`);
    this.parts = parts;
  }
}

type Add = (signature: string, run: (...given: never[]) => unknown) => void;

export function registerAddresses(environment: Environment): void {
  const add: Add = (signature, run) => {
    environment.registerFunction(signature, run);
  };
  environment.registerType('net.IP', { ctor: IpValue, fields: {} });
  environment.registerType('net.CIDR', { ctor: CidrValue, fields: {} });
  environment.registerType('kubernetes.URL', { ctor: UrlValue, fields: {} });
  environment.registerType('IpNamespace', IpNamespace);
  environment.registerConstant('ip', 'IpNamespace', new IpNamespace());
  environment.registerOperator('net.IP == net.IP', (a: IpValue, b: IpValue) => cidrContains(whole(a.text), b.text));
  environment.registerOperator('net.CIDR == net.CIDR', (a: CidrValue, b: CidrValue) => a.text === b.text);
  environment.registerOperator('kubernetes.URL == kubernetes.URL', (a: UrlValue, b: UrlValue) => a.parts[0] === b.parts[0]);
  registerIps(add);
  registerBlocks(add);
  registerUrls(add);
}

/** The block of this address alone. */
function whole(text: string): string {
  return `${text}/${text.includes(':') ? 128 : 32}`;
}

function registerIps(add: Add): void {
  const special = (text: string, word: string): boolean => specialIpFault(text)?.includes(word) === true;
  add('isIP(string): bool', (text: string) => isIpv4(text) || isIpv6(text));
  add('ip(string): net.IP', (text: string) => new IpValue(text));
  add('string(net.IP): string', ({ text }: IpValue) => text);
  add('IpNamespace.isCanonical(string): bool', (_ip: unknown, text: string) => canonicalIp(new IpValue(text).text) === text);
  add('net.IP.family(): int', ({ text }: IpValue) => (text.includes(':') ? 6n : 4n));
  add('net.IP.isUnspecified(): bool', ({ text }: IpValue) => special(text, 'unspecified'));
  add('net.IP.isLoopback(): bool', ({ text }: IpValue) => special(text, 'loopback'));
  add('net.IP.isLinkLocalMulticast(): bool', ({ text }: IpValue) => special(text, 'multicast'));
  add('net.IP.isLinkLocalUnicast(): bool', ({ text }: IpValue) => special(text, 'link-local range'));
  add('net.IP.isGlobalUnicast(): bool', ({ text }: IpValue) => specialIpFault(text) === undefined && !isMulticast(text));
}

function isMulticast(text: string): boolean {
  return text.includes(':') ? /^ff/i.test(text) : Number(text.split('.')[0]) >= 224 || text === '255.255.255.255';
}

function registerBlocks(add: Add): void {
  const contains = (block: string, address: string): boolean => cidrContains(block, address);
  const holds = ({ text }: CidrValue, other: string): boolean =>
    prefixLength(other) >= prefixLength(text) && contains(text, other.slice(0, other.indexOf('/')));
  add('isCIDR(string): bool', isCidr);
  add('cidr(string): net.CIDR', (text: string) => new CidrValue(text));
  add('string(net.CIDR): string', ({ text }: CidrValue) => text);
  add('net.CIDR.containsIP(string): bool', ({ text }: CidrValue, address: string) => contains(text, new IpValue(address).text));
  add('net.CIDR.containsIP(net.IP): bool', ({ text }: CidrValue, address: IpValue) => contains(text, address.text));
  add('net.CIDR.containsCIDR(string): bool', (block: CidrValue, other: string) => holds(block, new CidrValue(other).text));
  add('net.CIDR.containsCIDR(net.CIDR): bool', (block: CidrValue, other: CidrValue) => holds(block, other.text));
  add('net.CIDR.ip(): net.IP', ({ text }: CidrValue) => new IpValue(text.slice(0, text.indexOf('/'))));
  add('net.CIDR.prefixLength(): int', ({ text }: CidrValue) => BigInt(prefixLength(text)));
}

function registerUrls(add: Add): void {
  add('isURL(string): bool', (text: string) => urlParts(text) !== undefined);
  add('url(string): kubernetes.URL', (text: string) => new UrlValue(text));
  const part = (name: string, index: number): void => add(`kubernetes.URL.${name}(): string`, ({ parts }: UrlValue) => parts[index] ?? '');
  part('getScheme', 1);
  part('getHost', 2);
  part('getEscapedPath', 3);
  add('kubernetes.URL.getHostname(): string', ({ parts }: UrlValue) => (parts[2] ?? '').replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1'));
  add('kubernetes.URL.getPort(): string', ({ parts }: UrlValue) => /:(\d*)$/.exec(parts[2] ?? '')?.[1] ?? '');
  add('kubernetes.URL.getQuery(): map<string, list<string>>', ({ parts }: UrlValue) => queryOf(parts[4] ?? ''));
}

/** The whole, scheme, host with port, path and query; undefined for what is no absolute URL or path. upstream: Go url.ParseRequestURI */
function urlParts(text: string): readonly string[] | undefined {
  if (/[\s\p{Cc}]/u.test(text)) return undefined;
  const match = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/(?:[^/?#@]*@)?([^/?#]*))?(\/[^?]*)?(?:\?(.*))?$/.exec(text);
  if (match === null || text === '') return undefined;
  const [, scheme = '', host = '', path = '', query = ''] = match;
  return scheme === '' && !path.startsWith('/') ? undefined : [text, scheme.toLowerCase(), host, path, query];
}

function queryOf(query: string): Map<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const [name = '', value = ''] = pair.split('=').map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
    found.set(name, [...(found.get(name) ?? []), value]);
  }
  return found;
}
